"""The filters with which pages say days, times and counts; how they read is `monitor.wording`'s."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.clock import local_day
from monitor.wording import count, long_day, moment, short_day, time_of_day


def instant(at: datetime) -> str:
    """2026-03-03T17:00:00Z, as an address carries it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


FILTERS = {
    "long_day": long_day, "short_day": short_day, "time_of_day": time_of_day, "moment": moment, "count": count,
    "local_day": local_day, "instant": instant,
}  # fmt: skip
