"""The one clock. Only doors read it: web handlers, the job runner, the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def local_day(instant: datetime, zone: str) -> date:
    """The court's own date at ``instant``; ``zone`` is an IANA name."""
    return instant.astimezone(ZoneInfo(zone)).date()


def utc_of(at: datetime) -> datetime:
    """``at`` in UTC. On the last day of the calendar (typed for "never"), or its first, that may lie beyond it: then it
    is the edge, so that whoever checks what was typed finds it far ahead, or long ago, like any other."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC) if at.year == 1 else datetime.max.replace(tzinfo=UTC)


def end_of_day(day: date, zone: str) -> datetime:
    """The last instant of a local day, in UTC."""
    following = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))
    return following.astimezone(UTC) - timedelta(microseconds=1)
