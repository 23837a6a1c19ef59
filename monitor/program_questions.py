"""An officer asks a program about one class of one person; the program answers; the answer lies on Today.

Codes only: nobody's words, and nothing of why it is asked (safeguards A13, B3, B9). Each question is about what the
program itself records or owes, so that it tells the program nothing that it does not have. An answer finds nothing and
no rule reads it; what the record must say, the program enters as always, and an answer that the record contradicts is
not taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import Select, bindparam, select

from monitor.access.in_office import in_office
from monitor.access.reach import walled_from
from monitor.access.roles import Role
from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.concerns import whom_to_tell
from monitor.current import current
from monitor.db import looking_wide, writing_for_others
from monitor.enrollment.taken_back import taken_back
from monitor.group_days import group_days, turn_on
from monitor.models import (
    Agency,
    Attendance,
    Case,
    Court,
    Enrollment,
    Person,
    Program,
    ProgramQuestion,
    User,
    random_id,
)
from monitor.models.base import BigId, UtcInstant
from monitor.one_at_a_time import one_at_a_time, read_alone
from monitor.outbox.notice import notice
from monitor.person_page.heading import listed_name
from monitor.releases import releases_of
from monitor.today.people import asked_by, few, listed

KINDS: Final = {
    "SHEET_MISSING": "The sheet of this class is not here",
    "NOT_RECORDED": "Nothing is recorded for this person on this day",
    "CHECK_ENTRY": "Please check what is recorded for this day",
    "WHY_ABSENT": "Was a reason given for this absence?",
}  # fmt: skip
RECORDED, SOON, NO_CLASS, NOT_EXPECTED = "RECORDED", "SOON", "NO_CLASS", "NOT_EXPECTED"
_LATER: Final = {
    RECORDED: "It is recorded now", SOON: "We will record it within two working days",
    NO_CLASS: "There was no class that day",
}  # fmt: skip
ANSWERS: Final[Mapping[str, Mapping[str, str]]] = {
    "SHEET_MISSING": _LATER,
    "NOT_RECORDED": {**_LATER, NOT_EXPECTED: "The person was not expected that day"},
    "CHECK_ENTRY": {"STANDS": "It stands as it is recorded", "CORRECTED": "It was wrong, and is corrected now"},
    "WHY_ABSENT": {
        "NO_REASON": "None was given", "WITH_ENTRY": "One was given; it stands with the entry",
        "ON_PAPER": "One was given, and we hold a paper on it",
    },
}  # fmt: skip
TAKEN_BACK: Final = "TAKEN_BACK"
OF_NOTHING: Final = frozenset({"SHEET_MISSING", "NOT_RECORDED"})  # asked where nothing is on record
LOOK_BACK: Final = timedelta(days=180)
SILENT_AFTER: Final = timedelta(days=3)
SOON_OVER: Final = timedelta(days=4)  # two working days with a weekend between
WRITES: Final = "a question lies on a program's desk, or its answer on the officer's"
READERS: Final = "who of a program a question goes to"
ENDED: Final = "The participant's release has ended, so nothing can be told. A new one opens it again."


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One question. ``said``: the answer in words, "" while none is given; ``silent``: longer than three days.

    ``path``: the class in the program's grid; ``answers``: what the program can choose.
    """

    id: int
    case_id: int
    place: int
    person: str
    number: str
    zone: str
    program: str
    kind: str
    said: str
    about_on: date
    asked_at: datetime
    asked_by: str
    office: str
    answered_at: datetime | None
    open: bool
    silent: bool
    stopped: bool = False
    path: str = ""
    answers: tuple[tuple[str, str], ...] = ()


class OfCase(msgspec.Struct, frozen=True, kw_only=True):
    """One case as its officer asks about it. ``places``: the person's places in programs, newest first."""

    case_id: int
    person_id: int
    person: str
    number: str
    zone: str
    closed: bool
    places: tuple[tuple[int, str], ...]
    asked: tuple[Line, ...]


class Wanted(msgspec.Struct, frozen=True):
    """What an officer chose. ``about_on``: None where no day, or none that is one, was typed."""

    place: int
    kind: str
    about_on: date | None


