"""A date before the court that comes of no other hearing: a report to answer, a review that nobody set, one to move.

A date is moved by taking it off the calendar and setting another: both stay in the record, and packets are frozen for
the new day. For ten minutes nobody is told that one was taken off, and it can be put back as it was;
after that another is set, so that whoever was told of the one hears of the other.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.amending import amend
from monitor.bench_page.words import HEARINGS, moment_words
from monitor.clock import local_day
from monitor.courts import judges_of
from monitor.models import Case, Court, Dirty, Hearing, Person
from monitor.models.base import is_id, random_id
from monitor.new_cases.page import KINDS
from monitor.one_at_a_time import read_alone
from monitor.person_page.heading import listed_name
from monitor.results.dates import LONGEST, closed_then, conflicts, next_review
from monitor.results.recording import UNDO
from monitor.results.telling import tell, untell

SET: Final = KINDS | {"SHOW_CAUSE": HEARINGS["SHOW_CAUSE"]}
REVIEW: Final = "COMPLIANCE_REVIEW"
ROOM: Final = 20
OFF: Final = "OFF_CALENDAR"
TOO_LATE: Final = (
    "It cannot be put back: 10 minutes have passed, it is on the calendar already, or its hour is past. "
    "Set another below."
)


class Coming(msgspec.Struct, frozen=True):
    """A date that stands."""

    id: int
    words: str
    kind: str
    room: str
    judge: str


class DatesPage(msgspec.Struct, frozen=True, kw_only=True):
    """The coming dates of one case, and what another may be made of."""

    hearing_id: int
    case_id: int
    court_id: int
    agency_id: int
    court: str
    zone: str
    number: str
    respondent: str
    closed: bool
    judge: int | None
    room: str
    judges: tuple[tuple[int, str], ...]
    coming: tuple[Coming, ...]


class NewDate(msgspec.Struct, frozen=True, kw_only=True):
    """As typed. ``anyway``: set although somebody is elsewhere then."""

    kind: str = ""
    on: date | None = None
    at: time | None = None
    room: str = ""
    judge: int = 0
    anyway: bool = False


def dates_page(session: ScopedSession, hearing_id: int, now: datetime) -> DatesPage | None:
    """None: there is no such hearing for this agency."""
    if not is_id(hearing_id):
        return None
    row = session.execute(
        select(Hearing.case_id, Hearing.court_id, Hearing.agency_id, Hearing.room, Case.number, Case.judge_id,
               Case.closed_on, Court.name, Court.zone, Person.family_name, Person.given_name, Person.middle_name,
               Person.suffix)
        .join(Case, Case.id == Hearing.case_id).join(Court, Court.id == Hearing.court_id)
        .join(Person, Person.id == Case.person_id)
        .where(Hearing.id == hearing_id, Hearing.agency_id == session.scope.agency_id)
    ).first()  # fmt: skip
    if row is None:
        return None
    names = dict(judges_of(session, row.court_id))
    ahead = session.scalars(
        select(Hearing).where(Hearing.case_id == row.case_id, Hearing.starts_at > now, Hearing.outcome.is_(None))
        .order_by(Hearing.starts_at, Hearing.id)
    ).all()  # fmt: skip
    return DatesPage(
        hearing_id=hearing_id, case_id=row.case_id, court_id=row.court_id, agency_id=row.agency_id, court=row.name,
        zone=row.zone, number=row.number, respondent=listed_name(row), closed=row.closed_on is not None,
        judge=row.judge_id, room=row.room, judges=tuple(names.items()),
        coming=tuple(
            Coming(one.id, moment_words(one.starts_at, row.zone), SET.get(one.kind, "Hearing"), one.room,
                   names.get(one.judge_id or 0, ""))
            for one in ahead
        ),
    )  # fmt: skip


def faults_of(session: ScopedSession, page: DatesPage, new: NewDate, now: datetime) -> dict[str, str]:
    """What is missing or cannot be, by field."""
    faults = {} if new.kind in SET else {"kind": "Choose what the hearing is about."}
    if new.judge and new.judge not in dict(page.judges):
        faults["judge"] = "Choose a judge of this court, or leave it open."
    if not 0 < len(new.room.strip()) <= ROOM:
        faults["room"] = f"Say in which room, in {ROOM} characters."
    if new.at is None:
        faults["at"] = "Give the hour, like 8:30 AM."
    if fault := _of_day(session, page, new.on, now):
        faults["on"] = fault
    if not faults and not new.anyway and (said := conflicts(session, _row(page, new, 0, now), _at(page, new))):
        faults["anyway"] = " ".join(said) + " Choose another hour, or set it all the same."
    return faults


def _of_day(session: ScopedSession, page: DatesPage, day: date | None, now: datetime) -> str:
    today = local_day(now, page.zone)
    if day is None:
        return "Give the day of the hearing."
    if day < today or day > today + LONGEST:
        return "A hearing is set from today on, and no more than a year ahead."
    return closed_then(session, page.court_id, day, now)


def _at(page: DatesPage, new: NewDate) -> datetime:
    assert new.on is not None and new.at is not None
    return datetime.combine(new.on, new.at, ZoneInfo(page.zone))


def _row(page: DatesPage, new: NewDate, number: int, now: datetime, review: int | None = None) -> Hearing:
    return Hearing(
        id=number, case_id=page.case_id, agency_id=page.agency_id, court_id=page.court_id, judge_id=new.judge or None,
        kind=new.kind, starts_at=_at(page, new), room=new.room.strip(), review_no=review, outcome=None,
        resulted_at=None, recorded_at=now,
    )  # fmt: skip


def set_date(session: ScopedSession, page: DatesPage, new: NewDate, now: datetime) -> int:
    """Put it on the calendar; its id. Who shares the case is told once it cannot be undone any more."""
    number = random_id()
    review = next_review(session, page.case_id) if new.kind == REVIEW else None
    session.add_all([_row(page, new, number, now, review), Dirty(case_id=page.case_id)])
    session.flush()
    tell(session, page.case_id, f"hearing:{number}:set", now + UNDO)
    return number


def take_off(session: ScopedSession, page: DatesPage, number: int, now: datetime) -> bool | None:
    """Take a coming date off the calendar; whether a letter goes out about it. None: it is none of this case's that
    stands."""
    row = _alone(session, page, number, now)
    if row is None or row.outcome is not None:
        return None
    amend(session, row, now, outcome=OFF, resulted_at=now)
    session.add(Dirty(case_id=page.case_id))
    if now < row.recorded_at + UNDO:
        untell(session, f"hearing:{number}:set")  # nobody heard of it, so there is nothing to say
        return False
    tell(session, page.case_id, f"hearing:{number}:off", now + UNDO)
    return True


def put_back(session: ScopedSession, page: DatesPage, number: int, now: datetime) -> str:
    """Put a date back that was taken off just now; why it cannot be, or ""."""
    row = _alone(session, page, number, now)
    if row is None or row.outcome != OFF or row.resulted_at is None or now >= row.resulted_at + UNDO:
        return TOO_LATE
    if said := conflicts(session, row, row.starts_at):
        return " ".join(said) + " Set it anew below, if it is to be."
    heard_of = row.recorded_at + UNDO
    untold = row.resulted_at < heard_of  # taking it off took the letters back, however long ago it was set
    amend(session, row, now, outcome=None, resulted_at=None, review_no=_review_of(session, page, row))
    session.add(Dirty(case_id=page.case_id))
    untell(session, f"hearing:{number}:off")
    if untold:
        tell(session, page.case_id, f"hearing:{number}:set", max(now, heard_of))
    return ""


def _alone(session: ScopedSession, page: DatesPage, number: int, now: datetime) -> Hearing | None:
    """A date of this case that is ahead, once nobody else is at it."""
    ahead = Hearing.id == number, Hearing.case_id == page.case_id, Hearing.starts_at > now
    return read_alone(session, number, select(Hearing).where(*ahead, Hearing.agency_id == page.agency_id))


def _review_of(session: ScopedSession, page: DatesPage, row: Hearing) -> int | None:
    """Its number, or the next one where another review has got it since."""
    if row.review_no is None:
        return None
    taken = Hearing.case_id == page.case_id, Hearing.review_no == row.review_no, Hearing.id != row.id
    standing = select(Hearing.id).where(*taken, Hearing.outcome.is_distinct_from(OFF))
    return row.review_no if session.scalar(standing) is None else next_review(session, page.case_id)
