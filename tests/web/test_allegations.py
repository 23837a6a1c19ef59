"""Reports to the court on screen: drafted, sent, answered by a supervisor; nobody else comes in."""

from __future__ import annotations

import re

import msgspec
import pytest
from sqlalchemy import select

from monitor.clock import utc_now
from monitor.local_law import LocalLaw, Offices, Wording
from monitor.models import Agency, AllegationFlag, Attendance, AuditEntry, Court, Flag, random_id
from tests.builders import build_town, correct
from tests.office import miss_a_class, open_office, take_over
from tests.web.test_flags import ANSWERS, MISSED, send


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: a missed class") as session, session.begin():
        miss_a_class(session, office, MISSED)
    return office


@pytest.fixture
def officer(office, client_as, database):
    return take_over(database, client_as("officer", agency_id=office.town.office))


@pytest.fixture
def supervisor(office, client_as):
    return client_as("officer_supervisor", agency_id=office.town.office, name="K. Ito")


@pytest.fixture
def report(office, officer):
    """The path of a report that the officer began."""
    return send(officer, office.flags["missed"], decision="ACT", words="Please review.", **ANSWERS).headers["location"]


def act(browser, path, what, **form):
    if "token" not in form and what not in ("drop", "withdraw", "contest"):
        form["token"] = re.search(r'name="token" value="([^"]+)"', browser.get(path).text).group(1)
    return browser.post(f"{path}/{what}", data=form)


def state_of(database, office):
    with database.system("test: look") as session:
        return session.scalar(select(Flag.state).where(Flag.id == office.flags["missed"]))


def test_from_draft_to_the_court_by_two_people(office, officer, supervisor, report, database):
    text = officer.get(report).text
    for told in ("Unexcused absence", "Example Code 1.2(a)", "In the file for the respondent", "Draft", "Rests on"):
        assert told in text
    assert "iolation" not in text
    assert act(officer, report, "submit", ask="").status_code == 422
    kept = act(officer, report, "draft", ask="CLOSER", words="Keep the evening group.")
    assert kept.status_code == 303
    assert "Keep the evening group." in officer.get(report).text
    assert act(officer, report, "submit", ask="CLOSER", words="Keep the evening group.").status_code == 303
    assert state_of(database, office) == "REPORTED"
    assert "A supervisor of near probation approves it." in officer.get(report).text
    assert officer.post(f"{report}/approval", data={"decision": "approve"}).status_code == 403
    assert report in supervisor.get("/allegations").text
    assert act(supervisor, report, "approval", decision="return", reason="").status_code == 422
    page = act(supervisor, report, "approval", decision="approve", reason="None was wanted.")
    assert page.status_code == 422 and "An approval keeps no words" in page.text and "None was wanted." in page.text
    assert act(supervisor, report, "approval", decision="approve").status_code == 303
    assert state_of(database, office) == "ACTED"
    assert "Before the court" in officer.get("/allegations").text


def test_what_changed_meanwhile_is_told_and_what_was_typed_is_kept(office, officer, report, database):
    stale = re.search(r'name="token" value="([^"]+)"', officer.get(report).text).group(1)
    with database.system("test: the program corrects") as session, session.begin():
        correct(session, session.get_one(Attendance, office.missed), utc_now(), outcome="PRESENT")
    page = act(officer, report, "submit", token=stale, ask="CLOSER", words="My long words.")
    assert page.status_code == 409
    assert "Corrected: Class: absent" in page.text and "My long words." in page.text
    assert "A fact changed since this was saved" in officer.get(report).text


def test_evidence_is_added_with_who_saw_it_and_taken_out_again(officer, report):
    page = act(officer, report, "evidence", kind="DEVICE", on="2026-02-20", shows="At the gate.", seen_by="POLICE")
    assert page.status_code == 422
    assert "Name gaps in power or coverage" in page.text and "At the gate." in page.text
    full = {"kind": "DEVICE", "on": "2026-02-20", "shows": "At the gate.", "seen_by": "POLICE", "gaps": "none"}
    assert act(officer, report, "evidence", **full).status_code == 303
    assert "checked by police; power and coverage: none" in officer.get(report).text
    assert act(officer, report, "evidence", drop="1").status_code == 303
    assert "checked by police" not in officer.get(report).text


