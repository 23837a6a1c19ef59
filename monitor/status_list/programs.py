"""What the list says of somebody's program: a band, and only under a release that lets advocates be told (C8)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import select

from monitor.access.scope import ScopedSession
from monitor.current import current
from monitor.models import Adjudication, Attendance, Enrollment, EnrollmentEvent, Release
from monitor.releases import open_to

SCOPE: Final = "advocate_list"
LATELY: Final = timedelta(days=30)
# the same for no program, no release, one that ended and one that leaves advocates out: it tells none from the other
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


def programs_of(
    session: ScopedSession, today: date, word: str = SCOPE, *, unreleased: bool = False
) -> dict[int, str]:
    """The band by case, where one may be told. Five queries at any size.

    ``word``: of `monitor.models.release.SCOPES`, to whom. ``unreleased``: also of places that have no release on
    record at all, which probation, the court and the prosecution read as before.
    """
    newest = select(Enrollment.case_id, Enrollment.id).order_by(Enrollment.recorded_at, Enrollment.id)
    place_of = {case: place for case, place in session.execute(newest)}
    places = {place: Place(place) for place in place_of.values()}
    events = select(EnrollmentEvent.enrollment_id, EnrollmentEvent.event, EnrollmentEvent.occurred_on).where(
        current(EnrollmentEvent)
    ).order_by(EnrollmentEvent.occurred_on, EnrollmentEvent.recorded_at)  # fmt: skip
    for place, event, on in session.execute(events):
        if place in places:
            places[place].take(event, on)
    told = open_to(session, word, {one.id: one.left_on for one in places.values() if one.left_on}, today)
    if unreleased:
        told |= places.keys() - set(session.scalars(select(Release.enrollment_id).where(current(Release))))
    missed, came = _lately(session, today, missed=True), _lately(session, today, missed=False)
    return {case: _band(places[place], missed, came) for case, place in place_of.items() if place in told}


def _lately(session: ScopedSession, today: date, *, missed: bool) -> Collection[int]:
    """Places with a class of the last thirty days that was missed, and nobody has excused; or one that was attended."""
    asked: Any = select(Attendance.enrollment_id).distinct().where(
        Attendance.occurred_on > today - LATELY, current(Attendance),
        Attendance.outcome.in_(("ABSENT",) if missed else CAME),
    )  # fmt: skip
    if missed:
        excused = select(Adjudication.attendance_id).where(current(Adjudication), Adjudication.decision.in_(NO_MISS))
        asked = asked.where(Attendance.id.not_in(excused))
    return frozenset(session.scalars(asked))


def _band(place: Place, missed: Collection[int], came: Collection[int]) -> str:
    if place.left_on is not None:
        return DISCHARGED
    if not place.enrolled:
        return NOT_ENROLLED
    return MISSED if place.id in missed else ATTENDING if place.id in came else NO_REPORT
