"""The locked screen: thirty minutes without work, or by the person; nothing else is reached until they are back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from monitor.access.policy import POLICY
from monitor.models import AuthSession
from tests.web.accounts import PASSWORD
from tests.web.test_account import COOKIE, age_factor, events, sent

POLLED = 5


@pytest.fixture
def officer(client_as):
    return client_as("officer")


def idle(database, minutes=31):
    age_factor(database, seen_at=datetime.now(UTC) - timedelta(minutes=minutes))


def test_an_idle_person_reaches_nothing_but_unlocking_and_signing_out(officer, database, app):
    idle(database)
    for (method, path), policy in POLICY.items():
        if policy.public or policy.while_locked:
            continue
        answer = officer.request(method, re.sub(r"\{\w+\}", "1", path.replace("{day}", "2026-03-09")))
        refused = (401, "") if path.startswith("/api/") else (303, "/unlock")
        assert (answer.status_code, answer.headers.get("location", "")[:7]) == refused, (method, path)
    page = officer.get("/unlock")
    assert page.status_code == 200
    assert "Today" not in page.text and "Your trail" not in page.text


def test_unlocking_returns_to_the_page_with_a_new_token_that_is_no_fresher(officer, database, new_browser):
    age_factor(database, mfa_at=datetime.now(UTC) - timedelta(minutes=31))
    idle(database)
    assert officer.get("/caseload").headers["location"] == "/unlock?next=/caseload"
    before = officer.cookies[COOKIE]
    assert sent(officer, "/unlock", password=PASSWORD, next="/caseload").headers["location"] == "/caseload"
    assert officer.cookies[COOKIE] != before
    assert officer.get("/caseload").status_code == 200
    assert officer.get("/account/password").status_code == 403, "unlocking is no fresh factor"
    thief = new_browser()
    thief.cookies.set(COOKIE, before)
    assert thief.get("/caseload").headers["location"].startswith("/sign-in")
    assert "session.unlocked" in events(database)


def test_a_wrong_password_unlocks_nothing_and_five_lock_the_account(officer, database):
    idle(database)
    for _ in range(5):
        assert sent(officer, "/unlock", password="not the right password").status_code == 422
    assert sent(officer, "/unlock", password=PASSWORD).status_code == 422
    assert events(database, "denied").count("session.unlock_refused") == 5
    assert "account.locked" in events(database, "denied")
    assert officer.post("/sign-out").status_code == 303


def test_what_was_pressed_on_a_screen_that_had_locked_is_said_not_to_be_saved(officer, database):
    idle(database)
    pressed = officer.post("/caseload/hide", data={"person": "1"}).headers["location"]
    assert pressed.startswith("/unlock?unsaved=true&next=/") and "Not saved" in officer.get(pressed).text
    at = officer.post("/hearings/1/result", data={}).headers["location"]
    assert at == "/unlock?unsaved=true&next=/hearings/1/result", "it is the page that the form was on"
    assert "Not saved" not in officer.get("/unlock?next=/today").text
    fragment = officer.post("/service/1", data={}, headers={"hx-request": "true"})
    assert fragment.headers["hx-redirect"] == "/unlock", "a form that keeps what was typed says so itself"
    assert officer.post("/lock").headers["location"] == "/unlock"


def test_a_wrong_password_leaves_the_note_that_nothing_was_saved(officer, database):
    idle(database)
    page = officer.get(officer.post("/caseload/hide", data={"person": "1"}).headers["location"])
    for _ in range(2):
        kept = dict(re.findall(r'<input type="hidden" name="(next|unsaved)" value="([^"]*)"', page.text))
        page = sent(officer, "/unlock", password="not the right password", **kept)
        assert page.status_code == 422 and "Not saved" in page.text
    assert "Not saved" not in sent(officer, "/unlock", password="not the right password", next="/today").text


def test_what_was_pressed_in_another_window_that_was_open_before_unlocking_is_said_not_to_be_saved(officer, database):
    other = re.search(r'name="csrf" value="([^"]+)"', officer.get("/caseload").text)[1]
    idle(database)
    assert sent(officer, "/unlock", password=PASSWORD, next="/caseload").status_code == 303
    for headers in ({}, {"hx-request": "true"}):
        said = officer.post("/caseload/hide", data={"person": "1"}, headers={"x-csrf-token": other, **headers})
        assert said.status_code == 403 and "Not saved" in said.text and "what you typed" in said.text


def test_locking_by_hand_holds_at_once_and_is_recorded(officer, database):
    assert officer.post("/lock").headers["location"] == "/unlock"
    assert officer.get("/today").headers["location"] == "/unlock?next=/today"
    assert "session.screen_locked" in events(database)


def test_polling_for_forty_minutes_does_not_keep_the_screen_open(officer, database, monkeypatch):
    monkeypatch.setitem(POLICY, ("GET", "/help"), _polled())
    start = datetime.now(UTC) - timedelta(minutes=40)
    age_factor(database, seen_at=start, mfa_at=start, created_at=start)
    for _ in range(POLLED):
        officer.get("/help")
    assert officer.get("/today").headers["location"] == "/unlock?next=/today"


def _polled():
    import msgspec

    return msgspec.structs.replace(POLICY["GET", "/help"], no_slide=True)


def test_a_reader_says_that_they_are_still_there(officer, database):
    idle(database, 28)
    assert officer.post("/session/stay").status_code == 204
    with database.system("test: three minutes later") as session, session.begin():
        seen = session.scalar(update(AuthSession).values(mfa_at=datetime.now(UTC)).returning(AuthSession.seen_at))
    assert datetime.now(UTC) - seen < timedelta(minutes=1)


def test_after_twelve_hours_there_is_nothing_to_unlock(officer, database):
    long_ago = datetime.now(UTC) - timedelta(hours=12, seconds=1)
    age_factor(database, seen_at=long_ago, mfa_at=long_ago, created_at=long_ago)
    assert officer.get("/unlock").headers["location"].startswith("/sign-in")
    assert sent(officer, "/unlock", password=PASSWORD).status_code == 303
