"""A court's own open days, counted backwards from a hearing, and its holidays as known."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.models import CourtHoliday
from rules.calendar import is_open


def closed_days(session: Session, court_id: int, known_at: datetime) -> frozenset[date]:
    """The court's own holidays, as known; Saturdays and Sundays are closed anyway."""
    told = select(CourtHoliday.closed_on).where(
        CourtHoliday.court_id == court_id, CourtHoliday.recorded_at <= known_at
    )
    return frozenset(session.scalars(told))


def court_day_before(day: date, count: int, closed: frozenset[date]) -> date:
    """The n-th open day before ``day``; ``day`` itself is day 0, open or not."""
    while count:
        day -= timedelta(days=1)
        count -= is_open(day, closed)
    return day
