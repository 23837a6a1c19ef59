"""Rows read as columns say what mapped rows say, on both databases: every type, nulls, quotes, microseconds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Select, select

from monitor.compliance.columns import Asked, read_columns, read_rows
from monitor.compliance.loading import frame_of, programs_of
from monitor.compliance.sources import sources
from monitor.db import Database
from monitor.models import Attendance, OrderVersion, PolicyTerm, Requirement
from tests.builders import (
    Matter,
    absent,
    adjudicate,
    at,
    attended,
    build_town,
    contact,
    correct,
    cover,
    decide,
    firearms_declared,
    person_with_order,
    report,
)
from tests.monitor.compliance.county import reading, writing

MONDAY = date(2026, 1, 19)
MOMENT = at(MONDAY) + timedelta(microseconds=1)
SAID = 'so "quoted", it’s\\fine\n日本'
ROWS: Any = select(
    Attendance.id, Attendance.case_id.label("person"), Attendance.occurred_on, Attendance.recorded_at,
    Attendance.retracted, Attendance.minutes, Attendance.note, Attendance.supersedes_id,
)  # fmt: skip


@pytest.fixture
def matters(database: Database) -> list[Matter]:
    with writing(database) as session:
        town = build_town(session)
        both = [person_with_order(session, town, terms={"bip.enroll_deadline": 14}) for _ in range(2)]
        for matter in both:
            missed = absent(session, matter, MONDAY)
            missed.note = SAID
            adjudicate(session, missed, "EXCUSED", MONDAY + timedelta(days=1))
            attended(session, matter, MONDAY + timedelta(days=7))
            cover(session, matter, MONDAY, MONDAY + timedelta(days=7))
            contact(session, matter, MONDAY)
            report(session, matter, "ENROLLMENT_PROOF", MONDAY, "PERSON", "COURT")
            firearms_declared(session, matter, MONDAY)
            decide(session, matter, "REVIEW_HELD", MONDAY)
            session.flush()
            correct(session, missed, MOMENT, retract=True)
    return both


def as_columns(database: Database, statement: Select[Any], asked: Asked) -> list[tuple[object, ...]]:
    with reading(database) as session:
        return sorted(read_columns(session, statement, asked).rows(), key=repr)


def as_rows(database: Database, statement: Select[Any]) -> list[tuple[object, ...]]:
    with reading(database) as session:
        return sorted((tuple(row) for row in session.execute(statement)), key=repr)


def test_columns_say_what_rows_say(database: Database, matters: list[Matter]) -> None:
    said = as_columns(database, ROWS, Asked())
    told = as_rows(database, ROWS)
    assert said == sorted((tuple(row) for row in told), key=repr)
    assert {type(value) for row in said for value in row} >= {int, str, bool, date, type(MOMENT), type(None)}
    assert SAID in {row[6] for row in said}
    assert MOMENT in {row[3] for row in said}


@pytest.mark.parametrize("name", sorted(sources()))
def test_every_frames_statement_reads_the_same_both_ways(database: Database, matters: list[Matter], name: str) -> None:
    statement = sources()[name].statement
    typed = [column for column in statement.selected_columns if str(column.type) != "NULL"]
    told = as_rows(database, statement.with_only_columns(*typed, maintain_column_froms=True))
    assert as_columns(database, statement, Asked()) == told


@pytest.mark.parametrize("name", sorted(sources()))
def test_a_table_without_rows_is_laid_like_one_with_rows(database: Database, matters: list[Matter], name: str) -> None:
    source = sources()[name]
    with reading(database) as session:
        some, none = (read_columns(session, source.statement, asked) for asked in (Asked(), Asked([])))
        placed = read_columns(session, sources()["enrollments"].statement, Asked())
        programs = programs_of(session, [placed])
    assert none.is_empty() and none.schema == some.schema
    assert frame_of(name, source, none, programs).schema == frame_of(name, source, some, programs).schema


@pytest.mark.parametrize("most", [False, True])
def test_only_the_cases_asked_for_are_read(database: Database, matters: list[Matter], most: bool) -> None:
    ours = matters[0].case
    told = as_rows(database, ROWS.where(Attendance.case_id == ours))
    assert as_columns(database, ROWS, Asked([ours], most=most)) == told
    assert as_columns(database, ROWS, Asked([], most=most)) == []
    assert as_columns(database, ROWS, Asked([matter.case for matter in matters], most=most)) == as_rows(database, ROWS)


def test_what_was_recorded_after_an_instant_is_not_read(database: Database, matters: list[Matter]) -> None:
    before = as_columns(database, ROWS, Asked(known_at=MOMENT - timedelta(microseconds=1)))
    assert len(as_columns(database, ROWS, Asked(known_at=MOMENT))) == len(before) + 2


def test_rows_bring_their_json_read(database: Database, matters: list[Matter]) -> None:
    with writing(database) as session:
        town = matters[0].town
        session.add(
            PolicyTerm(agency_id=town.court_agency, court_id=town.court, program_id=None, term="adjudication.due",
                       value={"value": 3, "said": SAID}, from_on=MONDAY, citation="Local rule 4", recorded_at=MOMENT)
        )  # fmt: skip
    with reading(database) as session:
        policies: Any = select(PolicyTerm.value, PolicyTerm.program_id, PolicyTerm.recorded_at)
        [policy] = read_rows(session, policies, Asked())
        duties: Any = select(Requirement.case_id.label("person"), Requirement.terms)
        terms = read_rows(session, duties, Asked([matters[0].case]))
        texts: Any = select(OrderVersion.case_id.label("person"), OrderVersion.facts)
        assert (policy.value, policy.program_id, policy.recorded_at) == ({"value": 3, "said": SAID}, None, MOMENT)
        assert [row.terms for row in terms] == [{"bip.enroll_deadline": 14}]
        assert {repr(row.facts) for row in read_rows(session, texts, Asked())} == {
            repr(facts) for facts in session.scalars(select(OrderVersion.facts))
        }