def test_what_a_protected_person_said_is_stopped_by_the_lint(officer, report):
    full = {"kind": "RECORD", "on": "2026-02-20", "shows": "She told me he was there.", "seen_by": "OFFICER"}
    assert act(officer, report, "evidence", **full).status_code == 422


def test_the_page_offers_no_field_for_who_spoke_and_takes_none(officer, report):
    text = officer.get(report).text
    assert 'value="TOLD"' not in text and '<input class="usa-input" id="seen_by"' not in text
    full = {"on": "2026-02-20", "shows": "He stood at the gate."}
    for wrong in ({"kind": "TOLD", "seen_by": "POLICE"}, {"kind": "RECORD", "seen_by": "Maria Lopez"}):
        assert act(officer, report, "evidence", **full, **wrong).status_code == 422
    assert "Lopez" not in officer.get(report).text


@pytest.mark.parametrize("role", ["program", "judge", "clerk", "prosecutor", "administrator"])
def test_no_other_role_has_the_offices_page(client_as, report, role):
    browser = client_as(role)
    assert browser.get(report).status_code == 403
    assert browser.get("/allegations").status_code == 403


def test_another_office_reads_the_same_as_for_a_report_that_does_not_exist(client_as, report, database):
    with database.system("test: elsewhere") as session, session.begin():
        far = build_town(session, code="far")
    stranger = client_as("officer", agency_id=far.office)
    assert stranger.get(report).status_code == stranger.get("/allegations/12345").status_code == 404
    assert report not in stranger.get("/allegations").text


def test_with_several_courts_an_approved_report_reaches_the_prosecution_that_the_site_named(
    office, officer, supervisor, report, database, client_as, app
):
    """Given two courts on one system and a prosecution without a case of this one When the site names it and a
    supervisor approves a report Then it has the case and the report."""
    with database.system("test: another county, and a prosecution") as session, session.begin():
        build_town(session, code="far")
        desk = random_id()
        session.add(Agency(id=desk, kind="prosecution", name="Near", code="near-da", zone="UTC"))
        court = session.scalars(select(Court.code).where(Court.id == office.town.court)).one()
    prosecutor = client_as("prosecutor", agency_id=desk, name="N. Quist")
    law = msgspec.structs.replace(app.state.site.law, offices={court: Offices(prosecution="near-da")})
    app.state.site = msgspec.structs.replace(app.state.site, law=law)
    act(officer, report, "submit", ask="CLOSER")
    assert "To decide, 0" in prosecutor.get("/prosecution").text
    act(supervisor, report, "approval", decision="approve")
    assert "To decide, 1" in prosecutor.get("/prosecution").text


def test_its_print_says_that_it_is_a_draft_until_a_supervisor_approved_it(officer, report):
    pdf = officer.get(f"{report}?format=pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")


def test_withdrawn_it_says_why_and_the_trail_has_each_act_by_ids_only(office, officer, supervisor, report, database):
    act(officer, report, "submit", ask="REVIEW", words="A secret word.")
    act(supervisor, report, "approval", decision="approve")
    assert act(officer, report, "contest", contested="yes").status_code == 303
    assert "CONTESTED" in officer.get(report).text
    assert act(officer, report, "withdraw", reason="").status_code == 422
    assert act(officer, report, "withdraw", reason="The wrong group.").status_code == 303
    assert "The wrong group." in officer.get(report).text
    assert state_of(database, office) == "OPEN"
    with database.system("test: look at the trail") as session:
        entries = session.execute(select(AuditEntry.event, AuditEntry.subjects, AuditEntry.detail)).all()
        number = session.scalar(select(AllegationFlag.allegation_id))
    events = {entry.event for entry in entries}
    assert {"allegation.submitted", "allegation.answered", "allegation.contested", "allegation.withdrawn"} <= events
    assert all(number in entry.subjects for entry in entries if entry.event == "allegation.answered")
    assert "secret" not in repr(entries)


