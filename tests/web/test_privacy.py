"""The privacy officer's page and the runbooks: what waits, who had access to what, the drill."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from monitor import audit
from monitor.models import Agency, AuditEntry, Case, CaseOpening, Wall
from monitor.models.base import random_id
from monitor.privacy.runbooks import steps
from tests.builders import add_user
from tests.office import open_office
from tests.web.accounts import SECRET

COURT = ZoneInfo("America/Los_Angeles")  # the day of the court is not that of UTC
NOW = datetime.now(UTC)
TODAY = NOW.astimezone(COURT).date()
DAY = timedelta(days=1)
ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NUMBER = "26-DV-004711"


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: a number") as session, session.begin():
        session.get(Case, office.matter.case).number = NUMBER
    return office


@pytest.fixture
def privacy(office, client_as):
    return client_as("privacy_officer", agency_id=office.town.office, name="I. Wolfe")


def opened(office, due_on, reviewed_at=None):
    with office.database.system("test: opened") as session, session.begin():
        session.add(CaseOpening(
            id=random_id(), case_id=office.matter.case, agency_id=office.town.office, user_id=office.colleague,
            reason="CALL", words="Call 26-1187 about the order.", opened_at=NOW - 5 * DAY, until_at=NOW - 5 * DAY,
            review_due_on=due_on, reviewed_by_id=office.supervisor if reviewed_at else None, reviewed_at=reviewed_at,
            verdict="EXPECTED" if reviewed_at else None,
        ))  # fmt: skip


def looked(office, who, at, event="person.read", agency=None):
    act = audit.Act(event=event, user_id=who, agency_id=agency or office.town.office, subjects=(office.matter.case,))
    with office.database.system("test: somebody looked") as session, session.begin():
        audit.append(session, act, audit.audit_key(SECRET), at)


def run(browser, **told):
    asked = {"kind": "SUBPOENA", "why": "DRILL", "number": NUMBER, "since": f"{TODAY - 9 * DAY:%m/%d/%Y}",
             "until": f"{TODAY:%m/%d/%Y}"} | told  # fmt: skip
    return browser.post("/privacy/runbooks", data=asked)


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text.split("<main")[1]))


@ONE
def test_one_page_gathers_what_waits_for_a_privacy_officer_with_its_clock(office, privacy):
    opened(office, TODAY - DAY)
    opened(office, TODAY + DAY)
    opened(office, TODAY - 10 * DAY, reviewed_at=NOW - DAY)
    opened(office, TODAY + DAY, reviewed_at=NOW - DAY)
    with office.database.system("test: a wall") as session, session.begin():
        session.add(Wall(agency_id=office.town.office, user_id=office.officer, person_id=office.matter.person,
                         sealed_why=b"x", entered_by_id=1, entered_at=NOW - DAY, ended_at=NOW))  # fmt: skip
    assert privacy.get("/").headers["location"] == "/privacy"
    told = words(privacy.get("/privacy"))
    assert "Cases opened without assignment, 2" in told and "1 overdue" in told
    assert "Reviewed in the last 30 days: 2, of which 1 within three business days" in told
    assert "0 standing" in told and "No drill is on record" in told
    assert NUMBER not in told and "Example, Ann" not in told


@ONE
def test_an_account_stopped_for_guessing_shows_by_name_to_its_own_agency_and_else_by_the_agency_alone(
    office, privacy, client_as
):
    with office.database.system("test: dispatch") as session, session.begin():
        room = Agency(id=random_id(), kind="dispatch", name="Riverbend 911", code="room", zone="UTC")
        session.add(room)
        session.flush()
        who = add_user(session, room.id, "dispatch", "V. Ortega")
        act = audit.Act(event="caller.matched", user_id=who, agency_id=room.id, outcome=audit.Outcome.DENIED)
        audit.append(session, act, audit.audit_key(SECRET), NOW - DAY)
        room_id = room.id
    told = words(privacy.get("/privacy"))
    assert "An account of Riverbend 911" in told and "V. Ortega" not in told
    own = client_as("privacy_officer", agency_id=room_id, name="A colleague")
    assert "V. Ortega" in words(own.get("/privacy"))
    assert "Riverbend 911" not in words(privacy.get("/privacy"))  # it has an officer of its own by now


@ONE
def test_a_subpoena_is_walked_from_stop_to_log(office, privacy):
    with office.database.system("test: an advocacy agency") as session, session.begin():
        session.add(Agency(id=random_id(), kind="advocacy", name="Safe Harbor", code="harbor", zone="UTC"))
    looked(office, office.colleague, NOW - 2 * DAY)
    looked(office, office.colleague, NOW - DAY, "flag.read")
    looked(office, office.officer, NOW - 20 * DAY)  # before the period
    told = words(run(privacy))
    for step in ("Stop", "Tell counsel", "Tell the advocacy agencies", "See who looked", "Log"):
        assert step in told
    assert "Safe Harbor" in told and "A drill." in told
    assert f"cho@agency.example {NUMBER} 2" in told and "reyes@agency.example" not in told
    assert "The last runs" in words(privacy.get("/privacy"))
    with office.database.system("test: the trail", writes=False) as session:
        [kept] = session.scalars(select(AuditEntry.detail).where(AuditEntry.event == "privacy.runbook"))
    assert kept == {"kind": "subpoena", "why": "drill", "found": 1}  # neither the number nor a name


@ONE
def test_a_breach_drill_says_at_which_cases_an_account_looked_and_that_survivors_are_told_by_a_person(office, privacy):
    looked(office, office.colleague, NOW - 2 * DAY)
    told = words(run(privacy, kind="BREACH", number="", email="cho@agency.example"))
    assert f"cho@agency.example {NUMBER} 1" in told
    assert "Survivors are told by a person" in told and "Never by letter" in told
    assert "near probation" in told  # whose privacy officer is to be told


@ONE
def test_a_case_or_account_of_another_agency_reads_like_one_that_is_not_there(office, privacy):
    with office.database.system("test: another agency") as session, session.begin():
        add_user(session, office.town.court_agency, "clerk", "clerk@court.example")
    answers = {
        re.sub(r"\S+@\S+|99-\S+", "", words(run(privacy, **asked)))
        for asked in ({"kind": "BREACH", "email": one} for one in ("clerk@court.example", "no@body.example"))
    }
    assert len(answers) == 1 and "Nothing is kept" in answers.pop()
    assert "Nothing is kept" in words(run(privacy, number="99-XX-1"))


@ONE
def test_what_is_missing_is_said_at_its_field(office, privacy):
    page = run(privacy, kind="", why="", since="", until="")
    assert page.status_code == 422
    for said in ("Choose what has come", "Say whether it is a drill", "Give the day"):
        assert said in page.text
    assert "The last day is before the first" in run(privacy, since=f"{TODAY + DAY:%m/%d/%Y}").text
    assert "At most a year" in run(privacy, since="01/01/2020").text


def test_a_subpoena_that_comes_on_a_friday_is_told_on_monday():
    friday = datetime(2026, 3, 6, 22, tzinfo=UTC)
    due = {one.title: one.by for one in steps("SUBPOENA", "America/Los_Angeles", friday)}
    assert due["Tell the advocacy agencies"] == datetime(2026, 3, 10, 0, tzinfo=UTC)  # Monday, 5 PM there
    assert due["Stop"] == friday and due["Log"] is None


def test_on_either_database_the_period_decides_what_is_listed(office, privacy):
    looked(office, office.colleague, NOW - 2 * DAY)
    assert f"cho@agency.example {NUMBER} 1" in words(run(privacy))
    assert "Nothing is kept" in words(run(privacy, until=f"{TODAY - 5 * DAY:%m/%d/%Y}"))
