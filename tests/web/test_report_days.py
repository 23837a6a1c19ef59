"""By when a month's reports are wanted: whose number decides, as with every term, and who says so stands beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

import web.reports
import web.week
from monitor.compliance.evaluation import switched_on
from monitor.db import Database
from monitor.models import County, Court, PolicyTerm, Requirement, random_id
from monitor.months.due import due_days
from tests.builders import at, attended, build_town
from tests.classes import AFTER_CLASS, Class, open_class
from tests.web.conftest import Browser
from tests.web.test_reports import FEBRUARY

FEB, MARCH = date(2026, 2, 1), date(2026, 3, 1)
USUAL = "10 days after the month are what monthly activity reports usually ask"


@pytest.fixture
def meeting(database: Database, monkeypatch: pytest.MonkeyPatch) -> Class:
    for door in (web.reports, web.week):
        monkeypatch.setattr(door, "utc_now", lambda: AFTER_CLASS)
    found = open_class(database, people=3)
    with database.system("test") as session, session.begin():
        for matter in found.people.values():
            attended(session, matter, *FEBRUARY)
    return found


@pytest.fixture
def program(client_as: Callable[..., Browser], meeting: Class) -> Browser:
    return client_as("program", agency_id=meeting.town.program_agency)


def policy(database: Database, meeting: Class, number: int | None, **owner: Any) -> None:
    """A policy of the one that is named, from January on."""
    town = meeting.town
    with database.system("test") as session, session.begin():
        session.add(PolicyTerm(
            id=random_id(), agency_id=town.court_agency, term="report.month_due", value={"value": number},
            **({"from_on": date(2026, 1, 1), "citation": "Policy 7", "recorded_at": datetime(2026, 1, 1, tzinfo=UTC)}
               | owner),
        ))  # fmt: skip


def february(program: Browser) -> str:
    """What the list says of the day of February."""
    return program.get("/reports").text.partition("February 2026")[2].partition("</table>")[0]


def test_where_nobody_set_a_day_the_usual_one_counts_and_says_where_it_is_from(program: Browser) -> None:
    assert "Tue, Mar 10, 2026" in february(program)
    assert USUAL in program.get("/reports").text


def test_a_programs_own_day_counts_and_is_cited(program: Browser, meeting: Class, database: Database) -> None:
    policy(database, meeting, 5, program_id=meeting.town.program)
    text = program.get("/reports").text
    assert "Thu, Mar 5, 2026" in february(program)
    assert "5 days after the month: set by your program&#39;s policy (Policy 7)." in text
    assert "due Thu, Mar 5, 2026" in program.get("/week").text and USUAL not in text


def test_the_courts_day_goes_before_the_programs_and_the_orders_before_all(
    program: Browser, meeting: Class, database: Database
) -> None:
    policy(database, meeting, 5, program_id=meeting.town.program)
    policy(database, meeting, 15, court_id=meeting.town.court)
    assert "Sun, Mar 15, 2026" in february(program) and "Mar 5, 2026" not in february(program)
    with database.system("test") as session, session.begin():
        session.execute(update(Requirement).where(Requirement.case_id == meeting.people["Bell"].case)
                        .values(terms={"report.month_due": 1}))  # fmt: skip
    line = february(program)
    assert "Sun, Mar 1, 2026: 1 <b>1 late</b>" in line and "Sun, Mar 15, 2026: 2" in line


def test_a_day_counts_from_its_own_first_month_on_and_not_after_it_was_taken_back(
    database: Database, meeting: Class
) -> None:
    policy(database, meeting, 5, program_id=meeting.town.program, from_on=MARCH)
    place = meeting.place("Bell")
    with database.system("test", writes=False) as session:
        days = due_days(session, [place], [FEB, MARCH], switched_on(), AFTER_CLASS)
    assert {key: day.days for key, day in days.items()} == {(place, MARCH): 5}
    policy(database, meeting, None, program_id=meeting.town.program, from_on=MARCH, recorded_at=at(date(2026, 2, 20)))
    with database.system("test", writes=False) as session:
        assert due_days(session, [place], [FEB, MARCH], switched_on(), AFTER_CLASS) == {}


def test_another_programs_policy_sets_no_day_here(program: Browser, meeting: Class, database: Database) -> None:
    with database.system("test") as session, session.begin():
        far = build_town(session, code="far")
    policy(database, meeting, 3, program_id=far.program)
    assert "Tue, Mar 10, 2026" in february(program)


def test_a_sites_own_pack_may_set_the_day_of_its_county(
    database: Database, meeting: Class, tmp_path: Path
) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "attendance_not_reported.yaml").write_text(
        "code: ATTENDANCE_NOT_REPORTED\nterms:\n  report.month_due:\n    unit: days\n    governed_by: period_start\n"
        "    values:\n    - value: 7\n      county: Lake\n"
        "      cite: {text: Lake County plan 7, confidence: verified_text, checked: 2026-11-01}\n",
        encoding="utf-8",
    )
    packs = switched_on(tmp_path)
    assert not [fault for fault in packs.faults if fault.fatal]
    with database.system("test") as session, session.begin():
        county = random_id()
        session.add(County(id=county, state="CA", name="Lake"))
        session.flush()
        session.execute(update(Court).where(Court.id == meeting.town.court).values(county_id=county))
    place = meeting.place("Bell")
    with database.system("test", writes=False) as session:
        [day] = due_days(session, [place], [FEB], packs, AFTER_CLASS).values()
    assert (day.days, day.source) == (7, "7 days after the month: set by the county's policy (Lake County plan 7).")
