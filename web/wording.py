"""The filters with which pages say days, times and counts; how they read is `monitor.wording`'s."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from markupsafe import Markup, escape

from monitor.clock import local_day
from monitor.wording import count, day_in, long_day, moment, moment_in, short_day, time_of_day


def instant(at: datetime) -> str:
    """2026-03-03T17:00:00Z, as an address carries it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def first_up(text: str) -> str:
    """Attended: the first letter as at the beginning of a sentence, the rest as it is."""
    return text[:1].upper() + text[1:]


_CELL = re.compile(r"<(?:(tr)|t[dh])\b([^>]*)>")


def labelled(rows: str, heads: Sequence[str]) -> Markup:
    """The rows of a table, every cell with the head of its column (data-label) unless it bears one: what a phone shows
    where rows stand as blocks. ``rows``: rendered, so what is printed in it is escaped already."""
    column = 0

    def told(found: re.Match[str]) -> str:
        nonlocal column
        if found[1]:
            column = 0
            return found[0]
        at, rest = column, found[2]
        span = re.search(r'colspan="(\d+)"', rest)
        column += int(span[1]) if span else 1
        if span or "data-label=" in rest or at >= len(heads):
            return found[0]
        return f'{found[0][:-1]} data-label="{escape(heads[at])}">'

    return Markup(_CELL.sub(told, rows))


FILTERS = {
    "long_day": long_day, "short_day": short_day, "time_of_day": time_of_day, "moment": moment, "count": count,
    "local_day": local_day, "instant": instant, "day_in": day_in, "moment_in": moment_in, "first_up": first_up,
    "labelled": labelled,
}  # fmt: skip
