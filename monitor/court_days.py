"""A court's own open days, counted backwards from a hearing, and its holidays as known."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from monitor.models import CourtHoliday
from monitor.models.base import UtcInstant
from rules.calendar import is_open


def closed_days(session: Session, court_id: int, known_at: datetime) -> frozenset[date]:
    """The court's own holidays, as known; Saturdays and Sundays are closed anyway."""
    return frozenset(session.scalars(_closed(), {"court": court_id, "known_at": known_at}))


@cache
def _closed() -> Any:
    known = CourtHoliday.recorded_at <= bindparam("known_at", type_=UtcInstant())
    return select(CourtHoliday.closed_on).where(CourtHoliday.court_id == bindparam("court"), known)


def court_day_before(day: date, count: int, closed: frozenset[date]) -> date:
    """The n-th open day before ``day``; ``day`` itself is day 0, open or not."""
    while count:
        day -= timedelta(days=1)
        count -= is_open(day, closed)
    return day
