"""Kaplan and Meier: how long things take when some are still open (right-censored at the day of the report)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

Waited = tuple[timedelta, bool]  # how long, and whether it was done by then


def curve(waits: Iterable[Waited]) -> list[tuple[timedelta, float]]:
    """The share not yet done after each length at which something was done, in order."""
    done: Counter[timedelta] = Counter()
    gone: Counter[timedelta] = Counter()
    for length, was_done in waits:
        (done if was_done else gone)[length] += 1
    at_risk, share, found = sum(done.values()) + sum(gone.values()), 1.0, []
    for length in sorted({*done, *gone}):
        if done[length]:
            share *= 1 - done[length] / at_risk
            found.append((length, share))
        at_risk -= done[length] + gone[length]  # what was censored at this length was still waiting at it
    return found


def quantile(waits: Iterable[Waited], part: float) -> timedelta | None:
    """After how long ``part`` (0.5: the median) of them were done; None: so many are not done within what was seen."""
    return next((length for length, share in curve(waits) if share <= 1 - part + 1e-12), None)