def of_case(session: ScopedSession, case_id: int, now: datetime) -> OfCase | None:
    """What this office asked in a case that it shares; None: no such case for it."""
    columns = (
        Case.id, Case.number, Case.closed_on, Court.zone, Person.id.label("person_id"), Person.family_name,
        Person.given_name, Person.middle_name, Person.suffix,
    )  # fmt: skip
    named = select(*columns).join(Person, Person.id == Case.person_id).join(Court, Court.id == Case.court_id)
    head = session.execute(named.where(Case.id == case_id)).one_or_none()
    if head is None:
        return None
    there = session.execute(
        select(Enrollment.id, Program.name).join(Program, Program.id == Enrollment.program_id)
        .where(Enrollment.case_id == case_id, Enrollment.id.not_in(taken_back()))
        .order_by(Enrollment.recorded_at.desc(), Enrollment.id)
    )  # fmt: skip
    mine = ProgramQuestion.case_id == case_id, ProgramQuestion.from_agency_id == session.scope.agency_id
    rows = session.execute(_lines().where(*mine).order_by(ProgramQuestion.asked_at.desc(), ProgramQuestion.id))
    return OfCase(
        case_id=case_id, person_id=head.person_id, person=listed_name(head), number=head.number, zone=head.zone,
        closed=head.closed_on is not None, places=tuple((row.id, row.name) for row in there),
        asked=tuple(_line(row, now) for row in rows),
    )  # fmt: skip


def faults_of(session: ScopedSession, page: OfCase, wanted: Wanted, today: date) -> dict[str, str]:
    """By field, what is missing or cannot be asked."""
    found: dict[str, str] = {}
    day = wanted.about_on
    if wanted.place not in dict(page.places):
        found["place"] = "Choose the program."
    if wanted.kind not in KINDS:
        found["kind"] = "Choose what you ask."
    if day is None:
        found["about_on"] = "Give the day of the class, for instance 11/16/2026."
    elif not today - LOOK_BACK <= day <= today:
        found["about_on"] = "Give a day of the last half year, today at the latest."
    if found or day is None:
        return found
    fault = _fault_of_day(session, wanted, day)
    return {"about_on": fault} if fault else {}


def _fault_of_day(session: ScopedSession, wanted: Wanted, day: date) -> str:
    """Why this cannot be asked of that day; "" where it can."""
    one_at_a_time(session, wanted.place)
    there = _on_record(session, wanted.place, day) is not None
    if there and wanted.kind in OF_NOTHING:
        return "That day is recorded. Look at the attendance on the person's page."
    if not there and wanted.kind not in OF_NOTHING:
        return "Nothing is recorded for that day. Ask for the sheet instead."
    same = ProgramQuestion.kind == wanted.kind, ProgramQuestion.about_on == day, ProgramQuestion.answer.is_(None)
    if session.scalar(select(ProgramQuestion.id).where(ProgramQuestion.enrollment_id == wanted.place, *same).limit(1)):
        return "You have asked that already. It waits for the program."
    return ""


def ask(session: ScopedSession, page: OfCase, wanted: Wanted, now: datetime) -> int:
    """Lay it on the program's desk, with a notice that names nobody. ``faults_of`` was asked before."""
    assert wanted.about_on is not None
    program = session.scalars(select(Enrollment.agency_id).where(Enrollment.id == wanted.place)).one()
    row = ProgramQuestion(
        id=random_id(), case_id=page.case_id, agency_id=program, from_agency_id=session.scope.agency_id,
        enrollment_id=wanted.place, kind=wanted.kind, about_on=wanted.about_on, asked_at=now,
        asked_by_id=session.scope.user_id, answer=None, answered_at=None, answered_by_id=None, read_at=None,
        read_by_id=None,
    )  # fmt: skip
    readers = _readers(session, program, page.case_id, now)
    with writing_for_others(session, WRITES):
        session.add(row)
        session.add_all(notice(f"program_question:{row.id}:{user}", user, now, "digest") for user in readers)
    return row.id


def take_back(session: ScopedSession, question_id: int, now: datetime) -> int | None:
    """The case of a question of this office that was taken back; None: it is answered, or there is none."""
    row = _one(session, question_id, ProgramQuestion.from_agency_id)
    if row is None or row.answer:
        return None
    _close(session, row, TAKEN_BACK, now)
    return row.case_id


