"""A flag on screen: what it rests on, one decision, the way back; and no way in for whoever may not see it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from monitor.models import Adjudication, AuditEntry, Flag, Review
from tests.builders import build_town
from tests.office import miss_a_class, open_office, take_over

MISSED = date(2026, 2, 23)
ANSWERS = {
    f"barrier_{name}": "no"
    for name in ("language", "disability", "work_shift", "transport", "child_care", "program_seats")
}


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: a missed class") as session, session.begin():
        miss_a_class(session, office, MISSED)
    return office


@pytest.fixture
def officer(office, client_as, database):
    return take_over(database, client_as("officer", agency_id=office.town.office))


def token_of(text):
    return re.search(r'name="token" value="([^"]+)"', text).group(1)


def send(browser, flag_id, **form):
    if "token" not in form:
        form["token"] = token_of(browser.get(f"/flags/{flag_id}").text)
    return browser.post(f"/flags/{flag_id}/reviews", data=form)


def bare(text):
    """A page without what differs on every request: its reference and the time."""
    return re.sub(r"[0-9a-f]{8,}|\d+:\d\d [AP]M", "", text.split("<main")[1])


def state_of(database, flag_id):
    with database.system("test: look") as session:
        return session.scalar(select(Flag.state).where(Flag.id == flag_id))


def test_the_page_shows_everything_a_reviewer_needs(office, officer):
    page = officer.get(f"/flags/{office.flags['missed']}")
    assert page.status_code == 200
    for told in (
        "Unexcused absence", "Example Code 1.2(a)", "us_ca.absence_unexcused", "Rows that count, 1",
        "Rows looked at that do not count", "What is not known", "What would make this wrong", "What clears it",
        "Example, Ann", "This is a question for a person",
    ):  # fmt: skip
        assert told in page.text
    assert "iolation" not in page.text


@pytest.mark.parametrize("role", ["program", "judge", "clerk", "administrator"])
def test_other_roles_have_no_such_page(office, client_as, role):
    browser = client_as(role)
    assert browser.get(f"/flags/{office.flags['missed']}").status_code == 403
    assert browser.post(f"/flags/{office.flags['missed']}/reviews", data={"decision": "ACT"}).status_code == 403


def test_another_office_reads_the_same_as_for_a_flag_that_does_not_exist(office, client_as, database):
    with database.system("test: elsewhere") as session, session.begin():
        far = build_town(session, code="far")
    stranger = client_as("officer", agency_id=far.office)
    hidden, absent = stranger.get(f"/flags/{office.flags['missed']}"), stranger.get("/flags/123456789")
    assert hidden.status_code == absent.status_code == 404
    assert bare(hidden.text) == bare(absent.text)
    assert stranger.get(f"/flags/{10**30}").status_code == 404
    assert stranger.post(f"/flags/{office.flags['missed']}/contest", data={"contested": "yes"}).status_code == 404


def test_dismissing_needs_words_and_keeps_what_was_chosen(office, officer, database):
    flag_id = office.flags["missed"]
    page = send(officer, flag_id, decision="DISMISS", words="")
    assert page.status_code == 422
    assert "Say in a few words why it is dismissed." in page.text
    assert re.search(r'value="DISMISS" checked', page.text)
    assert state_of(database, flag_id) == "OPEN"
    assert send(officer, flag_id, decision="DISMISS", words="Wrong line of the sheet.").status_code == 303
    assert state_of(database, flag_id) == "DISMISSED"
    assert "Wrong line of the sheet." in officer.get(f"/flags/{flag_id}").text


def test_the_first_report_asks_six_questions_and_nothing_is_saved_without(office, officer, database):
    flag_id = office.flags["missed"]
    page = send(officer, flag_id, decision="ACT", words="Please review.")
    assert page.status_code == 422
    assert page.text.count("Answer this question first.") == 12  # once on top, once at the question
    assert state_of(database, flag_id) == "OPEN"
    sent = send(officer, flag_id, decision="ACT", words="Please review.", **ANSWERS)
    assert sent.status_code == 303
    assert sent.headers["location"].startswith("/allegations/")
    assert state_of(database, flag_id) == "REPORTED"


def test_something_in_the_way_is_moved_to_the_systems_gaps_and_asked_again_once_closed(office, officer, database):
    path, flag_id = f"/flags/{office.flags['missed']}", office.flags["missed"]
    in_the_way = {**ANSWERS, "barrier_transport": "yes"}
    refused = send(officer, flag_id, decision="HANDLE", words="A call all the same.", **in_the_way)
    assert refused.status_code == 422 and "this is a gap of the system first" in refused.text
    assert state_of(database, flag_id) == "OPEN"
    assert send(officer, flag_id, decision="GAP", words="Bus pass by Friday.", **in_the_way).status_code == 303
    page = officer.get(path).text
    assert "A gap of the system, and not the person&#39;s" in page and "no way to get there" in page
    assert "Class proposed" not in page and "Report to the court" not in page.split("<main")[1]
    assert "Close a gap of the system: 1 person" in officer.get("/today").text
    assert send(officer, flag_id, decision="BACK", words="He has the pass.").status_code == 303
    assert "A gap of the system, and not" not in (again := officer.get(path).text) and "Class proposed" in again


def test_excusing_writes_the_decision_and_undo_takes_both_back(office, officer, database):
    flag_id = office.flags["missed"]
    saved = send(officer, flag_id, decision="EXCUSE", why="MEDICAL", words="Appointment card seen.")
    assert saved.status_code == 303
    with database.system("test: look") as session:
        assert session.scalars(select(Adjudication.decision).order_by(Adjudication.recorded_at)).all()[-1] == "EXCUSED"
        review_id = session.scalar(select(Review.id))
    assert f"/reviews/{review_id}/undo" in officer.get(f"/flags/{flag_id}").text
    assert officer.post(f"/reviews/{review_id}/undo", data={}).status_code == 303
    with database.system("test: look") as session:
        newest = session.scalars(select(Adjudication.decision).order_by(Adjudication.recorded_at)).all()[-1]
    assert (newest, state_of(database, flag_id)) == ("UNEXCUSED", "OPEN")


def test_a_colleague_was_faster(office, officer, client_as, database):
    flag_id = office.flags["missed"]
    stale = token_of(officer.get(f"/flags/{flag_id}").text)
    colleague = client_as("officer_supervisor", agency_id=office.town.office, name="L. Cho")
    assert send(colleague, flag_id, decision="DISMISS", words="Wrong day on the sheet.").status_code == 303
    page = send(officer, flag_id, token=stale, decision="ACT", words="My long words.", **ANSWERS)
    assert page.status_code == 409
    assert "L. Cho dismissed it: Wrong day on the sheet." in page.text
    assert state_of(database, flag_id) == "DISMISSED"


def test_a_page_made_old_by_new_facts_keeps_what_was_typed(office, officer, database):
    flag_id = office.flags["missed"]
    page = send(officer, flag_id, token="v0.0", decision="DISMISS", words="My long words.")
    assert page.status_code == 409
    assert "My long words." in page.text
    assert "Nothing was saved" in page.text


def test_a_report_is_undone_until_a_supervisor_let_it_go(office, officer, database):
    flag_id = office.flags["missed"]
    send(officer, flag_id, decision="ACT", words="Please review.", **ANSWERS)
    with database.system("test: which review") as session:
        review_id = session.scalar(select(Review.id))
    assert f"/reviews/{review_id}/undo" in officer.get(f"/flags/{flag_id}").text
    office.officer = officer.user_id
    office.to_court(flag_id, datetime.now(UTC))
    assert officer.post(f"/reviews/{review_id}/undo", data={}).status_code == 409
    assert state_of(database, flag_id) == "ACTED"
    officer.get(f"/flags/{flag_id}")  # the message of the decision, with its own undo, is told once
    assert f"/reviews/{review_id}/undo" not in officer.get(f"/flags/{flag_id}").text
    assert officer.post("/reviews/99/undo", data={}).status_code == 404


def test_the_person_contests_with_one_press(office, officer):
    path = f"/flags/{office.flags['missed']}"
    assert officer.post(f"{path}/contest", data={"contested": "yes"}).status_code == 303
    assert "Contested" in officer.get(path).text
    assert "Contested" in officer.get("/today?team=true").text
    officer.post(f"{path}/contest", data={"contested": "no"})
    assert "No longer contested" not in officer.get(path).text.split("<main")[1].split("Decisions so far")[1]


def test_every_look_and_every_decision_is_in_the_audit_trail_by_ids_only(office, officer, database):
    flag_id = office.flags["missed"]
    send(officer, flag_id, decision="DISMISS", words="A secret reason.")
    with database.system("test: look at the trail") as session:
        entries = session.execute(select(AuditEntry.event, AuditEntry.subjects, AuditEntry.detail)).all()
    kept = {entry.event: entry for entry in entries}
    assert flag_id in kept["flag.read"].subjects
    assert office.matter.case in kept["flag.reviewed"].subjects
    assert kept["flag.reviewed"].detail == {"decision": "DISMISS", "reason": "assigned"}
    assert "secret" not in repr(entries)


def test_a_decision_refused_is_not_in_the_audit_trail(office, officer, database):
    send(officer, office.flags["missed"], decision="DISMISS", words="")
    with database.system("test: look at the trail") as session:
        assert not session.scalar(select(AuditEntry.id).where(AuditEntry.event == "flag.reviewed"))


def test_an_invented_decision_is_refused(office, officer, database):
    for decision in ("REVOKE", "REOPEN", ""):
        assert send(officer, office.flags["missed"], decision=decision, words="x").status_code == 422
    assert state_of(database, office.flags["missed"]) == "OPEN"
