"""What matters asks for a fresh factor, and nothing that was filled in is lost on the way."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from monitor.access.policy import POLICY
from monitor.access.roles import Role
from monitor.models import AuditEntry, AuthSession
from tests.web.accounts import token_of_forms
from tests.web.test_account import COOKIE, PHRASE, age_factor, code, events, sent

STEPS = sorted(key for key, policy in POLICY.items() if policy.step_up)


@pytest.fixture
def stale(client_as, database):
    """Somebody whose last factor is 301 seconds old."""

    def signed_in(role: str):
        browser = client_as(role)
        age_factor(database, mfa_at=datetime.now(UTC) - timedelta(seconds=301))
        return browser

    return signed_in


def test_every_route_marked_so_asks_for_a_fresh_factor_and_does_nothing(stale, database):
    people: dict[Role, object] = {}
    for method, path in STEPS:
        role = min(POLICY[method, path].roles)
        browser = people.setdefault(role, people.get(role) or stale(role.value))
        answer = browser.request(method, re.sub(r"\{\w+\}", "1", path))
        assert answer.status_code == 403, path
        assert "Confirm that it is you" in answer.text, path
    with database.system("test: nothing was done", writes=False) as session:
        assert set(session.scalars(select(AuditEntry.outcome).where(AuditEntry.event != "user.added"))) == {"denied"}


def test_a_factor_of_four_minutes_is_fresh(client_as, database):
    officer = client_as("officer")
    age_factor(database, mfa_at=datetime.now(UTC) - timedelta(minutes=4))
    assert officer.get("/account/password").status_code == 200


def test_after_confirming_one_is_where_one_wanted_to_go(stale, database):
    officer = stale("officer")
    asked = officer.get("/account/app")
    assert 'name="next" value="/account/app"' in asked.text
    before = officer.cookies[COOKIE]
    assert sent(officer, "/step-up", code=code(), next="/account/app").headers["location"] == "/account/app"
    assert officer.cookies[COOKIE] != before
    assert officer.get("/account/app").status_code == 200
    assert events(database)[-1] == "session.step_up"


def test_a_form_is_carried_through_and_nothing_is_done_until_it_is_sent_again(client_as, database):
    admin = client_as("administrator")
    officer = client_as("officer")
    age_factor(database, mfa_at=datetime.now(UTC) - timedelta(seconds=301))
    path = f"/admin/accounts/{officer.user_id}/disable"
    asked = admin.post(path, data={})
    carried = re.search(r'name="carried" value="(\w+)"', asked.text)[1]
    assert f'name="path" value="{path}"' in asked.text
    go_on = sent(admin, "/step-up", code=code(), path=path, carried=carried)
    assert go_on.status_code == 200
    assert f'action="{path}"' in go_on.text
    assert officer.get("/account").status_code == 200
    token = re.search(r'name="csrf" value="(\w+)"', go_on.text)[1]
    assert token == token_of_forms(admin.cookies[COOKIE]), "the form bears the new session's token"
    assert admin.post(path, data={"csrf": token}).status_code == 303
    assert officer.get("/account").headers["location"].startswith("/sign-in")


def test_what_was_filled_in_comes_back_and_a_password_does_not(stale):
    officer = stale("officer")
    asked = officer.post("/account/passkeys", data={"name": "Blue <key> & co", "credential": "what a device said"})
    carried = re.search(r'name="carried" value="(\w+)"', asked.text)[1]
    assert "Blue" not in carried
    go_on = sent(officer, "/step-up", code=code(), path="/account/passkeys", carried=carried)
    assert 'name="name" value="Blue &lt;key&gt; &amp; co"' in go_on.text
    assert "what a device said" not in go_on.text


def test_a_password_is_never_carried(stale):
    officer = stale("officer")
    asked = officer.post("/account/password", data={"password": PHRASE, "again": PHRASE})
    carried = re.search(r'name="carried" value="(\w+)"', asked.text)[1]
    go_on = sent(officer, "/step-up", code=code(), path="/account/password", carried=carried)
    assert PHRASE not in asked.text + go_on.text


def test_another_sessions_form_or_another_path_is_not_carried(stale, client_as, database):
    officer = stale("officer")
    asked = officer.post("/account/passkeys", data={"name": "Blue key"})
    carried = re.search(r'name="carried" value="(\w+)"', asked.text)[1]
    answer = sent(officer, "/step-up", code=code(), path="/account/role", carried=carried)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_five_wrong_codes_lock_the_confirmation_too(stale, database):
    officer = stale("officer")
    assert [sent(officer, "/step-up", code="000000").status_code for _ in range(5)] == [422] * 5
    assert sent(officer, "/step-up", code=code()).status_code == 422
    assert events(database, "denied").count("session.step_up_refused") == 5
    assert "account.locked" in events(database, "denied")


def test_confirming_does_not_lengthen_the_twelve_hours(client_as, database):
    officer = client_as("officer")
    began = datetime.now(UTC) - timedelta(hours=11)
    age_factor(database, created_at=began, mfa_at=began)
    sent(officer, "/step-up", code=code())
    with database.system("test: read", writes=False) as session:
        live = session.scalar(select(AuthSession.created_at).where(AuthSession.revoked_at.is_(None)))
    assert abs(live - began) < timedelta(seconds=1)
    with database.system("test: time passes") as session, session.begin():
        session.execute(update(AuthSession).values(created_at=began - timedelta(hours=1)))
    assert officer.get("/account").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("asked", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_confirming_leads_to_no_other_site(stale, asked):
    officer = stale("officer")
    assert sent(officer, "/step-up", code=code(), next=asked).headers["location"] == "/"
