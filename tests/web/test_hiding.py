"""Hide on Today, on screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from monitor.models import HiddenItem
from tests.builders import add_user, build_town
from tests.office import open_office, raise_flag, take_over

DAY = timedelta(days=1)
NEXT_WEEK = f"{datetime.now(UTC).date() + 6 * DAY:%m/%d/%Y}"


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: two questions") as session, session.begin():
        office.flags["proof"] = raise_flag(session, office.matter, "ENROLLMENT_PROOF_OVERDUE", "B")
        office.flags["alleged"] = raise_flag(session, office.matter, "NO_CONTACT_ALLEGED", "D")
    return office


@pytest.fixture
def officer(office, client_as, database):
    return take_over(database, client_as("officer", agency_id=office.town.office))


def send(browser, office, flag="proof", **sent):
    sent = {"token": "v1", "until_on": NEXT_WEEK, "reason": "Proof is in the mail."} | sent
    return browser.post(f"/flags/{office.flags[flag]}/hide", data=sent, follow_redirects=True)


def rows(database):
    with database.system("test: look") as session:
        return session.scalars(select(HiddenItem)).all()


def test_today_offers_it_hides_it_and_takes_it_back(office, officer, database):
    proof = f"/flags/{office.flags['proof']}/hide"
    assert proof in officer.get("/today").text
    assert f"/flags/{office.flags['alleged']}/hide" not in officer.get("/today").text
    assert "Why it can wait" in officer.get(proof).text
    answer = send(officer, office)
    assert "Hidden until" in answer.text
    assert "Hidden, 1" in answer.text
    assert "Proof is in the mail." in answer.text
    assert proof not in answer.text
    [row] = rows(database)
    again = officer.post(f"/hidden/{row.id}/show", data={}, follow_redirects=True)
    assert "It is back on the list." in again.text
    assert proof in again.text


def test_no_day_too_far_a_day_or_no_reason_is_answered_with_the_form(office, officer, database):
    far = f"{datetime.now(UTC).date() + 20 * DAY:%m/%d/%Y}"
    for sent, said in (
        ({"until_on": "soon"}, "Type the day on which it comes back"), ({"until_on": far}, "at most 14 days ahead."),
        ({"reason": " "}, "Say in a few words why it can wait."),
    ):
        answer = send(officer, office, **sent)
        assert (answer.status_code, said in answer.text) == (422, True)
    assert not rows(database)


def test_words_about_a_protected_person_are_stopped_before_they_are_kept(office, officer, database):
    answer = send(officer, office, reason="His wife moved to 12 Elm Street.")
    assert answer.status_code == 422
    assert not rows(database)


def test_a_safety_question_says_why_it_stays(office, officer, database):
    assert "stays in sight until somebody decides" in officer.get(f"/flags/{office.flags['alleged']}/hide").text
    assert send(officer, office, "alleged").status_code == 409
    assert not rows(database)


def test_what_changed_meanwhile_is_shown_and_the_typed_words_stay(office, officer, database):
    answer = send(officer, office, token="v0")
    assert answer.status_code == 409
    assert "It changed since you opened it." in answer.text
    assert "Proof is in the mail." in answer.text
    assert not rows(database)


def test_another_office_finds_nothing_to_hide_and_nothing_hidden(office, officer, client_as, database):
    send(officer, office)
    with database.system("test: elsewhere") as session, session.begin():
        far = build_town(session, code="far")
        add_user(session, far.office, "officer", "far@agency.example")
    stranger = client_as("officer", agency_id=far.office)
    assert stranger.get(f"/flags/{office.flags['proof']}/hide").status_code == 404
    assert stranger.post(f"/hidden/{rows(database)[0].id}/show", data={}).status_code == 404
    assert rows(database)[0].ended_at is None
