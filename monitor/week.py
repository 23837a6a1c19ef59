"""This week: the program's first page. What is recorded, what is missing, and before which court date it is due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from monitor.clock import local_day
from monitor.current import current
from monitor.enrollment.moves import OPEN, State
from monitor.enrollment.page import PlaceLine
from monitor.enrollment.reading import places_page
from monitor.grid.classes import classes_between
from monitor.grid.page import ClassLine
from monitor.models import Attendance, Case, Enrollment, Upload, UploadRow
from monitor.months.page import MonthLine
from monitor.releases import AHEAD, releases_of
from monitor.wording import short_day

LOOK_BACK: Final = timedelta(days=14)
COURT_WITHIN: Final = timedelta(days=14)

PROBLEMS_FOR: Final = timedelta(days=14)
TOLD_FOR = timedelta(days=30)  # how long a closed case is told of


class CourtLine(msgspec.Struct, frozen=True):
    """Somebody who is in court soon, and what the court would not find: class days of theirs that nobody recorded,
    months whose report is due by then and not signed, and that they are in no group yet (``stands``: where they wait).
    """

    place_id: int
    name: str
    court_on: date
    missing: tuple[date, ...]
    stands: str = ""
    reports: tuple[str, ...] = ()

    @property
    def lacks(self) -> tuple[str, ...]:
        """Each of them, in words."""
        waits = (f"not in a group yet ({self.stands.lower()})",) if self.stands else ()
        return (*waits, *map(short_day, self.missing), *(f"{month} report" for month in self.reports))


class Mismatch(msgspec.Struct, frozen=True):
    """Somebody who is still on the program's list although the court closed the case, told for some weeks."""

    place_id: int
    name: str
    closed_on: date


class ReleaseLine(msgspec.Struct, frozen=True):
    """A release that has ended, or will within three weeks."""

    place_id: int
    name: str
    ends_on: date


class ProblemLine(msgspec.Struct, frozen=True):
    """A saved file of the last two weeks, and how many of its rows are on record in no way."""

    upload_id: int
    saved_on: date
    rows: int


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """One week, Monday to Sunday. ``earlier``: classes of the two weeks before it that are not complete."""

    first: date
    last: date
    today: date
    classes: tuple[ClassLine, ...]
    ahead: tuple[ClassLine, ...]
    earlier: tuple[ClassLine, ...]
    court: tuple[CourtLine, ...]
    referrals: tuple[PlaceLine, ...]
    mismatches: tuple[Mismatch, ...]
    releases: tuple[ReleaseLine, ...]
    sheets: int
    problems: tuple[ProblemLine, ...]
    first_use: bool

    @property
    def missing(self) -> int:
        """How many classes so far are not complete."""
        return sum(not one.complete for one in (*self.classes, *self.earlier))


def week_page(
    session: Session, agency_id: int, today: date, zone: str, months: Sequence[MonthLine] = ()
) -> Week:
    """The agency's week around ``today``, a day of ``zone``. ``months``: those that are over, with open reports."""
    first = today - timedelta(days=today.weekday())
    last = first + timedelta(days=6)
    lines = [one for one in classes_between(session, agency_id, first - LOOK_BACK, last) if one.people]
    places = places_page(session, today)
    here = (*places.referrals, *places.waiting, *places.enrolled)
    return Week(
        first=first, last=last, today=today,
        classes=tuple(one for one in lines if first <= one.on <= today),
        ahead=tuple(one for one in lines if one.on > today),
        earlier=tuple(one for one in lines if one.on < first and not one.complete),
        court=tuple(_court(here, lines, today, months)), referrals=places.referrals,
        mismatches=_mismatches(session, here, today),
        releases=_releases(session, here, today),
        sheets=session.scalar(select(func.count(Upload.id)).where(Upload.state.in_(("NEEDS_ANSWERS", "READY")))) or 0,
        problems=_problems(session, today, zone),
        first_use=not here and session.scalar(select(Upload.id).limit(1)) is None,
    )  # fmt: skip


def _court(
    places: Iterable[PlaceLine], lines: Iterable[ClassLine], today: date, months: Sequence[MonthLine]
) -> list[CourtLine]:
    """Those whose case is heard within two weeks; the missing days are those of classes until today."""
    soon = [one for one in places if one.court_on and one.court_on <= today + COURT_WITHIN]
    past = [one for one in lines if one.on <= today]
    found = [
        CourtLine(
            place.id, place.name, place.court_on,
            tuple(one.on for one in past if any(who.key == place.id for who in one.missing)),
            "" if place.state is State.ENROLLED else place.title,
            tuple(month.title for month in months for who, by in month.places
                  if who == place.id and by <= place.court_on and not month.certified),
        )
        for place in soon if place.court_on is not None
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.court_on, one.name))


def _releases(session: Session, places: Iterable[PlaceLine], today: date) -> tuple[ReleaseLine, ...]:
    names = {one.id: one.name for one in places}
    found = [
        ReleaseLine(place, names[place], one.ends_on)
        for place, one in releases_of(session, names).items()
        if one.ends_on is not None and one.ends_on <= today + AHEAD
    ]
    return tuple(sorted(found, key=lambda one: (one.ends_on, one.name)))


def _mismatches(session: Session, places: Iterable[PlaceLine], today: date) -> tuple[Mismatch, ...]:
    ids = {one.id: one.name for one in places if one.state in OPEN}
    rows: Iterable[Any] = session.execute(
        select(Enrollment.id, Case.closed_on).join(Case, Case.id == Enrollment.case_id)
        .where(Enrollment.id.in_(list(ids)), Case.closed_on > today - TOLD_FOR).order_by(Case.closed_on)
    )  # fmt: skip
    return tuple(Mismatch(row.id, ids[row.id], row.closed_on) for row in rows)


def _problems(session: Session, today: date, zone: str) -> tuple[ProblemLine, ...]:
    """Rows that still wait. One whose person and day are on record since, from whatever source, waits no longer."""
    since = datetime.combine(today - PROBLEMS_FOR, time(), ZoneInfo(zone))
    there = exists().where(and_(
        Attendance.enrollment_id == UploadRow.enrollment_id, Attendance.occurred_on == UploadRow.occurred_on,
        current(Attendance),
    ))  # fmt: skip
    rows = session.execute(
        select(UploadRow.upload_id, UploadRow.sheet, UploadRow.row, Upload.saved_at)
        .join(Upload, Upload.id == UploadRow.upload_id)
        .where(Upload.state == "SAVED", Upload.saved_at >= since, UploadRow.outcome.in_(("error", "held")), ~there)
        .distinct()
    ).all()  # fmt: skip
    found = Counter((row.saved_at, row.upload_id) for row in rows)
    return tuple(ProblemLine(upload, local_day(at, zone), number) for (at, upload), number in sorted(found.items()))
