"""A hearing that was moved, resulted or given to another judge, and a place in another group: what stood then stays."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from monitor.amending import amend
from monitor.db import Database
from monitor.docket import docket
from monitor.models import EarlierHearing, Enrollment, Group, Hearing, Judge, random_id
from monitor.models.earlier import UnkeptError
from tests.monitor.court_town import CourtTown, add_case, build_court_town

DAY = timedelta(days=1)
NOW = datetime(2026, 3, 9, 15, 40, tzinfo=UTC)


@pytest.fixture
def town(database: Database) -> CourtTown:
    return build_court_town(database, NOW, cases=False)


def changed(town: CourtTown, hearing: int, now: Any, **changes: Any) -> None:
    with town.database.system("test") as session, session.begin():
        amend(session, session.get_one(Hearing, hearing), now, **changes)


def listed(town: CourtTown, day: Any, known_at: Any) -> list[int]:
    with town.bench() as session:
        found = docket(session, town.court_code, day, known_at)
    assert found is not None
    return [line.hearing_id for line in found.lines]


def test_the_bench_page_of_an_earlier_instant_has_the_room_the_judge_and_the_hour_of_then(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="yyM")
    before = town.page(hearing)
    with town.database.system("test") as session, session.begin():
        session.add(Judge(id=7, agency_id=town.court_agency, court_id=town.court, user_id=None, name="N. Other"))
    later = before.heading.starts_at + timedelta(hours=2)
    changed(town, hearing, town.now + DAY, room="Dept 9", judge_id=7, starts_at=later)
    assert town.page(hearing) == before
    after = town.page(hearing, town.now + DAY).heading
    assert (after.room, after.judge, after.starts_at) == ("Dept 9", "N. Other", later)


def test_an_outcome_is_known_from_the_instant_it_was_entered(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="yyM")
    heard = town.page(hearing).heading.starts_at
    changed(town, hearing, heard + DAY, outcome="WARNED", resulted_at=heard)
    changed(town, hearing, heard + 3 * DAY, outcome="CONTINUED")

    def outcome(known_at: Any) -> list[str]:
        with town.bench() as session:
            found = docket(session, town.court_code, town.day, known_at)
        assert found is not None
        return [line.outcome for line in found.lines]

    assert [outcome(heard + days * DAY) for days in (0, 1, 2, 3)] == [[""], ["warned"], ["warned"], ["continued"]]


def test_a_hearing_that_was_moved_stands_on_the_docket_of_its_day_as_known_before(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="y")
    starts_at = town.page(hearing).heading.starts_at
    changed(town, hearing, town.now + DAY, starts_at=starts_at + 7 * DAY)
    assert listed(town, town.day, town.now) == [hearing]
    assert listed(town, town.day, town.now + DAY) == []
    assert listed(town, town.day + 7 * DAY, town.now) == []
    assert listed(town, town.day + 7 * DAY, town.now + DAY) == [hearing]


def test_a_group_changed_later_makes_no_class_day_of_then_missing(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="yy?")
    before = town.page(hearing)
    assert before.missing
    with town.database.system("test") as session, session.begin():
        place = session.scalars(select(Enrollment)).one()
        other = Group(
            id=random_id(), agency_id=place.agency_id, program_id=place.program_id, code="SUN",
            weekday=(town.today.weekday() + 3) % 7, starts_at=time(9),
        )  # fmt: skip
        session.add(other)
        amend(session, place, town.now + DAY, group_id=other.id)
    assert town.page(hearing) == before
    assert town.page(hearing, town.now + DAY).missing != before.missing


def test_nobody_changes_a_hearing_without_keeping_what_it_said(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="y")
    with pytest.raises(UnkeptError), town.database.system("test") as session, session.begin():
        session.get_one(Hearing, hearing).room = "Dept 9"
    with pytest.raises(TypeError), town.database.system("test") as session, session.begin():
        amend(session, session.get_one(Hearing, hearing), town.now, recorded_at=town.now)


def test_the_same_once_more_keeps_nothing(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="y")
    room = town.page(hearing).heading.room
    changed(town, hearing, town.now, room=room)
    with town.database.system("test") as session:
        assert session.scalars(select(EarlierHearing)).all() == []


def test_what_was_kept_cannot_be_rewritten(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="y")
    changed(town, hearing, town.now, room="Dept 9")
    with pytest.raises(DatabaseError), town.database.system("test") as session, session.begin():
        session.execute(update(EarlierHearing).values(room="Dept 1"))
