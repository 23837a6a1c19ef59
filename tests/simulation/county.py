"""A county of many small programs, laid once and copied: what its record says in the end is read from here."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import time
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitor.clock import local_day
from monitor.compliance import referee
from monitor.compliance.spans import read_kept
from monitor.current import current
from monitor.db import Database
from monitor.models import (
    Adjudication,
    Agency,
    Attendance,
    Case,
    Coverage,
    Dirty,
    Enrollment,
    Flag,
    Group,
    JobRun,
    Mark,
    Program,
    Span,
)
from tests import builders
from tests.builders import ZONE, Matter, Town, build_town, person_with_order
from tests.simulation.truth import WORDS, Cell, Truth, truth_of

Said = dict[tuple[int, Cell], tuple[str, str]]  # of each program and cell: the program's word, the decision on it


class Place(msgspec.Struct, frozen=True):
    """One program with its two people, by participant code, and what is true of them."""

    number: int
    town: Town
    matters: tuple[Matter, Matter]
    codes: list[str]
    truth: Truth


class State(msgspec.Struct):
    """What a record says: facts, complete sheets, spans that outlast a day, open flags by case, code and days.

    At what hour somebody told or decided differs from schedule to schedule, and so do the hours of spans.
    """

    said: Said
    covered: list[tuple[object, ...]]
    spans: list[tuple[object, ...]]
    flags: list[tuple[object, ...]]


def lay(path: Path, template: Path, programs: int) -> list[Place]:
    """The county before anybody has reported anything."""
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}")
    builders.number_from(1)
    with database.system("test") as session, session.begin():
        town = build_town(session)
        places = [_place(session, town, number) for number in range(programs)]
    database.close()
    return places


def _place(session: Session, town: Town, number: int) -> Place:
    ids = [builders.random_id() for _ in range(3)]
    agency, program, group = ids
    session.add(Agency(id=agency, kind="program", name=f"Program {number}", code=f"P{number}", zone=ZONE))
    session.flush()
    session.add(Program(id=program, agency_id=agency, name=f"Program {number}", code=f"p{number}"))
    session.flush()
    session.add(
        Group(id=group, agency_id=agency, program_id=program, code="MON", weekday=0, starts_at=time(18))
    )
    session.flush()
    here = msgspec.structs.replace(town, program_agency=agency, program=program, group=group)
    matters = [person_with_order(session, here, number=f"26-{number:03d}-{who}") for who in (0, 1)]
    codes = [session.get_one(Enrollment, matter.enrollment).code for matter in matters]
    return Place(number, here, (matters[0], matters[1]), codes, truth_of(number))


def read_said(session: Session, places: list[Place]) -> Said:
    """What stands on record about every class, and the standing decision on it."""
    cells = {matter.enrollment: (place.number, who) for place in places for who, matter in enumerate(place.matters)}
    decided = {
        row.attendance_id: row.decision
        for row in session.scalars(select(Adjudication).where(current(Adjudication), Adjudication.retracted.is_(False)))
    }
    rows = session.scalars(select(Attendance).where(current(Attendance)))
    said: Said = {}
    for row in rows:
        number, who = cells[row.enrollment_id]
        key = (number, (who, row.occurred_on))
        assert key not in said, f"one class stands twice on record: {key}"
        said[key] = (row.program_says, decided.get(row.id, ""))
    return said


def read_state(database: Database, places: list[Place]) -> State:
    """All of it, in words that do not depend on when somebody looked."""
    with database.system("test", writes=False) as session:
        cases = dict(session.execute(select(Case.id, Case.number)).all())
        covered = select(Coverage.case_id, Coverage.covers_from, Coverage.covers_to).where(current(Coverage)).distinct()
        spans = select(
            Span.case_id, Span.code, Span.starts_at, Span.ends_at, Span.certainty
        ).where(Span.known_until.is_(None))
        flags = select(Flag.case_id, Flag.code, Flag.owner, Flag.first_on, Flag.due_on).where(Flag.state == "OPEN")
        return State(
            read_said(session, places),
            _named(cases, session.execute(covered)),
            sorted({row for row in map(_by_day, _named(cases, session.execute(spans))) if row[2] != row[3]}, key=repr),
            _named(cases, session.execute(flags)),
        )


def _by_day(span: tuple[Any, ...]) -> tuple[object, ...]:
    return (*span[:2], *(local_day(at, ZONE) if at else None for at in span[2:4]), *span[4:])


def _named(cases: dict[int, str], rows: Iterable[Any]) -> list[tuple[object, ...]]:
    return sorted(((cases[case], *rest) for case, *rest in rows), key=repr)


def expected(places: list[Place]) -> Said:
    """What the truth of every program says, once everybody has told everything."""
    return {
        (place.number, cell): (word, place.truth.decided.get(cell, ""))
        for place in places for cell, word in place.truth.says.items()
    }  # fmt: skip


def check_nothing_doubled(database: Database) -> None:
    """One flag a key, one span a place, one run a slot; nothing waits; no run failed for itself."""
    with database.system("test", writes=False) as session:
        flags = session.scalar(select(func.count()).select_from(Flag))
        assert flags == session.scalar(select(func.count(Flag.key.distinct())))
        places = session.execute(select(Span.key, Span.starts_at).where(Span.known_until.is_(None))).all()
        assert len(places) == len(set(places))
        assert session.scalar(select(func.count()).select_from(Dirty)) == 0
        failed = set(session.scalars(select(JobRun.error).where(JobRun.state == "FAILED")))
        assert failed <= {"The process ended before the run did."}, failed
        slots = session.execute(select(JobRun.job, JobRun.run_key)).all()
        assert len(slots) == len(set(slots))


def check_flags_tell_the_truth(database: Database) -> None:
    """No flag is open whose span is over, and none is missing whose span holds."""
    with database.system("test", writes=False) as session:
        swept = session.get_one(Mark, "sweep").at
        cases = list(session.scalars(select(Case.id)))
        assert not referee.flags_astray(session, cases, read_kept(session, cases), swept)


assert set(WORDS) == {"P", "ABS"}