def have_read(session: ScopedSession, question_id: int, now: datetime) -> int | None:
    """The case of an answered question of this office that somebody has read now; None: there is none."""
    row = _one(session, question_id, ProgramQuestion.from_agency_id)
    if row is None or row.answer in (None, TAKEN_BACK):
        return None
    if row.read_at is None or _over(row, now):
        with writing_for_others(session, WRITES):
            row.read_at, row.read_by_id = now, session.scope.user_id
    return row.case_id


def case_of(session: ScopedSession, question_id: int, *, asked: bool) -> int | None:
    """The case of a question that this agency asked, or was asked; None: there is none for it."""
    row = _one(session, question_id, ProgramQuestion.from_agency_id if asked else ProgramQuestion.agency_id)
    return row.case_id if row else None


def open_questions(session: ScopedSession, now: datetime, only: int = 0) -> tuple[Line, ...]:
    """What a program was asked and has not answered, oldest first; ``only``: one of them."""
    mine = ProgramQuestion.agency_id == session.scope.agency_id, ProgramQuestion.answer.is_(None)
    wanted = _lines().where(*mine, Case.closed_on.is_(None))
    if only:
        wanted = wanted.where(ProgramQuestion.id == only)
    rows = session.execute(wanted.order_by(ProgramQuestion.asked_at, ProgramQuestion.id)).all()
    released = releases_of(session, {row.place for row in rows}) if rows else {}
    turns = group_days(session, {row.place: row.group_id for row in rows})
    ended = {place for place, one in released.items() if not one.enough or one.ended(local_day(now, rows[0].zone))}
    return tuple(
        msgspec.structs.replace(
            _line(row, now), stopped=row.place in ended, answers=tuple(ANSWERS[row.kind].items()),
            path=f"/attendance/{group}/{row.about_on}"
            if (group := turn_on(turns[row.place], row.about_on).group_id) else "",
        )
        for row in rows
    )  # fmt: skip


def fault_of(session: ScopedSession, line: Line, said: str) -> str:
    """Why an answer cannot be taken: it is none of this question's, the release has ended, the record says other."""
    if line.stopped:
        return ENDED
    if said not in dict(line.answers):
        return "Choose an answer."
    row = _on_record(session, line.place, line.about_on)
    if said == RECORDED and row is None:
        return "Nothing is recorded for that day yet. Record the class first, then answer."
    if said in (SOON, NO_CLASS, NOT_EXPECTED) and row is not None:
        return "That day is recorded already. Correct the entry if it is wrong."
    if said == "STANDS" and row is None:
        return "No entry stands for that day."
    if said == "CORRECTED" and not _changed(session, line):
        return "Nothing was corrected since you were asked. Correct the entry in the grid first."
    return ""


def answer(session: ScopedSession, question_id: int, said: str, now: datetime) -> bool:
    """Keep the program's answer, once, and tell the officers. False: it is open no longer. ``fault_of`` was asked."""
    row = _one(session, question_id, ProgramQuestion.agency_id)
    if row is None or row.answer:
        return False
    _close(session, row, said, now)
    told = whom_to_tell(session, row.case_id, now)
    with writing_for_others(session, WRITES):
        session.add_all(notice(f"program_answer:{row.id}:{user}", user, now) for user in told)
    return True


def on_today(session: ScopedSession, team: bool, now: datetime) -> tuple[Line, ...]:
    """Of the officer's list: answers that nobody has read, questions without an answer for more than three days, and
    promises to record a day that is still not on record."""
    asked = asked_by(session, team, office=session.scope.agency_id, silent=now - SILENT_AFTER, over=now - SOON_OVER)
    rows = session.execute(_of_today(team), asked).all()
    waits = (row for row in rows if row.read_at is None or _over(row, now))
    return tuple(sorted((_line(row, now) for row in waits), key=lambda one: one.open))


