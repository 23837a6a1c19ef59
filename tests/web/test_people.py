"""A person on screen, the ledger, the caseload, an absence, and Today."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from monitor.models import Adjudication, Assignment, AuditEntry
from tests.builders import absent, attended, build_town, contact, correct
from tests.office import hearing, open_office, raise_flag, supervised

MISSED = date(2026, 2, 23)


def bare(text):
    """A page without what differs on every request: its reference and the time."""
    return re.sub(r"[0-9a-f]{8,}|\d+:\d\d [AP]M", "", text.split("<main")[1])


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: some weeks") as session, session.begin():
        first = attended(session, office.matter, date(2026, 2, 9))
        correct(session, first, first.recorded_at + timedelta(days=1), outcome="ABSENT", program_says="ABS")
        attended(session, office.matter, date(2026, 2, 16))
        office.missed = absent(session, office.matter, MISSED).id
        contact(session, office.matter, date(2026, 2, 17))
        office.flags["proof"] = raise_flag(session, office.matter, "ENROLLMENT_PROOF_OVERDUE", "B", due_on="2026-02-04")
        hearing(session, office.matter, datetime.now(UTC) + timedelta(days=2))
    return office


@pytest.fixture
def officer(office, client_as, database):
    """The officer who supervises the person."""
    browser = client_as("officer", agency_id=office.town.office)
    with database.system("test: assigned") as session, session.begin():
        session.scalar(select(Assignment)).user_id = browser.user_id
    return browser


@pytest.fixture
def stranger(office, client_as, database):
    with database.system("test: elsewhere") as session, session.begin():
        far = build_town(session, code="far")
    return client_as("officer", agency_id=far.office)


def test_the_overview_tells_duties_what_waits_and_what_comes(office, officer):
    page = officer.get(f"/people/{office.matter.person}")
    assert page.status_code == 200
    for told in ("Example, Ann", "Conditions", "Needs you", "Proof of enrollment is not on file", "Decide an absence",
                 "Compliance review, Dept 4", "Orders in force", "26 weeks", "near program last reported"):  # fmt: skip
        assert told in page.text
    assert "iolation" not in page.text
    assert not re.search(r"\bscore\b", page.text)


def test_the_strip_says_in_words_what_its_marks_show(office, officer):
    page = officer.get(f"/people/{office.matter.person}").text
    desc = re.search(r"<desc[^>]*>([^<]*)</desc>", page).group(1)
    assert desc == "26 not reported, 4 still to come"


def test_a_person_of_another_office_reads_like_one_that_does_not_exist(office, stranger):
    answers = [stranger.get(path) for path in (f"/people/{office.matter.person}", "/people/4711", f"/people/{10**40}")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({bare(answer.text) for answer in answers}) == 1
    assert stranger.get(f"/people/{office.matter.person}/compliance").status_code == 404
    assert stranger.get(f"/absences/{office.missed}/decide").status_code == 404


def test_a_case_of_somebody_else_is_not_opened_under_this_person(office, officer, database):
    with database.system("test: another person") as session, session.begin():
        other = supervised(session, office.town, office.officer, "Other", "B.")
    assert officer.get(f"/people/{office.matter.person}?case={other.case}").status_code == 404


def test_the_ledger_shows_weeks_sources_and_corrections(office, officer):
    page = officer.get(f"/people/{office.matter.person}/compliance").text
    assert "Attended" in page
    assert "Absent, not decided" in page
    assert "<b>corrected</b>" in page
    assert "Entered wrongly." in page
    assert "near program, grid" in page
    assert "Not reported" in page


def test_the_caseload_lists_a_sentence_for_each_person(office, officer):
    page = officer.get("/caseload").text
    assert "Example, Ann" in page
    assert "Caseload, 1" in page
    assert "1 question" in page


def test_names_are_searched_by_post_and_stand_in_no_address(office, officer):
    page = officer.post("/caseload", data={"words": "exam ann"})
    assert page.status_code == 200
    assert "Example, Ann" in page.text
    nobody = officer.post("/caseload", data={"words": "nobody%"})
    assert "0 of 1 match" in nobody.text
    assert not re.search(r'href="[^"]*exam', page.text, re.I)


def test_filters_are_codes_in_the_address_and_say_when_nothing_matches(office, officer):
    assert "Example, Ann" in officer.get("/caseload?only=open&only=court").text
    assert "Example, Ann" in officer.get("/caseload?only=unheard-of").text
    assert officer.get("/caseload?number=7").status_code == 200


def test_a_caseload_without_people_says_who_assigns_them(office, client_as):
    colleague = client_as("officer", agency_id=office.town.office)
    assert "No one is assigned to you yet." in colleague.get("/caseload").text
    assert "Nobody is assigned to you yet." in colleague.get("/today").text


def test_a_supervisor_begins_with_the_whole_office(office, client_as):
    supervisor = client_as("officer_supervisor", agency_id=office.town.office)
    assert "Example, Ann" in supervisor.get("/today").text
    assert "Example, Ann" in supervisor.get("/caseload").text
    assert "Example, Ann" not in supervisor.get("/caseload?team=false").text


def test_today_shows_what_is_overdue_without_a_click(office, officer):
    page = officer.get("/today").text
    assert "Proof of enrollment is not on file" in page
    assert f"/absences/{office.missed}/decide" in page
    assert "Overdue, 1" in page
    assert officer.get("/").headers["location"] == "/today"


def decide(browser, attendance_id, **form):
    page = browser.get(f"/absences/{attendance_id}/decide").text
    form.setdefault("token", re.search(r'name="token" value="([^"]+)"', page).group(1))
    return browser.post(f"/absences/{attendance_id}/decide", data=form)


def test_an_absence_is_decided_in_one_form(office, officer, database):
    saved = decide(officer, office.missed, decision="EXCUSED", why="MEDICAL", words="Card seen.")
    assert saved.status_code == 303
    assert "Card seen." in officer.get(f"/absences/{office.missed}/decide").text
    with database.system("test: look") as session:
        assert session.scalar(select(Adjudication.decision)) == "EXCUSED"
        assert session.scalar(select(AuditEntry.id).where(AuditEntry.event == "absence.decided"))


@pytest.mark.parametrize("day", ["12/31/2099", "2099-12-31", "12/31/99"])
def test_the_day_for_evidence_may_be_typed_as_people_do(office, officer, day):
    assert decide(officer, office.missed, decision="PENDING_EVIDENCE", evidence_due_on=day).status_code in (303, 422)
    assert decide(officer, office.missed, decision="PENDING_EVIDENCE", evidence_due_on="soon").status_code == 422


def test_an_overtaken_absence_page_is_refused_and_shows_what_stands(office, officer):
    decide(officer, office.missed, decision="UNEXCUSED", words="No reason given.")
    page = decide(officer, office.missed, token=f"{office.missed}.0", decision="EXCUSED", why="MEDICAL")
    assert page.status_code == 409
    assert "Not excused" in page.text


def test_other_roles_see_none_of_it(office, client_as):
    for role in ("program", "judge", "clerk", "administrator"):
        browser = client_as(role)
        for path in ("/today", "/caseload", f"/people/{office.matter.person}", f"/absences/{office.missed}/decide"):
            assert browser.get(path).status_code == 403
