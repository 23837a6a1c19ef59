"""What a file is judged against, read from the record: the program's roster, and what stands there already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, time
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.current import current
from monitor.group_days import Turn, group_days
from monitor.intake.check import Stored
from monitor.intake.judging.doubles import StoredKey
from monitor.intake.roster import Meeting, Member, Roster
from monitor.models import Agency, Attendance, Case, Enrollment, EnrollmentEvent, Group, Person, Program
from monitor.models.program import USUAL_MINUTES
from monitor.names import NO_NAME
from monitor.releases import released_until

JOINING = frozenset({"INTAKE_HELD", "ENROLLED"})
LEAVING = frozenset({"DISCHARGED", "EXITED"})
FEW = 500  # enrollments that are named one by one in a statement


class ProgramLine(msgspec.Struct, frozen=True):
    """A program of the person's own agency."""

    id: int
    name: str
    code: str


def programs_of(session: Session, agency_id: int) -> list[ProgramLine]:
    """The agency's programs, by name."""
    rows = session.execute(
        select(Program.id, Program.name, Program.code).where(Program.agency_id == agency_id).order_by(Program.name)
    )
    return [ProgramLine(*row) for row in rows]


def lock_program(session: Session, program_id: int) -> None:
    """One save or undo at a time in a program: the second waits and then sees what the first wrote.

    PostgreSQL locks the program's row; on SQLite the write transaction is already the only one.
    """
    session.execute(select(Program.id).where(Program.id == program_id).with_for_update())


def read_roster(session: Session, program_id: int) -> Roster:
    """The program's people as they stand now. A person whose case is no longer shared is not among them."""
    spans = _memberships(session, program_id)
    found = session.execute(
        select(
            Enrollment.id, Enrollment.person_id, Enrollment.code, Person.family_name, Person.given_name,
            Person.middle_name, Person.born_on, Case.number, Enrollment.group_id,
            Case.closed_on, Agency.zone,
        )
        .join(Program, Program.id == Enrollment.program_id)
        .join(Agency, Agency.id == Program.agency_id)
        .join(Person, Person.id == Enrollment.person_id)
        .join(Case, Case.id == Enrollment.case_id)
        .where(Enrollment.program_id == program_id)
        .order_by(Enrollment.code)
    )  # fmt: skip
    rows = found.all()
    groups, released = _groups(session, program_id), released_until(session, program_id)
    turns = group_days(session, {row.id: row.group_id for row in rows})
    members = tuple(
        Member(
            key=key, person=person, code=code, last=last, first=_known(first), middle=middle or "", dob=born,
            case_number=number, group=groups[group][0] if group in groups else "", start=spans[key][0],
            end=spans[key][1], released_until=released.get(key), groups=_held(turns[key], groups), closed_on=closed,
        )
        for key, person, code, last, first, middle, born, number, group, closed, _ in rows
    )  # fmt: skip
    return Roster(members, dict(groups.values()), zone=rows[0].zone if rows else "")


def read_stored(
    session: Session, program_id: int, first: date | None = None, last: date | None = None,
    places: Collection[int] | None = None,
) -> dict[StoredKey, Stored]:
    """What the program has on record now: the newest standing version for each person, day and number.

    ``first``, ``last``: of these days alone, both included; ``places``: of these enrollments, where they are few. A
    record only grows, and most pages tell of weeks.
    """
    days = [Attendance.occurred_on >= first] if first else []
    days += [Attendance.occurred_on <= last] if last else []
    days += [Attendance.enrollment_id.in_(places)] if places is not None and len(places) <= FEW else []
    rows = session.execute(
        select(
            Attendance.id, Attendance.enrollment_id, Attendance.occurred_on, Attendance.number,
            Attendance.program_says, Attendance.minutes_late, Attendance.makeup_for_on,
        )
        .join(Enrollment, Enrollment.id == Attendance.enrollment_id)
        .where(Enrollment.program_id == program_id, *days, current(Attendance))
        .order_by(Attendance.recorded_at, Attendance.id)
    )  # fmt: skip
    return {
        (place, on, number): Stored(key, says, late, makeup) for key, place, on, number, says, late, makeup in rows
    }


def _held(turns: Sequence[Turn], groups: Mapping[int, tuple[str, Meeting]]) -> tuple[tuple[date, str], ...]:
    """Nothing where the place never moved."""
    if len(turns) == 1:
        return ()
    codes: dict[int | None, str] = {key: code for key, (code, _) in groups.items()}
    return tuple((one.from_on, codes.get(one.group_id, "")) for one in turns)


def _groups(session: Session, program_id: int) -> dict[int, tuple[str, Meeting]]:
    rows = session.execute(
        select(Group.id, Group.code, Group.weekday, Group.starts_at, Group.minutes)
        .where(Group.program_id == program_id)
    )
    # two hours stand there as well where nobody entered how long the class takes
    return {key: (code, Meeting(weekday, _minutes(starts), 0 if lasts == USUAL_MINUTES else lasts))
            for key, code, weekday, starts, lasts in rows}  # fmt: skip


def _known(given: str) -> str:
    """A court that knows one name alone writes "-" for the other: nobody is called so."""
    return "" if given.strip() in NO_NAME else given


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _memberships(session: Session, program_id: int) -> dict[int, tuple[date | None, date | None]]:
    """First and last day of each place; an intake is part of joining."""
    rows = session.execute(
        select(EnrollmentEvent.enrollment_id, EnrollmentEvent.event, EnrollmentEvent.occurred_on)
        .join(Enrollment, Enrollment.id == EnrollmentEvent.enrollment_id)
        .where(Enrollment.program_id == program_id, current(EnrollmentEvent))
        .order_by(EnrollmentEvent.occurred_on, EnrollmentEvent.recorded_at)
    )
    told: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        told[row.enrollment_id].append(row)
    return defaultdict(lambda: (None, None), {key: _span(events) for key, events in told.items()})


def _span(events: Sequence[Any]) -> tuple[date | None, date | None]:
    starts = [event.occurred_on for event in events if event.event in JOINING]
    last: date | None = None
    for event in events:
        if event.event in LEAVING:
            last = event.occurred_on
        elif event.event == "ENROLLED":  # came back
            last = None
    return min(starts, default=None), last