def test_the_notice_is_made_after_approval_printed_and_handed_over(office, client_as, officer, supervisor, report, app):
    assert officer.post(f"{report}/notice", data={"language": "en"}).status_code == 422
    act(officer, report, "submit", ask="REVIEW")
    act(supervisor, report, "approval", decision="approve")
    assert "has not entered its court" in officer.get(report).text
    assert officer.post(f"{report}/notice", data={"language": "en"}).status_code == 422
    said = Wording(counsel="You may have a lawyer.", contest="Write to the clerk.", help="Ask the clerk.")
    site = app.state.site
    app.state.site = msgspec.structs.replace(site, law=LocalLaw(notice={"en": said, "es": said}))
    assert officer.get(f"{report}/notice?language=es").status_code == 404
    assert officer.post(f"{report}/notice", data={"language": "es"}).status_code == 303
    one, other = (officer.get(f"{report}/notice?language=es") for _ in range(2))
    assert one.headers["content-type"] == "application/pdf" and one.content == other.content
    assert officer.post(f"{report}/served", data={"how": "IN_PERSON", "served": ""}).status_code == 303
    assert "Handed over in person" in officer.get(report).text
    act(officer, report, "withdraw", reason="The wrong group.")
    assert "Hand over word that it was withdrawn" in officer.get(report).text


def test_the_safety_answer_is_shown_to_whoever_gave_it_and_another_ask_asks_anew(officer, supervisor, report):
    """An answer is of one person and for one ask: it stays in the office's draft and is ticked for nobody else."""
    ticked = 'value="DONE" checked'
    act(officer, report, "draft", ask="FIREARMS", safety="DONE")
    assert ticked in officer.get(report).text
    assert act(supervisor, report, "draft", ask="FIREARMS", words="With a word of mine.").status_code == 303
    assert ticked not in supervisor.get(report).text, "whoever saved next does not read it"
    text = officer.get(report).text
    assert ticked in text and 'name="safety_for" value="FIREARMS"' in text, "it still stands as whose it is"
    old = {"ask": "REVOCATION", "safety": "DONE", "safety_for": "FIREARMS"}
    page = act(officer, report, "submit", **old)
    assert page.status_code == 422 and "Answer the safety stop first" in page.text
    assert ticked not in page.text and "safety_for" not in page.text
    assert act(supervisor, report, "submit", ask="WARRANT").status_code == 422, "nor is it carried to another ask"
    assert act(officer, report, "submit", ask="REVOCATION", safety="DONE").status_code == 303


def test_of_a_withdrawn_report_the_old_notice_prints_no_more(officer, supervisor, report, app):
    words = Wording(counsel="You may have a lawyer.", contest="Write to the clerk.", help="An interpreter is free.")
    app.state.site = msgspec.structs.replace(app.state.site, law=LocalLaw(notice={"en": words}))
    act(officer, report, "submit", ask="REVIEW")
    act(supervisor, report, "approval", decision="approve")
    officer.post(f"{report}/notice", data={"language": "en"})
    assert officer.get(f"{report}/notice?language=en").status_code == 200
    act(officer, report, "withdraw", reason="The wrong group.")
    assert officer.get(f"{report}/notice?language=en").status_code == 404
    assert officer.post(f"{report}/served", data={"how": "IN_PERSON"}).status_code == 422
    officer.post(f"{report}/notice", data={"language": "en"})
    assert officer.get(f"{report}/notice?language=en").status_code == 200
    assert officer.post(f"{report}/served", data={"how": "IN_PERSON"}).status_code == 303
