"""The one clock. Only doors read it: web handlers, the job runner, the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def local_day(instant: datetime, zone: str) -> date:
    """The court's own date at ``instant``; ``zone`` is an IANA name."""
    return instant.astimezone(ZoneInfo(zone)).date()
