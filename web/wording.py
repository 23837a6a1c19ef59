"""The filters with which pages say days, times and counts; how they read is `monitor.wording`'s."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.clock import local_day
from monitor.wording import count, day_in, long_day, moment, moment_in, short_day, time_of_day


def instant(at: datetime) -> str:
    """2026-03-03T17:00:00Z, as an address carries it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def first_up(text: str) -> str:
    """Attended: the first letter as at the beginning of a sentence, the rest as it is."""
    return text[:1].upper() + text[1:]


FILTERS = {
    "long_day": long_day, "short_day": short_day, "time_of_day": time_of_day, "moment": moment, "count": count,
    "local_day": local_day, "instant": instant, "day_in": day_in, "moment_in": moment_in, "first_up": first_up,
}  # fmt: skip