@cache
def _of_today(team: bool) -> Any:
    silent, over = bindparam("silent", type_=UtcInstant()), bindparam("over", type_=UtcInstant())
    pending = ProgramQuestion.answer.is_(None) & (ProgramQuestion.asked_at < silent)
    unread = ProgramQuestion.read_at.is_(None) & (ProgramQuestion.answer != TAKEN_BACK)
    recorded = _entries(ProgramQuestion.enrollment_id, ProgramQuestion.about_on)
    promised = (ProgramQuestion.answer == SOON) & (ProgramQuestion.answered_at < over) & ~recorded.exists()
    of_office = ProgramQuestion.from_agency_id == bindparam("office", type_=BigId), Case.closed_on.is_(None)
    found = _lines().where(*of_office, pending | unread | promised, listed(ProgramQuestion.case_id, team))
    return few(found.order_by(ProgramQuestion.answered_at, ProgramQuestion.asked_at, ProgramQuestion.id))


def _lines() -> Any:
    columns = (
        ProgramQuestion.id, ProgramQuestion.case_id, ProgramQuestion.enrollment_id.label("place"),
        ProgramQuestion.kind, ProgramQuestion.about_on, ProgramQuestion.asked_at, ProgramQuestion.answer,
        ProgramQuestion.answered_at, ProgramQuestion.read_at, Case.number, Court.zone, Person.family_name,
        Person.given_name, Person.middle_name, Person.suffix, Program.name.label("program"), Enrollment.group_id,
        User.name.label("asked_by"), Agency.name.label("office"),
    )  # fmt: skip
    return (
        select(*columns).join(Enrollment, Enrollment.id == ProgramQuestion.enrollment_id)
        .join(Program, Program.id == Enrollment.program_id).join(Case, Case.id == ProgramQuestion.case_id)
        .join(Court, Court.id == Case.court_id).join(Person, Person.id == Case.person_id)
        .join(User, User.id == ProgramQuestion.asked_by_id).join(Agency, Agency.id == ProgramQuestion.from_agency_id)
    )  # fmt: skip


def _line(row: Any, now: datetime) -> Line:
    said = "Taken back" if row.answer == TAKEN_BACK else ANSWERS[row.kind].get(row.answer or "", "")
    return Line(
        id=row.id, case_id=row.case_id, place=row.place, person=listed_name(row), number=row.number, zone=row.zone,
        program=row.program, kind=KINDS[row.kind], said=said, about_on=row.about_on, asked_at=row.asked_at,
        asked_by=row.asked_by, office=row.office, answered_at=row.answered_at, open=row.answer is None,
        silent=row.answer is None and row.asked_at < now - SILENT_AFTER,
    )  # fmt: skip


def _over(row: Any, now: datetime) -> bool:
    """Whether a promise has run out since somebody read it."""
    end = row.answered_at + SOON_OVER if row.answer == SOON else None
    return end is not None and end < now and (row.read_at is None or row.read_at < end)


def _one(session: ScopedSession, question_id: int, side: Any) -> ProgramQuestion | None:
    own = side == session.scope.agency_id
    return read_alone(session, question_id, select(ProgramQuestion).where(ProgramQuestion.id == question_id, own))


def _close(session: ScopedSession, row: ProgramQuestion, said: str, now: datetime) -> None:
    with writing_for_others(session, WRITES):
        row.answer, row.answered_at, row.answered_by_id = said, now, session.scope.user_id


def _readers(session: ScopedSession, agency_id: int, case_id: int, now: datetime) -> list[int]:
    """Those of the program who are in office and for whom the case exists."""
    with looking_wide(session, READERS):
        there = {row.user_id for row in in_office(session, (Role.PROGRAM,), now, [agency_id])}
        return sorted(there - set(session.scalars(walled_from(case_id))))


def _on_record(session: ScopedSession, place: int, day: date) -> int | None:
    """The entry that stands for a day of a place."""
    return session.scalar(_entries(place, day).limit(1))


def _entries(place: Any, day: Any) -> Select[int]:
    """What stands for a day of a place, a make-up of that day included; values, or columns of a statement around it."""
    of_day = (Attendance.occurred_on == day) | (Attendance.makeup_for_on == day)
    return select(Attendance.id).where(Attendance.enrollment_id == place, of_day, current(Attendance))


def _changed(session: ScopedSession, line: Line) -> bool:
    """Whether an entry of that day was corrected or taken back since it was asked about."""
    since = Attendance.supersedes_id.is_not(None), Attendance.recorded_at >= line.asked_at
    of_day = Attendance.enrollment_id == line.place, Attendance.occurred_on == line.about_on
    return session.scalar(select(Attendance.id).where(*of_day, *since).limit(1)) is not None
