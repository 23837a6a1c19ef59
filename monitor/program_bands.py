"""How somebody stands with a program, as a band and no day of it: one piece for all who may know no more (matrix, 5).

Who may be told, of which place, is asked by whoever shows it (safeguard C8).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.current import current
from monitor.models import Adjudication, Attendance, Enrollment, EnrollmentEvent

LATELY: Final = timedelta(days=30)
NOT_SHOWN: Final = "Not shown"
ATTENDING, MISSED, NOT_ENROLLED = "Attending", "Has missed", "Not enrolled"
DISCHARGED, NO_REPORT = "Discharged", "No recent report"
CAME: Final = ("PRESENT", "PRESENT_LATE", "LEFT_EARLY")
NO_MISS: Final = ("EXCUSED", "NOT_COUNTED", "RESCHEDULED")
LEFT: Final = ("DISCHARGED", "EXITED")


class Place(msgspec.Struct):
    """The newest place of a case, as its events tell it."""

    id: int
    enrolled: bool = False
    left_on: date | None = None

    def take(self, event: str, on: date) -> None:
        """One more event, in order."""
        if event in LEFT:
            self.left_on = on
        elif event == "ENROLLED":
            self.enrolled, self.left_on = True, None


def newest_places(session: ScopedSession, among: Collection[int] | None = None) -> dict[int, Place]:
    """By case, its newest place; ``among``: of these places alone."""
    newest = select(Enrollment.case_id, Enrollment.id).order_by(Enrollment.recorded_at, Enrollment.id)
    place_of = {case: place for case, place in session.execute(_of(newest, Enrollment.id, among))}
    places = {place: Place(place) for place in place_of.values()}
    events = select(EnrollmentEvent.enrollment_id, EnrollmentEvent.event, EnrollmentEvent.occurred_on).where(
        current(EnrollmentEvent)
    ).order_by(EnrollmentEvent.occurred_on, EnrollmentEvent.recorded_at)  # fmt: skip
    for place, event, on in session.execute(_of(events, EnrollmentEvent.enrollment_id, among)):
        if place in places:
            places[place].take(event, on)
    return {case: places[place] for case, place in place_of.items()}


def bands(session: ScopedSession, today: date, among: Collection[int]) -> dict[int, str]:
    """By case, of the newest of the places that may be told of."""
    return bands_of(session, newest_places(session, among), today, among) if among else {}


def bands_of(
    session: ScopedSession, places: dict[int, Place], today: date, among: Collection[int] | None = None
) -> dict[int, str]:
    """The band of each place, by case. Two statements at any size."""
    missed, came = (_lately(session, today, among, missed=one) for one in (True, False))
    return {case: _band(place, missed, came) for case, place in places.items()}


def _lately(
    session: ScopedSession, today: date, among: Collection[int] | None, *, missed: bool
) -> Collection[int]:
    """Places with a class of the last thirty days that was missed, and nobody has excused; or one that was attended."""
    asked: Any = select(Attendance.enrollment_id).distinct().where(
        Attendance.occurred_on > today - LATELY, current(Attendance),
        Attendance.outcome.in_(("ABSENT",) if missed else CAME),
    )  # fmt: skip
    if missed:
        excused = select(Adjudication.attendance_id).where(current(Adjudication), Adjudication.decision.in_(NO_MISS))
        asked = asked.where(Attendance.id.not_in(excused))
    return frozenset(session.scalars(_of(asked, Attendance.enrollment_id, among)))


def _of(statement: Any, column: Any, among: Collection[int] | None) -> Any:
    return statement if among is None else statement.where(column.in_(sorted(among)))


def _band(place: Place, missed: Collection[int], came: Collection[int]) -> str:
    if place.left_on is not None:
        return DISCHARGED
    if not place.enrolled:
        return NOT_ENROLLED
    return MISSED if place.id in missed else ATTENDING if place.id in came else NO_REPORT
