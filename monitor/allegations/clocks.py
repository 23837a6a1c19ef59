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
from monitor.response_matrix.applying import closed_days
from monitor.response_matrix.clocks import LastDay, Stop, last_day_of
from monitor.response_matrix.content import Content
from monitor.response_matrix.stops import stops
from monitor.response_matrix.versions import in_force

REVIEWS: Final = ("COMPLIANCE_REVIEW", "SHOW_CAUSE", "VIOLATION")  # hearings about how the order is kept
OFF: Final = ("OFF_CALENDAR", "CONTINUED")  # dates on which nothing was heard


def last_day(
    content: Content, of_class: str, known_on: date, review_on: date | None, shut: Collection[date],
    still: Collection[Stop],
) -> LastDay | None:  # fmt: skip
    """The last day for the report; None: such a question is not reported. A review on the way is the day."""
    latest = last_day_of(content, of_class, "report", known_on, shut, still)
    with_review = latest and content.classes[of_class].clocks["report"].startswith("next review")
    if latest and with_review and review_on and known_on <= review_on <= (latest.on or review_on):
        return LastDay(review_on, tuple(stop for stop in latest.stops if stop.since < review_on))
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
    still = stops(session, case_id, zone) if rows else ()
    days = {day: in_force(session, day) for day in {row.first_on for row in rows}}
    told: dict[str, LastDay] = {}
    for row in rows:
        if not days[row.first_on].adopted:
            continue
        review_on = _next_review(session, case_id, row.opened_at, zone)
        of_class = class_of(given.get(row.id), row.response_class)
        if of_class is None:
            continue
        content, known_on = days[row.first_on].content, local_day(row.opened_at, zone)
        if last := last_day(content, of_class, known_on, review_on, shut, still):
            told[of_class] = min(last, told.get(of_class, last), key=tightest)
    return tuple(Clock.of(name, last, local_day(until, zone)) for name, last in sorted(told.items()))


def tightest(last: LastDay) -> date:
    """What stands still is after what has a day."""
    return last.on or date.max


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
