"""Dates on which nobody was heard: taken off the calendar, or continued before they came. They hide nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.access.scope import Scope
from monitor.amending import amend
from monitor.bench_page.page import BenchPage
from monitor.db import Database
from monitor.docket import docket, next_docket
from monitor.models import CourtHoliday, Hearing
from monitor.replay_page.reading import Asked, replay_for_hearing
from monitor.results.dates import suggestions
from rules.packs import load
from tests.monitor.court_town import CourtTown, add, add_case, build_court_town, noon

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = datetime(2026, 3, 9, 15, 40, tzinfo=UTC)


@pytest.fixture
def town(database: Database) -> CourtTown:
    made = build_court_town(database, NOW, cases=False)
    add_case(made, "1", "Abara", classes="yyyMMy")
    return made


def heard(town: CourtTown, day: date, outcome: str | None, resulted_on: date | None) -> int:
    """One more date of the case."""
    with town.database.system("test: a date") as session, session.begin():
        return int(add(
            session, Hearing, case_id=town.cases[0], agency_id=town.court_agency, court_id=town.court, room="Dept 4",
            judge_id=town.judge, kind="COMPLIANCE_REVIEW", review_no=2, starts_at=noon(day), outcome=outcome,
            resulted_at=noon(resulted_on) if resulted_on else None, recorded_at=town.now - timedelta(days=30),
        ).id)  # fmt: skip


def since(page: BenchPage) -> tuple[object, ...]:
    return (
        page.last_review, [one.line for one in page.since], [one.line for one in page.before],
        [fact.line for line in page.conditions for fact in line.facts],
    )  # fmt: skip


@pytest.mark.parametrize(("outcome", "ahead"), [("OFF_CALENDAR", 5), ("CONTINUED", 5)])
def test_a_date_on_which_nobody_was_heard_is_no_last_review_and_hides_nothing_of_before_it(
    town: CourtTown, outcome: str, ahead: int
) -> None:
    before = since(town.page(town.hearings[0]))
    day = town.today - timedelta(days=4)
    heard(town, day, outcome, day - timedelta(days=ahead))
    assert since(town.page(town.hearings[0])) == before


def test_a_date_continued_in_the_room_is_one_at_which_the_court_saw_the_respondent(town: CourtTown) -> None:
    before = town.page(town.hearings[0]).last_review
    day = town.today - timedelta(days=4)
    heard(town, day, "CONTINUED", day)
    assert town.page(town.hearings[0]).last_review != before


def test_a_look_at_what_changed_begins_where_the_case_was_last_heard(town: CourtTown) -> None:
    def begins() -> datetime:
        with town.bench() as session:
            found = replay_for_hearing(session, town.hearings[0], town.now, Asked(), load())
        assert found is not None
        return found.known_at

    before, day = begins(), town.today - timedelta(days=4)
    heard(town, day, "OFF_CALENDAR", day - timedelta(days=5))
    heard(town, day, "CONTINUED", day - timedelta(days=5))
    assert begins() == before


def test_a_day_from_which_its_only_date_was_taken_off_is_no_docket_and_no_day_beside_one(town: CourtTown) -> None:
    off = town.today + timedelta(days=1)
    heard(town, off, "OFF_CALENDAR", town.today)
    heard(town, town.day, "OFF_CALENDAR", town.today)
    with town.bench() as session:
        assert next_docket(session, NOW) == (town.court_code, town.day)
        listed, empty = (docket(session, town.court_code, day, NOW) for day in (town.day, off))
    assert listed is not None and empty is not None
    assert [line.hearing_id for line in listed.lines] == town.hearings and empty.lines == ()
    assert empty.following is not None and empty.following.count == 1
    assert listed.previous is None or listed.previous.day != off


def test_a_review_whose_next_date_was_taken_off_has_none(town: CourtTown) -> None:
    def undated() -> str:
        with town.bench() as session:
            found = docket(session, town.court_code, town.today, NOW)
        assert found is not None
        return found.strip[0]

    with town.database.system("test: heard today") as session, session.begin():
        amend(session, session.get_one(Hearing, town.hearings[0]), NOW, outcome="OFF_CALENDAR", resulted_at=NOW)
    heard(town, town.today, "WARNED", town.today - timedelta(days=1))
    assert undated().endswith(": 1")
    heard(town, town.today + timedelta(days=30), None, None)
    assert undated().endswith(": 0")


def test_where_a_long_closing_makes_two_offered_days_one_each_is_told_once_with_its_own_weeks(town: CourtTown) -> None:
    """A court that is closed for three weeks: in two weeks and in four is the same day, and in six another."""
    start = town.day + timedelta(weeks=2)
    with town.database.system("test: a flood") as session, session.begin():
        for days in range(21):
            add(session, CourtHoliday, court_id=town.court, closed_on=start + timedelta(days=days), title="Flood",
                recorded_at=NOW - timedelta(days=1))  # fmt: skip
    with town.database.scoped(Scope(1, "clerk", town.court_agency)) as session:
        row = session.get_one(Hearing, town.hearings[0])
        asked = type("Row", (), {"starts_at": row.starts_at, "zone": "America/Los_Angeles", "court_id": row.court_id})
        offered = suggestions(session, asked, NOW)
    assert len({one.day for one in offered}) == len(offered) == 4
    weeks = [words for words in (2, 6, 8, 12) for one in offered if f"in {words} weeks" in one.words]
    assert weeks == [2, 6, 8, 12]
    assert [one.day for one in offered][1:] == [town.day + timedelta(weeks=some) for some in (6, 8, 12)]
