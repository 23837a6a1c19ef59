"""By when an office's report should be with the court, by class of response: the local matrix, and nothing else.

The days of the version in force on each flag's own day ("report to the court, if going"). With none adopted by then
there is no clock: the sample is nobody's promise. The clock is the office's: what is late is its lapse.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.page import Clock
from monitor.clock import local_day
from monitor.flag_review.class_set import class_of
from monitor.models import Flag, Hearing, Review
from monitor.response_matrix.applying import closed_days, last_day
from monitor.response_matrix.versions import in_force

REVIEWS: Final = ("COMPLIANCE_REVIEW", "SHOW_CAUSE", "VIOLATION")  # hearings about how the order is kept
OFF: Final = ("OFF_CALENDAR", "CONTINUED")  # dates on which nothing was heard


def due_on(clock: str, known_on: date, review_on: date | None, shut: Collection[date]) -> date | None:
    """The last day of a clock as the matrix writes it; None: such a question is not reported."""
    latest = last_day(clock, known_on, shut)
    if latest and clock.startswith("next review") and review_on and review_on >= known_on:
        return min(review_on, latest)
    return latest


def clocks(
    session: ScopedSession, case_id: int, flags: Iterable[int], zone: str, until: datetime
) -> tuple[Clock, ...]:
    """The tightest clock of each class among the flags, as it stands, or stood when the report was approved."""
    columns = Flag.id, Flag.response_class, Flag.first_on, Flag.opened_at
    found = select(*columns).where(Flag.id.in_(flags), Flag.response_class.is_not(None))
    rows = session.execute(found).all()
    given = _given(session, [row.id for row in rows])
    shut = closed_days(session, case_id) if rows else set()
    days = {day: in_force(session, day) for day in {row.first_on for row in rows}}
    told: dict[str, date] = {}
    for row in rows:
        if not days[row.first_on].adopted:
            continue
        review_on = _next_review(session, case_id, row.opened_at, zone)
        of_class = class_of(given.get(row.id), row.response_class)
        if of_class is None:
            continue
        clock = days[row.first_on].content.classes[of_class].clocks["report"]
        if day := due_on(clock, local_day(row.opened_at, zone), review_on, shut):
            told[of_class] = min(day, told.get(of_class, day))
    return tuple(Clock(name, day, (local_day(until, zone) - day).days) for name, day in sorted(told.items()))


def _given(session: ScopedSession, flags: Collection[int]) -> dict[int, Any]:
    """What the reviews that stand kept of flags, with the class that each set."""
    stands = Review.flag_id.in_(flags), Review.undone_at.is_(None)
    told = select(Review.flag_id, Review.content).where(*stands).order_by(Review.decided_at, Review.id)
    return {row.flag_id: row.content for row in session.execute(told)}


def without_matrix(session: ScopedSession, flags: Iterable[int]) -> bool:
    """Whether no matrix was adopted by the day of one of these that has a class: it has no clock."""
    days = select(Flag.first_on).where(Flag.id.in_(flags), Flag.response_class.is_not(None)).distinct()
    return any(not in_force(session, day).adopted for day in session.scalars(days).all())


def _next_review(session: ScopedSession, case_id: int, since: datetime, zone: str) -> date | None:
    ahead = select(func.min(Hearing.starts_at)).where(Hearing.case_id == case_id, Hearing.starts_at >= since)
    at = session.scalar(ahead.where(Hearing.kind.in_(REVIEWS), func.coalesce(Hearing.outcome, "").not_in(OFF)))
    return local_day(at, zone) if at else None
