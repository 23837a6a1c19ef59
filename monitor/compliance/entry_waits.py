"""Changed terms that wait for the registry, as the rules read them: one stretch a wait, open until it is confirmed.

What else waits for the registry (a first entry, a service to add, an end) is no changed term. A number that the court
took back reopens the wait that it had ended, as if it had never ended, since the day of signing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

# why a number was taken back (`monitor.orders.mending`): what it had ended is asked again
BACK: Final = ("NUMBER_WRONG", "OTHER_ORDER", "NOT_ENTERED")
ENDINGS: Final = ("CLEAR", "CANCEL")


class Wait(msgspec.Struct, frozen=True):
    """One version of a wait. ``id``: the step by which it became known; ``until``: None while it is open."""

    id: int
    since: datetime
    until: datetime | None
    recorded_at: datetime
    supersedes: int | None = None


def waits_of(steps: Sequence[Any]) -> Iterator[Wait]:
    """Every version of every wait of one order, from its steps in the order of their record."""
    last: Wait | None = None
    for step in steps:
        held = last is not None and last.until is None
        if _asks(step) and not held:
            again = last if last is not None and step.how in BACK and last.since == step.occurred_at else None
            if step.how in BACK and again is None:
                continue  # no change waits again: what the number had confirmed was something else
            last = Wait(step.id, step.occurred_at, None, step.recorded_at, again.id if again else None)
            yield last
        elif last is not None and held and _ends(step):
            last = Wait(step.id, last.since, step.occurred_at, step.recorded_at, last.id)
            yield last


def _asks(step: Any) -> bool:
    # a service that was taken back asks for the entry to be changed, and no term of the order changed
    return bool(step.kind == "TO_ENTER" and step.action == "MODIFY" and step.how != "TAKEN_BACK")


def _ends(step: Any) -> bool:
    return bool(step.kind == "ENTERED" or (step.kind == "TO_ENTER" and step.action in ENDINGS))
