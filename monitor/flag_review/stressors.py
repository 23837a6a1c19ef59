"""What came together of late: before a step of class D or E somebody is asked who needs to know first (exception 10).

Of the record alone: an order served, a hearing held. A separation, a custody filing or a lost job is never kept here,
so the page asks about them in words. It changes no class, is no element of anything, and is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.current import current
from monitor.models import Hearing, Service
from monitor.wording import short_day

CLASSES: Final = ("D", "E")
OF_LATE: Final = timedelta(days=30)
OFF: Final = ("OFF_CALENDAR", "CONTINUED")  # nothing was heard


def of_late(
    session: ScopedSession, case_id: int, zone: str, response_class: str | None, now: datetime
) -> tuple[str, ...]:
    """In lines, the newest of each; empty for any other class."""
    return tuple(_lines(session, case_id, zone, now)) if response_class in CLASSES else ()


def _lines(session: ScopedSession, case_id: int, zone: str, now: datetime) -> Iterator[str]:
    served = select(Service.occurred_at).where(Service.case_id == case_id, current(Service))
    heard = select(Hearing.starts_at).where(Hearing.case_id == case_id, Hearing.outcome.not_in(OFF))
    for day, asked, words in (
        (Service.occurred_at, served, "an order was served"), (Hearing.starts_at, heard, "a hearing was held"),
    ):  # fmt: skip
        at = session.scalar(asked.where(day > now - OF_LATE, day <= now).order_by(day.desc()).limit(1))
        if at is not None:
            yield f"{words} on {short_day(local_day(at, zone))}"
