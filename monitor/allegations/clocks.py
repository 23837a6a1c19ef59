"""By when an office's report should be with the court, by class of response: the sample matrix, to be adopted locally.

Days of the local response matrix (shared text, "report to court, if going"): B with the next review or within 30 days,
C five days, D one business day, E the same day; A never goes. The clock is the office's: what is late is its lapse.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from monitor.access.scope import ScopedSession
from monitor.allegations.page import Clock
from monitor.clock import local_day
from monitor.models import Case, CourtHoliday, Flag, Hearing

NEXT_REVIEW_WITHIN: Final = 30
REVIEWS: Final = ("COMPLIANCE_REVIEW", "SHOW_CAUSE", "VIOLATION")  # hearings about how the order is kept
OFF: Final = ("OFF_CALENDAR", "CONTINUED")  # dates on which nothing was heard
CALENDAR_DAYS: Final = {"C": 5, "E": 0}
BUSINESS_DAYS: Final = {"D": 1}


def due_on(response_class: str, known_on: date, review_on: date | None, shut: Collection[date]) -> date | None:
    """The last day of the clock; None: such a class is not reported."""
    if response_class == "B":
        latest = known_on + timedelta(days=NEXT_REVIEW_WITHIN)
        return min(review_on, latest) if review_on and review_on >= known_on else latest
    if response_class in BUSINESS_DAYS:
        return _business(known_on, BUSINESS_DAYS[response_class], shut)
    if response_class in CALENDAR_DAYS:
        return known_on + timedelta(days=CALENDAR_DAYS[response_class])
    return None


def _business(day: date, left: int, shut: Collection[date]) -> date:
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in shut
    return day


def clocks(
    session: ScopedSession, case_id: int, flags: Iterable[int], zone: str, until: datetime
) -> tuple[Clock, ...]:
    """The tightest clock of each class among the flags, as it stands, or stood when the report was approved."""
    found = select(Flag.response_class, func.min(Flag.opened_at)).where(Flag.id.in_(flags))
    rows = session.execute(found.group_by(Flag.response_class).order_by(Flag.response_class)).all()
    shut = _closed_days(session, case_id)
    told = []
    for response_class, opened_at in rows:
        known_on = local_day(opened_at, zone)
        review_on = _next_review(session, case_id, opened_at, zone)
        if response_class and (day := due_on(response_class, known_on, review_on, shut)):
            told.append(Clock(response_class, day, (local_day(until, zone) - day).days))
    return tuple(told)


def _closed_days(session: ScopedSession, case_id: int) -> set[date]:
    closed = select(CourtHoliday.closed_on).join(Case, Case.court_id == CourtHoliday.court_id)
    return set(session.scalars(closed.where(Case.id == case_id)))


def _next_review(session: ScopedSession, case_id: int, since: datetime, zone: str) -> date | None:
    ahead = select(func.min(Hearing.starts_at)).where(Hearing.case_id == case_id, Hearing.starts_at >= since)
    at = session.scalar(ahead.where(Hearing.kind.in_(REVIEWS), func.coalesce(Hearing.outcome, "").not_in(OFF)))
    return local_day(at, zone) if at else None
