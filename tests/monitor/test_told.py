"""What the docket keeps of a case's duties: the words it would say without keeping, whoever read what before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.bench_page import told
from monitor.bench_page.classes import seats
from monitor.bench_page.record import CaseRecord, gather
from monitor.bench_page.told import Told, tell, told_before
from monitor.db import Database
from monitor.docket import Docket, docket
from monitor.models import Attendance, Case, DrugTest, Letter, Pause
from monitor.names import words_of
from tests.builders import add_user
from tests.monitor.access.walls import put_up
from tests.monitor.court_town import ZONE, CourtTown, add, build_court_town, fact

NOW = datetime(2026, 3, 9, 15, 40, tzinfo=UTC)


@pytest.fixture
def town(database: Database) -> Iterator[CourtTown]:
    told._made.cache_clear()
    built = build_court_town(database, NOW)
    with database.system("test") as session, session.begin():
        fact(session, built, Pause, built.cases[0], built.today, kind="CUSTODY", starts_on=built.today)
        fact(session, built, Letter, built.cases[3], built.today, kind="WAITLIST", occurred_on=built.today)
        fact(session, built, DrugTest, built.cases[4], built.today, result="NEGATIVE", occurred_on=built.today)
    yield built
    told._made.cache_clear()


def listed(town: CourtTown, at: datetime = NOW) -> Docket:
    with town.bench() as session:
        found = docket(session, town.court_code, town.day, at)
    assert found is not None
    return found


def records(town: CourtTown, at: datetime = NOW) -> list[CaseRecord]:
    with town.bench() as session:
        return list(gather(session, dict.fromkeys(town.cases, ZONE), at).values())


def afresh(record: CaseRecord) -> Told:
    return tell(record, seats(record), None)


def lacking(record: CaseRecord) -> Iterator[CaseRecord]:
    """The record as it reads for somebody from whom one of its rows is hidden, a row at a time."""

    def without(**values: Any) -> CaseRecord:
        return msgspec.structs.replace(record, **values)

    rows = json.loads(record.classes)
    for place in range(len(rows)):
        yield without(classes=json.dumps(rows[:place] + rows[place + 1:]))
    for name, events in record.events.items():
        for place in range(len(events)):
            yield without(events={**record.events, name: events[:place] + events[place + 1:]})
    for name in ("in_force", "conditions", "requirements", "places", "flags"):
        values = getattr(record, name)
        for place in range(len(values)):
            yield without(**{name: values[:place] + values[place + 1:]})
    for gone in record.adjudications:
        yield without(adjudications={key: one for key, one in record.adjudications.items() if key != gone})


def test_what_was_told_before_is_told_again_and_made_once(town: CourtTown) -> None:
    first = listed(town)
    made = told._made.cache_info().misses
    assert listed(town) == first and made == len(first.lines)
    again = told._made.cache_info()
    assert (again.misses, again.hits) == (made, made)


def test_somebody_from_whom_a_row_is_hidden_reads_what_they_would_read_if_nobody_had_read_before(
    town: CourtTown,
) -> None:
    found = records(town)
    for record in found:
        assert told_before(record, None) == afresh(record)
    seen = 0
    for record in found:
        whole = afresh(record)
        for less in lacking(record):
            assert told_before(less, None) == afresh(less)
            seen += afresh(less) != whole
    assert seen > 20  # most rows say something, so the look above was at different words
    for record in found:  # and whoever sees all sees all of it afterwards
        assert told_before(record, None) == afresh(record)


def test_a_walled_reader_has_the_list_without_the_case_after_another_saw_it_with_it_and_the_other_way(
    town: CourtTown,
) -> None:
    with town.database.system("test: a clerk") as session, session.begin():
        user = add_user(session, town.court_agency, "clerk", "walled@court.example")
        person = session.scalar(select(Case.person_id).where(Case.id == town.cases[1]))
    assert person is not None
    put_up(town.database, user, person, town.court_agency)
    for _ in range(2):
        whole = listed(town)
        with town.database.scoped(Scope(user, "clerk", town.court_agency)) as session:
            found = docket(session, town.court_code, town.day, NOW)
        assert found is not None
        assert found.lines == tuple(line for line in whole.lines if line.number != town.numbers[1])
        told._made.cache_clear()
        with town.database.scoped(Scope(user, "clerk", town.court_agency)) as session:  # now the clerk first
            assert docket(session, town.court_code, town.day, NOW) == found
        assert listed(town) == whole


def test_a_corrected_class_shows_at_once_and_not_in_what_was_known_before(town: CourtTown) -> None:
    before = listed(town)
    later = NOW + timedelta(hours=1)
    with town.database.system("test") as session, session.begin():
        wrong = session.scalars(
            select(Attendance).where(Attendance.case_id == town.cases[1], Attendance.outcome == "ABSENT")
            .order_by(Attendance.occurred_on)
        ).first()  # fmt: skip
        assert wrong is not None
        add(session, Attendance, case_id=wrong.case_id, agency_id=wrong.agency_id, enrollment_id=wrong.enrollment_id,
            occurred_on=wrong.occurred_on, outcome="PRESENT", program_says="P", source="sheet.csv",
            supersedes_id=wrong.id, recorded_at=NOW + timedelta(minutes=5))  # fmt: skip
    after = listed(town, later)
    classes = {line.number: line.classes for line in before.lines}
    assert {line.number: line.classes for line in after.lines} == {**classes, town.numbers[1]: "4 of 5"}
    assert listed(town).lines == before.lines


def test_another_day_is_told_anew(town: CourtTown) -> None:
    listed(town)
    made = told._made.cache_info().misses
    listed(town, NOW + timedelta(days=1))
    assert told._made.cache_info().misses == 2 * made


def test_what_is_kept_names_nobody_and_holds_nothing_that_somebody_wrote(town: CourtTown) -> None:
    listed(town)
    for record in records(town):
        basis = told._basis(record, None)
        kept = msgspec.json.encode((basis, told._made(basis))).decode()
        for words in ("Abara", "Nguyễn", "O'Neal", "Петров", "محمد", "Lee", "Reyes", "working note", "as signed",
                      "evening group", "25-DV", "1990"):  # fmt: skip
            assert words not in kept
        assert len(kept) < 30_000


def test_only_so_many_are_kept(town: CourtTown) -> None:
    assert told._made.cache_info().maxsize == told.KEPT


@pytest.mark.parametrize("name", ["Doe", "DOE", "d", "Fnu", "III"])
def test_one_plain_word_is_that_word_as_it_would_be_among_others(name: str) -> None:
    assert words_of(name) == words_of(f"{name},") == words_of(f" {name} ")
