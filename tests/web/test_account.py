"""One's own account: what one signs in with, where, and in which role; each change ends what was open elsewhere."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from monitor.access import accounts
from monitor.access.auth_sessions import identify
from monitor.access.door import Door
from monitor.access.lockout import take_try
from monitor.access.roles import Role
from monitor.models import AuditEntry, AuthSession, Membership, User
from monitor.users import grant_role, lock_subjects
from tests.web.accounts import PASSWORD, SECRET, TOTP, new_account, sign_in_as, token_of_forms

COOKIE = "monitor"
PHRASE = "nine quiet lanterns in fog"


def events(database, *outcomes):
    with database.system("test: what was recorded", writes=False) as session:
        found = session.execute(select(AuditEntry.event, AuditEntry.outcome).order_by(AuditEntry.number))
        return [event for event, outcome in found if not outcomes or outcome in outcomes]


def age_factor(database, **values):
    with database.system("test: time passes") as session, session.begin():
        session.execute(update(AuthSession).values(**values))


def sent(browser, where, **form):
    """Post a form and go on with the new token if one came, as a real browser does; forms bear it in a header here."""
    answer = browser.post(where, data=form)
    if token := answer.cookies.get(COOKIE):
        browser.cookies.clear()
        browser.cookies.set(COOKIE, token)
        browser.headers["x-csrf-token"] = token_of_forms(token)
    return answer


def code(steps=0):
    return pyotp.TOTP(TOTP).at(datetime.now(UTC) + timedelta(seconds=30 * steps))


@pytest.fixture
def officer(client_as, database):
    return client_as("officer")


def other_browser(database, new_browser, user_id):
    """A second browser in which the same person is signed in."""
    from monitor.access.auth_sessions import membership_of, open_session

    now = datetime.now(UTC)
    with database.system("test: second browser") as session, session.begin():
        token = open_session(session, user_id, membership_of(session, user_id, now), now, how="totp")
    browser = new_browser()
    browser.cookies.set(COOKIE, token)
    browser.headers["x-csrf-token"] = token_of_forms(token)
    return browser


def test_a_new_password_ends_every_other_session_and_gives_this_one_a_new_token(officer, database, new_browser):
    elsewhere = other_browser(database, new_browser, officer.user_id)
    before = officer.cookies[COOKIE]
    assert sent(officer, "/account/password", password=PHRASE, again=PHRASE).status_code == 303
    assert officer.cookies[COOKIE] != before
    assert officer.get("/account").status_code == 200
    assert elsewhere.get("/account").headers["location"].startswith("/sign-in")
    thief = new_browser()
    thief.cookies.set(COOKIE, before)
    assert thief.get("/account").headers["location"].startswith("/sign-in")
    assert events(database)[-1] == "password.changed"


def test_the_new_password_opens_and_the_old_one_no_longer_does(officer, database, client):
    with database.system("test: who", writes=False) as session:
        email = session.scalar(select(User.email).where(User.id == officer.user_id))
    sent(officer, "/account/password", password=PHRASE, again=PHRASE)
    assert client.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code == 401
    assert client.post("/sign-in", data={"email": email, "password": PHRASE}).status_code == 303


@pytest.mark.parametrize(
    ("password", "said"),
    [("short", "15 characters"), ("password password 1", "on our list"), ("I am Alex Reyes of probation", "your name")],
)
def test_a_weak_one_is_refused_with_the_reason_and_the_refusal_is_recorded(officer, database, password, said):
    page = officer.post("/account/password", data={"password": password, "again": password})
    assert page.status_code == 422
    assert said in page.text
    assert password not in page.text
    assert events(database, "denied") == ["password.changed"]


def test_changing_the_password_with_a_fresh_factor_opens_a_lock(officer, database):
    with database.system("test: lock") as session, session.begin():
        email = session.scalar(select(User.email).where(User.id == officer.user_id))
        subject = lock_subjects(SECRET, email, officer.user_id)[0]
        for _ in range(6):
            take_try(session, subject, datetime.now(UTC), "account", "cjis")
    sent(officer, "/account/password", password=PHRASE, again=PHRASE)
    with database.system("test: lock") as session, session.begin():
        assert take_try(session, subject, datetime.now(UTC), "account", "cjis")


def test_another_app_replaces_the_first(officer, database):
    page = officer.get("/account/app")
    key = re.search(r'class="key">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")
    sealed = re.search(r'name="sealed_secret" value="(\w+)"', page.text)[1]
    wrong = officer.post("/account/app", data={"sealed_secret": sealed, "code": "000000"})
    assert wrong.status_code == 422
    assert sent(officer, "/account/app", sealed_secret=sealed, code=pyotp.TOTP(key).now()).status_code == 303
    age_factor(database, mfa_at=datetime.now(UTC) - timedelta(minutes=6))
    assert sent(officer, "/step-up", code=code()).status_code == 422, "the old app is worth nothing"
    next_code = pyotp.TOTP(key).at(datetime.now(UTC) + timedelta(seconds=30))
    assert sent(officer, "/step-up", code=next_code).status_code == 303
    assert "authenticator.changed" in events(database, "denied")
    assert "authenticator.changed" in events(database, "done")


def test_recovery_codes_are_shown_once_and_each_works_once(officer, database, new_browser):
    page = sent(officer, "/account/recovery-codes")
    codes = re.findall(r'class="key">([0-9a-z-]{19})<', page.text)
    assert len(set(codes)) == 10
    assert codes[0] not in officer.get("/account").text
    assert "10 of 10 left" in officer.get("/account").text
    with database.system("test: who", writes=False) as session:
        email = session.scalar(select(User.email).where(User.id == officer.user_id))
    for typed, status in ((codes[0].upper().replace("-", " "), 303), (codes[0], 422), (codes[1], 303)):
        browser = new_browser()
        browser.post("/sign-in", data={"email": email, "password": PASSWORD})
        token = re.search(r'name="csrf" value="(\w+)"', browser.get("/sign-in/code").text)[1]
        assert browser.post("/sign-in/code", data={"code": typed, "csrf": token}).status_code == status
    assert "8 of 10 left" in officer.get("/account").text
    sent(officer, "/account/recovery-codes")
    assert "10 of 10 left" in officer.get("/account").text


def test_no_code_and_no_password_is_in_the_database(officer, database):
    page = sent(officer, "/account/recovery-codes")
    codes = re.findall(r'class="key">([0-9a-z-]{19})<', page.text)
    with database.system("test: everything kept", writes=False) as session:
        from monitor.models import RecoveryCode

        kept = b"".join(session.scalars(select(RecoveryCode.code_hash)))
    assert len(kept) == 320
    assert not any(one.replace("-", "").encode() in kept for one in codes)


def test_a_person_sees_and_ends_their_own_sessions_only(officer, database, new_browser, client_as):
    elsewhere = other_browser(database, new_browser, officer.user_id)
    colleague = client_as("officer", name="Bo Lang")
    page = officer.get("/account")
    [session_id] = re.findall(r'action="/account/sessions/(\d+)/end"', page.text)
    assert colleague.post(f"/account/sessions/{session_id}/end").status_code == 404
    assert elsewhere.get("/account").status_code == 200
    assert officer.post(f"/account/sessions/{session_id}/end").status_code == 303
    assert elsewhere.get("/account").headers["location"].startswith("/sign-in")
    assert officer.get("/account").status_code == 200
    assert "session.ended" in events(database)


def test_all_others_end_at_once(officer, database, new_browser):
    others = [other_browser(database, new_browser, officer.user_id) for _ in range(3)]
    assert officer.post("/account/sessions/end-others").status_code == 303
    assert {one.get("/account").status_code for one in others} == {303}
    assert officer.get("/account").status_code == 200


def test_another_role_of_ones_own_comes_with_a_new_token(officer, database, new_browser, client_as):
    now = datetime.now(UTC)
    with database.system("test: a second role") as session, session.begin():
        email = session.scalar(select(User.email).where(User.id == officer.user_id))
        grant_role(session, email, Role.OFFICER_SUPERVISOR, "T-probation", SECRET, now, now.date() - timedelta(days=1))
        wanted = select(Membership.id).where(Membership.user_id == officer.user_id, Membership.role != "officer")
        membership = session.scalar(wanted)
    assert "Work as Supervising officer" in officer.get("/account").text
    before = officer.cookies[COOKIE]
    assert sent(officer, "/account/role", membership=str(membership)).status_code == 303
    assert officer.cookies[COOKIE] != before
    assert "Supervising officer, " in officer.get("/account").text
    thief = new_browser()
    thief.cookies.set(COOKIE, before)
    assert thief.get("/account").headers["location"].startswith("/sign-in")
    colleague = client_as("officer", name="Bo Lang")
    assert colleague.post("/account/role", data={"membership": str(membership)}).status_code == 404
    assert "session.role_switched" in events(database, "denied")


def test_an_administrator_releases_signs_out_and_disables(client_as, database, new_browser):
    officer = client_as("officer", name="Alex Reyes")
    elsewhere = other_browser(database, new_browser, officer.user_id)
    admin = client_as("administrator")
    with database.system("test: lock") as session, session.begin():
        email = session.scalar(select(User.email).where(User.id == officer.user_id))
        subject = lock_subjects(SECRET, email, officer.user_id)[0]
        for _ in range(6):
            take_try(session, subject, datetime.now(UTC), "account", "cjis")
    assert "Locked" in admin.get("/admin").text
    base = f"/admin/accounts/{officer.user_id}"
    assert officer.post(f"{base}/release").status_code == 403
    assert admin.post(f"{base}/release").status_code == 303
    assert "Locked" not in admin.get("/admin").text
    assert admin.post(f"{base}/end-sessions").status_code == 303
    assert elsewhere.get("/account").headers["location"].startswith("/sign-in")
    assert admin.post(f"{base}/disable").status_code == 303
    assert admin.post(f"/admin/accounts/{admin.user_id}/disable").status_code == 404, "never one's own"
    assert admin.post("/admin/accounts/17/release").status_code == 404
    done = events(database, "done")
    assert {"user.released", "user.sessions_ended", "user.disabled"} <= set(done)
    assert "user.released" in events(database, "denied")


def test_of_two_administrators_who_disable_each_other_in_one_instant_one_is_left(database, settings):
    door = Door(database, settings)
    pair = [sign_in_as(database, Role.ADMINISTRATOR, None, name) for name in ("A. One", "B. Two")]
    one, two = (identify(database, token, datetime.now(UTC)) for _, token in pair)
    with ThreadPoolExecutor(2) as pool:
        done = pool.map(lambda both: accounts.disable(door, *both, datetime.now(UTC)),
                        [(one, two.user_id), (two, one.user_id)])  # fmt: skip
    assert sorted(done) == [False, True]


def test_disabling_ends_access_at_the_next_request(client_as, database, new_browser):
    user_id, token = sign_in_as(database, Role.OFFICER, None, "Alex Reyes")
    browser = new_browser()
    browser.cookies.set(COOKIE, token)
    assert browser.get("/account").status_code == 200
    client_as("administrator").post(f"/admin/accounts/{user_id}/disable")
    assert browser.get("/account").headers["location"].startswith("/sign-in")


def test_five_wrong_tries_are_an_alert_and_many_locked_accounts_another(client, client_as, database):
    with database.system("test: accounts") as session, session.begin():
        email = new_account(session, Role.OFFICER, name="Lee Park").email
    for _ in range(5):
        client.post("/sign-in", data={"email": email, "password": "guess after guess"})
    page = client_as("administrator").get("/admin").text
    assert "Used up the tries" in page and "Lee Park" in page
    with database.system("test: twenty more") as session, session.begin():
        for n in range(20):
            for _ in range(5):
                take_try(session, bytes([n]) * 32, datetime.now(UTC), "account", "cjis")
    for _ in range(5):
        client.post("/sign-in", data={"email": "nobody@agency.example", "password": "guess after guess"})
    assert "Very many accounts" in client_as("administrator").get("/admin").text
