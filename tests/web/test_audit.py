"""Everybody sees what is kept of what they did; a privacy officer asks who looked, and learns nothing of the case."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from monitor import audit
from monitor.access.policy import POLICY
from monitor.access.roles import Role
from monitor.models import Agency, Assignment, Case, Person, User
from monitor.trail.look_back import look_back
from monitor.trail.wording import EVENTS
from tests.builders import person_with_order
from tests.office import hearing, open_office, take_over
from tests.web.accounts import SECRET

# Wednesday noon in Los Angeles
NOON = datetime(2026, 11, 25, 20, tzinfo=UTC)


@pytest.fixture
def office(database):
    return open_office(database)


def number_of(database, case):
    with database.system("test: look", writes=False) as session:
        return session.scalar(select(Case.number).where(Case.id == case))


def look(database, user, agency, *subjects, at=NOON, event="person.read", outcome=audit.Outcome.DONE):
    with database.system("test: a look") as session, session.begin():
        act = audit.Act(event=event, user_id=user, agency_id=agency, subjects=subjects, outcome=outcome)
        audit.append(session, act, audit.audit_key(SECRET), at)


def back(database, agency, until=NOON + timedelta(days=1)):
    from monitor.access.scope import Scope

    with database.scoped(Scope(user_id=1, role="privacy_officer", agency_id=agency)) as session:
        return {line.who: line for line in look_back(session, agency, "America/Los_Angeles", until).lines}


def ask(browser, number):
    return browser.post("/audit/case", data={"number": number})


def main(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text.split("<main")[1].split("</main")[0]))


def test_every_event_of_the_policy_has_words():
    named = {policy.event for policy in POLICY.values() if policy.event}
    assert named <= set(EVENTS)


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_every_role_sees_its_own_trail_and_nobody_elses(database, office, client_as, role):
    other = client_as("officer", agency_id=office.town.office, name="Robin Cho")
    other.get("/caseload")
    me = client_as(role)
    first = me.get("/audit")
    assert first.status_code == 200
    assert "Looked at the caseload" not in first.text
    assert "Looked at their own trail" in me.get("/audit").text


def test_a_day_can_be_turned_back(database, office, client_as):
    officer = client_as("officer", agency_id=office.town.office)
    look(database, officer.user_id, office.town.office, office.matter.person, at=NOON - timedelta(days=30))
    assert "Looked at a person" in main(officer.get("/audit?day=2026-10-26"))
    assert "Looked at a person" not in main(officer.get("/audit?day=2026-10-25"))
    assert officer.get("/audit?day=soon").status_code == 400


def test_an_agencys_trail_is_for_its_privacy_officer_alone(database, office, client_as):
    client_as("officer", agency_id=office.town.office, name="Robin Cho").get("/caseload")
    mine = client_as("privacy_officer", agency_id=office.town.office).get("/audit/agency")
    assert "Robin Cho Looked at the caseload" in main(mine)
    elsewhere = client_as("privacy_officer", agency_id=office.town.court_agency).get("/audit/agency")
    assert "Robin Cho" not in elsewhere.text
    for role in Role:
        if role is not Role.PRIVACY_OFFICER:
            browser = client_as(role.value)
            for path in ("/audit/agency", "/audit/case", "/audit/look-back"):
                assert browser.get(path).status_code == 403, (role, path)


def test_what_advocates_did_is_for_their_own_agencys_privacy_officer(database, client_as):
    advocate = client_as("advocate", name="Dana Advocate")
    advocate.get("/audit")
    with database.system("test: agencies", writes=False) as session:
        home = session.scalar(select(Agency.id).where(Agency.kind == "advocacy"))
    assert "Dana Advocate" in client_as("privacy_officer", agency_id=home).get("/audit/agency").text
    assert "Dana Advocate" not in client_as("privacy_officer", name="Joint Officer").get("/audit/agency").text
    assert client_as("administrator").get("/audit/agency").status_code == 403


def test_who_looked_at_a_case_whatever_page_it_was(database, office, client_as):
    officer = take_over(database, client_as("officer", agency_id=office.town.office, name="Robin Cho"))
    officer.get(f"/people/{office.matter.person}")
    with database.system("test: a hearing") as session, session.begin():
        heard = hearing(session, office.matter, NOON)
    look(database, office.colleague, office.town.office, heard, event="hearing.read")
    number = number_of(database, office.matter.case)
    answer = ask(client_as("privacy_officer", agency_id=office.town.office), number)
    assert "Robin Cho Looked at a person" in main(answer)
    assert "Looked at a case before its hearing" in main(answer)
    assert "Example" not in main(answer)  # the person's own name is not for this page


def test_a_strange_number_and_a_case_without_looks_read_the_same(database, office, client_as):
    with database.system("test: another case") as session, session.begin():
        unseen = person_with_order(session, office.town)
    number = number_of(database, unseen.case)
    officer = client_as("privacy_officer", agency_id=office.town.office)
    same = {main(ask(officer, one)).replace(one, "N") for one in (number, "NO-SUCH-1")}
    assert len(same) == 1
    outsider = client_as("privacy_officer", name="Other Officer")
    looked_at = number_of(database, office.matter.case)
    look(database, office.officer, office.town.office, office.matter.person)
    assert main(ask(outsider, looked_at)).replace(looked_at, "N") in same


def test_a_number_is_asked_for(database, office, client_as):
    answer = ask(client_as("privacy_officer", agency_id=office.town.office), " ")
    assert answer.status_code == 422
    assert "Type the number of the case" in answer.text


def test_the_look_back_finds_planted_misuse(database, office):
    agency, here = office.town.office, (office.matter.person, office.matter.case)
    with database.system("test: a namesake") as session, session.begin():
        session.get_one(User, office.colleague).name = "Robin Sample"
        namesake = person_with_order(session, office.town)
        session.get_one(Person, namesake.person).family_name = "sample"
        session.get_one(User, office.officer).name = "Alex Reyes"
    number, other = number_of(database, office.matter.case), number_of(database, namesake.case)
    look(database, office.officer, agency, *here)  # his own case, at noon: nothing to ask
    for _ in range(10):
        look(database, office.colleague, agency, *here)
    look(database, office.colleague, agency, namesake.person, namesake.case, at=NOON.replace(hour=10))
    look(database, office.colleague, agency, 77, outcome=audit.Outcome.ABSENT)
    lines = back(database, agency)
    assert not lines["Alex Reyes"].to_ask
    found = lines["Robin Sample"]
    assert (found.looks, found.cases, found.off_hours, found.refused) == (12, 2, 1, 1)
    assert set(found.unassigned) == {number, other}
    assert found.often == (number,)
    assert found.namesakes == (other,)
    assert list(lines) == ["Robin Sample", "Alex Reyes"]  # those to ask first


@pytest.mark.parametrize(("account", "family", "asked"), [
    ("Ana García Ortiz", "Garcia", True), ("Ana Ortiz", "García Ortiz", True), ("Ana Cruz", "de la Cruz", True),
    ("Ana Muller", "Müller", True), ("Ana Mueller", "Müller", True), ("Bo Smith Jr.", "Smith", True),
    ("Ann Smith-Jones", "Jones", True), ("Ann O'Neal", "Oneal", True), ("Delacruz, Ana", "de la Cruz", True),
    ("Ann Smith", "Ann", False), ("Ana de la Cruz", "de la Fuente", False), ("Ann Smith", "Smithson", False),
])  # fmt: skip
def test_a_look_at_ones_own_family_name_is_found_however_it_is_written(database, office, account, family, asked):
    with database.system("test: a namesake") as session, session.begin():
        session.get_one(User, office.officer).name = account
        session.get_one(Person, office.matter.person).family_name = family
    look(database, office.officer, office.town.office, office.matter.case)
    [line] = back(database, office.town.office).values()
    assert bool(line.namesakes) is asked


def test_a_privacy_officers_own_questions_are_no_looks_at_a_case(database, office, client_as):
    officer = client_as("privacy_officer", agency_id=office.town.office, name="Pat Lee")
    ask(officer, number_of(database, office.matter.case))
    ask(officer, "NO-SUCH-1")
    assert "Nobody of this agency looked" in officer.get("/audit/look-back").text


def test_a_look_that_showed_something_is_never_counted_as_a_try(database, office):
    look(database, office.officer, office.town.office, 77)  # done, about a row that is on record no more
    [line] = back(database, office.town.office).values()
    assert (line.looks, line.cases, line.refused) == (1, 0, 0)


def test_an_assignment_counts_only_while_it_lasts(database, office):
    with database.system("test: handed over") as session, session.begin():
        had = session.scalars(select(Assignment).where(Assignment.user_id == office.officer)).one()
        had.until_on = NOON.date()
    look(database, office.officer, office.town.office, office.matter.case, at=NOON - timedelta(days=1))
    [before] = back(database, office.town.office).values()
    assert not before.unassigned
    look(database, office.officer, office.town.office, office.matter.case, at=NOON)
    [after] = back(database, office.town.office).values()
    assert after.unassigned


def test_the_look_back_is_of_seven_days(database, office, client_as):
    look(database, office.officer, office.town.office, office.matter.case, at=NOON - timedelta(days=8))
    assert back(database, office.town.office, NOON) == {}
    page = client_as("privacy_officer", agency_id=office.town.office).get("/audit/look-back?until=2026-11-17")
    assert "Looks in seven days" in page.text
    empty = client_as("privacy_officer", agency_id=office.town.office).get("/audit/look-back?until=2026-10-17")
    assert "Nobody of this agency looked" in empty.text
