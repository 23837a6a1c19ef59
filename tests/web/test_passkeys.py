"""Passkeys: both factors at once, bound to this site, each answer good for one time; administrators need one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from litestar.testing import TestClient
from sqlalchemy import func, select, update

from monitor.access import passkeys
from monitor.access.lockout import take_try
from monitor.access.roles import Role
from monitor.models import AuditEntry, Passkey, SpentChallenge, User
from monitor.users import lock_subjects, reset_user
from tests.web.accounts import BASE, PASSWORD, SECRET, new_account, sign_in_as, token_of_forms
from tests.web.soft_key import SoftKey, b64
from tests.web.test_account import COOKIE, age_factor, code, events, other_browser, sent
from web.app import create_app


def enrolled(browser, key=None, **lies):
    key = key or SoftKey()
    options = browser.get("/account/passkeys/options").json()
    return key, sent(browser, "/account/passkeys", credential=key.create(options, **lies), name="Blue key")


def signed_in_with(browser, key, **lies):
    options = browser.get("/sign-in/passkey/options").json()
    return sent(browser, "/sign-in/passkey", credential=key.get(options, **lies), next="/account")


def whys(database):
    with database.system("test: why refused", writes=False) as session:
        found = session.scalars(select(AuditEntry.detail).where(AuditEntry.outcome == "denied"))
        return [detail["why"] for detail in found if "why" in detail]


@pytest.fixture
def officer(client_as):
    return client_as("officer")


def test_a_passkey_signs_in_without_e_mail_password_or_code(officer, database, new_browser):
    before = officer.cookies[COOKIE]
    key, kept = enrolled(officer)
    assert kept.headers["location"] == "/account"
    assert "Blue key" in officer.get("/account").text
    assert officer.cookies[COOKIE] != before
    browser = new_browser()
    assert signed_in_with(browser, key).headers["location"] == "/account"
    assert "Alex Reyes" in browser.get("/account").text
    assert events(database)[-1] == "session.opened"


def test_adding_one_ends_every_other_session(officer, database, new_browser):
    elsewhere = other_browser(database, new_browser, officer.user_id)
    enrolled(officer)
    assert elsewhere.get("/account").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        ({"verified": False}, "answer"),
        ({"origin": "https://evil.example"}, "answer"),
        ({"origin": "http://localhost:8001"}, "answer"),
        ({"domain": "evil.example"}, "answer"),
        ({"signed_by": ec.generate_private_key(ec.SECP256R1())}, "answer"),
    ],
)
def test_an_answer_that_is_not_for_this_site_or_not_by_the_person_opens_nothing(
    officer, database, new_browser, lie, why
):
    key, _ = enrolled(officer)
    answer = signed_in_with(new_browser(), key, **lie)
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert whys(database) == [why]


@pytest.mark.parametrize("lie", [{"verified": False}, {"origin": "https://evil.example"}])
def test_a_passkey_made_elsewhere_or_without_the_person_is_not_kept(officer, database, lie):
    _, answer = enrolled(officer, **lie)
    assert answer.status_code == 422
    with database.system("test: nothing kept", writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Passkey)) == 0


def test_an_answer_works_once(officer, database, new_browser):
    key, _ = enrolled(officer)
    options = new_browser().get("/sign-in/passkey/options").json()
    answer = key.get(options)
    assert sent(new_browser(), "/sign-in/passkey", credential=answer).status_code == 303
    assert sent(new_browser(), "/sign-in/passkey", credential=answer).status_code == 401
    assert whys(database) == ["replayed"]


def test_a_challenge_of_ours_has_64_bytes_lives_five_minutes_and_is_for_one_thing(officer, new_browser, database):
    key, _ = enrolled(officer)
    options = new_browser().get("/sign-in/passkey/options").json()
    from webauthn.helpers import base64url_to_bytes

    challenge = base64url_to_bytes(options["challenge"])
    assert len(challenge) == 64
    now = datetime.now(UTC)
    assert passkeys.challenges.holds(SECRET, challenge, "sign-in", now + timedelta(minutes=4))
    assert not passkeys.challenges.holds(SECRET, challenge, "sign-in", now + timedelta(minutes=5))
    assert not passkeys.challenges.holds(SECRET, challenge, "confirm", now)
    assert not passkeys.challenges.holds("another site's secret, long enough", challenge, "sign-in", now)
    forged = options | {"challenge": "A" * 86}
    assert sent(new_browser(), "/sign-in/passkey", credential=key.get(forged)).status_code == 401
    assert whys(database) == ["challenge"]


def test_asking_again_and_again_leaves_no_row(new_browser, database):
    browser = new_browser()
    for _ in range(100):
        browser.get("/sign-in/passkey/options")
    with database.system("test: count", writes=False) as session:
        assert session.scalar(select(func.count()).select_from(SpentChallenge)) == 0


def test_a_count_from_the_past_is_refused_and_told_of(officer, database, new_browser, client_as):
    key, _ = enrolled(officer)
    assert signed_in_with(new_browser(), key, count=7).status_code == 303
    assert signed_in_with(new_browser(), key, count=7).status_code == 401
    assert signed_in_with(new_browser(), key, count=3).status_code == 401
    assert whys(database) == ["sign_count", "sign_count"]
    assert "may exist twice" in client_as("administrator").get("/admin").text


def test_a_device_that_never_counts_is_fine(officer, new_browser):
    key, _ = enrolled(officer)
    assert [signed_in_with(new_browser(), key, count=0).status_code for _ in range(2)] == [303, 303]


@pytest.mark.parametrize("typed", ["", "x", "{}", "[]", '{"response": 1}', '{"rawId": "AA", "response": {}}', "null"])
def test_nonsense_is_refused_and_breaks_nothing(new_browser, officer, typed):
    assert sent(new_browser(), "/sign-in/passkey", credential=typed).status_code == 401
    assert sent(officer, "/account/passkeys", credential=typed, name="x").status_code == 422


def test_a_locked_password_does_not_lock_the_passkey_and_a_disabled_account_does(officer, database, new_browser):
    key, _ = enrolled(officer)
    with database.system("test: lock") as session, session.begin():
        email = session.scalar(select(User.email).where(User.id == officer.user_id))
        for _ in range(6):
            take_try(session, lock_subjects(SECRET, email, 0)[0], datetime.now(UTC), "account", "cjis")
    assert new_browser().post("/sign-in", data={"email": email, "password": PASSWORD}).status_code == 401
    assert signed_in_with(new_browser(), key).status_code == 303
    with database.system("test: disable") as session, session.begin():
        session.execute(update(User).where(User.id == officer.user_id).values(disabled_at=datetime.now(UTC)))
    assert signed_in_with(new_browser(), key).status_code == 401


def test_a_passkey_confirms_and_unlocks_for_its_own_person_only(officer, database, client_as):
    key, _ = enrolled(officer)
    colleague = client_as("officer", name="Bo Lang")
    theirs, _ = enrolled(colleague)
    age_factor(database, mfa_at=datetime.now(UTC) - timedelta(minutes=6))
    assert officer.get("/account/password").status_code == 403
    options = officer.get("/step-up/options").json()
    assert sent(officer, "/step-up", credential=theirs.get(options)).status_code == 422
    assert sent(officer, "/step-up", credential=key.get(officer.get("/step-up/options").json())).status_code == 303
    assert officer.get("/account/password").status_code == 200
    age_factor(database, seen_at=datetime.now(UTC) - timedelta(minutes=31))
    assert officer.get("/account").headers["location"] == "/unlock?next=/account"
    options = officer.get("/step-up/options").json()
    assert sent(officer, "/unlock", credential=key.get(options), next="/account").headers["location"] == "/account"
    assert officer.get("/account").status_code == 200


def test_whoever_confirms_is_asked_for_their_own_keys_and_learns_of_no_other(officer, client_as):
    key, _ = enrolled(officer)
    theirs, _ = enrolled(client_as("officer", name="Bo Lang"))
    for path in ("/step-up/options", "/account/passkeys/options"):
        told = officer.get(path).json()
        asked = told.get("allowCredentials", []) + told.get("excludeCredentials", [])
        assert [one["id"] for one in asked] == [b64(key.credential_id)], path


def test_an_answer_given_to_another_session_confirms_nothing_here(officer, database, new_browser):
    key, _ = enrolled(officer)
    elsewhere = other_browser(database, new_browser, officer.user_id)
    options = elsewhere.get("/step-up/options").json()
    assert sent(officer, "/step-up", credential=key.get(options)).status_code == 422
    assert whys(database) == ["challenge"]


def test_a_person_renames_and_removes_their_own_only(officer, database, client_as, new_browser):
    key, _ = enrolled(officer)
    [passkey_id] = re.findall(r'action="/account/passkeys/(\d+)/name"', officer.get("/account").text)
    colleague = client_as("officer", name="Bo Lang")
    assert colleague.post(f"/account/passkeys/{passkey_id}/name", data={"name": "Mine"}).status_code == 404
    assert colleague.post(f"/account/passkeys/{passkey_id}/remove").status_code == 404
    assert sent(officer, f"/account/passkeys/{passkey_id}/name", name="Desk").status_code == 303
    assert "Desk" in officer.get("/account").text
    assert sent(officer, f"/account/passkeys/{passkey_id}/remove").status_code == 303
    assert signed_in_with(new_browser(), key).status_code == 401
    assert {"passkey.added", "passkey.renamed", "passkey.removed"} <= set(events(database, "done"))


@pytest.fixture
def strict(database, settings):
    """Browsers of a site that waives no passkeys."""
    app = create_app(msgspec.structs.replace(settings, waive_passkeys=False), database)

    def opened(token=""):
        browser = TestClient(app, base_url=BASE, raise_server_exceptions=False)
        browser.follow_redirects = False
        browser.headers["origin"] = BASE
        if token:
            browser.cookies.set(COOKIE, token)
            browser.headers["x-csrf-token"] = token_of_forms(token)
        return browser

    return opened


def test_an_administrator_with_a_code_only_reaches_nothing_but_the_page_to_add_one(strict, database, app):
    _, token = sign_in_as(database, Role.ADMINISTRATOR, None, "S. Admin")
    admin = strict(token)
    open_to_all = ("/static", "/health", "/sign-in", "/help", "/step-up", "/unlock", "/account/passkeys/", "/ical",
                   "/metrics")  # fmt: skip
    for route in app.routes:
        if "GET" in route.methods and not route.path_format.startswith(open_to_all):
            answer = admin.get(re.sub(r"\{\w+\}", "1", route.path_format.replace("{day}", "2026-03-09")))
            gone_to = answer.headers.get("location"), answer.status_code
            if route.path_format.startswith("/api/"):  # machines' own say that they want a secret
                assert answer.status_code in (401, 403), route.path
            else:
                assert gone_to == ("/account/passkeys/new", 303) or answer.status_code == 403, route.path
    assert admin.post("/account/sessions/end-others").headers["location"] == "/account/passkeys/new"
    assert "Your role needs a passkey" in admin.get("/account/passkeys/new").text
    _, kept = enrolled(admin)
    assert kept.headers["location"] == "/"
    assert admin.get("/admin").status_code == 200


def test_a_stolen_code_adds_no_passkey_beside_the_administrators_own(strict, database):
    user_id, token = sign_in_as(database, Role.ADMINISTRATOR, None, "S. Admin")
    key, _ = enrolled(strict(token))
    thief = strict()
    with database.system("test: who", writes=False) as session:
        email = session.scalar(select(User.email).where(User.id == user_id))
    sent(thief, "/sign-in", email=email, password=PASSWORD)
    assert sent(thief, "/sign-in/code", code=code()).status_code == 303
    assert thief.get("/admin").headers["location"] == "/step-up?next=/admin"
    assert thief.get("/account/passkeys/new").headers["location"].startswith("/step-up")
    assert thief.get("/account/passkeys/options").status_code == 404
    assert thief.post("/account/passkeys", data={"credential": "{}", "name": "x"}).status_code == 404
    assert "Use your passkey" in thief.get("/step-up").text
    assert 'name="code"' not in thief.get("/step-up").text
    sent(thief, "/step-up", code=code(1))
    assert thief.get("/admin").headers["location"] == "/step-up?next=/admin", "a code is not enough"
    owner = strict()
    assert signed_in_with(owner, key).status_code == 303
    assert owner.get("/admin").status_code == 200


def test_the_first_administrator_comes_in_with_a_code_for_a_day_and_adds_a_passkey(strict, database):
    """Bars A-01: what is handed over works once, for 24 hours."""
    with database.system("test: first") as session, session.begin():
        account = new_account(session, Role.ADMINISTRATOR)
        fresh = reset_user(session, account.email, SECRET, datetime.now(UTC) - timedelta(hours=25))
    late = strict()
    assert sent(late, "/sign-in", email=account.email, password=fresh.password).status_code == 401
    with database.system("test: again") as session, session.begin():
        fresh = reset_user(session, account.email, SECRET, datetime.now(UTC))
    admin = strict()
    sent(admin, "/sign-in", email=account.email, password=fresh.password)
    page = admin.get("/sign-in/set-up").text
    import pyotp

    secret = re.search(r'class="key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    sealed = re.search(r'name="sealed_secret" value="(\w+)"', page)[1]
    form = {"password": "nine quiet lanterns", "again": "nine quiet lanterns", "sealed_secret": sealed}
    assert sent(admin, "/sign-in/set-up", **form, code=pyotp.TOTP(secret).now()).status_code == 303
    assert admin.get("/admin").headers["location"] == "/account/passkeys/new"
    enrolled(admin)
    assert admin.get("/admin").status_code == 200
    again = strict()
    assert sent(again, "/sign-in", email=account.email, password=fresh.password).status_code == 401, "it was used"
