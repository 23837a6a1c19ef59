"""Signing in: two factors, fresh tokens, and nothing that tells a stranger which part was wrong."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import func, select, update

from monitor.access.common_passwords import VERSION as LIST_VERSION
from monitor.access.passwords import hash_password
from monitor.access.roles import Role
from monitor.models import AuditEntry, AuthSession, User
from monitor.users import reset_user
from tests.web.accounts import PASSWORD, SECRET, TOTP, new_account

COOKIE = "monitor"


@pytest.fixture
def account(database):
    with database.system("test: an account") as session, session.begin():
        return new_account(session, Role.OFFICER)


def code_now(steps: int = 0) -> str:
    return pyotp.TOTP(TOTP).at(datetime.now(UTC) + timedelta(seconds=30 * steps))


def csrf_in(page) -> str:
    return re.search(r'name="csrf" value="(\w+)"', page.text)[1]


def give_password(browser, account, password=PASSWORD, **more):
    return browser.post("/sign-in", data={"email": account.email, "password": password, **more})


def give_code(browser, code, **more):
    page = browser.get("/sign-in/code")
    return browser.post("/sign-in/code", data={"code": code, "csrf": csrf_in(page), **more})


def sign_in(browser, account):
    assert give_password(browser, account).status_code == 303
    answer = give_code(browser, code_now())
    assert answer.status_code == 303
    return answer


def events(database) -> list[str]:
    with database.system("test: what was recorded", writes=False) as session:
        return list(session.scalars(select(AuditEntry.event).order_by(AuditEntry.number)))


def test_password_then_code_opens_a_session(client, account, database):
    sign_in(client, account)
    assert client.get("/").headers["location"] == "/today"
    assert events(database)[-2:] == ["session.password_given", "session.opened"]


def test_every_step_brings_a_new_token_and_ends_the_old_one(client, new_browser, account):
    give_password(client, account)
    half_way = client.cookies[COOKIE]
    give_code(client, code_now())
    assert client.cookies[COOKIE] != half_way
    thief = new_browser()
    thief.cookies.set(COOKIE, half_way)
    assert thief.get("/sign-in/code").headers["location"].startswith("/sign-in")
    assert thief.get("/").headers["location"] == "/sign-in"


def test_a_planted_token_is_never_adopted(client, new_browser, account, database):
    client.cookies.set(COOKIE, "planted-by-somebody-else")
    answer = give_password(client, account)
    assert "planted" not in answer.headers["set-cookie"]
    thief = new_browser()
    thief.cookies.set(COOKIE, "planted-by-somebody-else")
    assert thief.get("/").status_code == 303


def test_strangers_leave_no_row_and_get_no_cookie(client, database):
    for path in ("/", "/sign-in", "/help", "/nothing", "/admin"):
        assert "set-cookie" not in client.get(path).headers
    with database.system("test: count", writes=False) as session:
        assert session.scalar(select(func.count()).select_from(AuthSession)) == 0


OPEN = "/health", "/sign-in", "/help", "/ical"


def test_a_password_alone_reaches_nothing_but_the_code(client, account, app):
    give_password(client, account)
    for route in app.routes:
        if route.path_format.startswith((*OPEN, "/static", "/metrics")) or "GET" not in route.methods:
            continue
        answer = client.get(re.sub(r"\{\w+\}", "1", route.path_format.replace("{day}", "2026-03-09")))
        if route.path_format.startswith("/api/"):
            assert answer.status_code == 401, route.path
        else:
            assert (answer.status_code, answer.headers["location"][:13]) == (303, "/sign-in/code"), route.path


def test_unknown_wrong_and_disabled_read_the_same(client, account, database):
    wrong = give_password(client, account, "not the right password")
    unknown = client.post("/sign-in", data={"email": "nobody@agency.example", "password": PASSWORD})
    with database.system("test: disable") as session, session.begin():
        session.execute(update(User).where(User.id == account.user_id).values(disabled_at=datetime.now(UTC)))
    disabled = give_password(client, account)
    assert wrong.status_code == unknown.status_code == disabled.status_code == 401
    bodies = {page.text.replace(account.email, "").replace("nobody@agency.example", "") for page in (wrong, unknown)}
    assert len(bodies) == 1
    assert disabled.text == wrong.text
    assert {k for k in wrong.headers} == {k for k in unknown.headers}


def test_five_wrong_passwords_lock_until_an_administrator_resets(client, account, database):
    for _ in range(5):
        assert give_password(client, account, "wrong again and again").status_code == 401
    assert give_password(client, account).status_code == 401, "the right password no longer opens it"
    with database.system("test: reset") as session, session.begin():
        fresh = reset_user(session, account.email, SECRET, datetime.now(UTC))
    assert give_password(client, account, fresh.password).status_code == 303
    assert "session.locked" in events(database)


def test_five_wrong_codes_lock_the_code(client, account):
    give_password(client, account)
    for _ in range(5):
        assert give_code(client, "000000").status_code == 422
    assert give_code(client, code_now()).status_code == 422


def test_a_code_works_once(client, new_browser, account):
    code = code_now()
    give_password(client, account)
    assert give_code(client, code).status_code == 303
    second = new_browser()
    give_password(second, account)
    assert give_code(second, code).status_code == 422
    assert give_code(second, code_now(1)).status_code == 303


def test_signing_out_ends_the_session_at_the_server(client, new_browser, account):
    sign_in(client, account)
    token = client.cookies[COOKIE]
    answer = client.post("/sign-out", data={"csrf": csrf_in(client.get("/today"))})
    assert answer.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    keeper = new_browser()
    keeper.cookies.set(COOKIE, token)
    assert keeper.get("/").headers["location"] == "/sign-in"
    assert "You are signed out" in client.get(answer.headers["location"]).text


def test_disabling_an_account_ends_access_at_the_next_request(client, account, database):
    sign_in(client, account)
    with database.system("test: disable") as session, session.begin():
        session.execute(update(User).where(User.id == account.user_id).values(disabled_at=datetime.now(UTC)))
    assert client.get("/").headers["location"] == "/sign-in"


def test_a_first_sign_in_sets_a_password_and_an_authenticator(client, account, database):
    with database.system("test: reset") as session, session.begin():
        fresh = reset_user(session, account.email, SECRET, datetime.now(UTC))
    give_password(client, account, fresh.password)
    assert client.get("/sign-in/code").headers["location"] == "/sign-in/set-up"
    page = client.get("/sign-in/set-up")
    key = re.search(r'class="key">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")
    form = {
        "csrf": csrf_in(page), "sealed_secret": re.search(r'name="sealed_secret" value="(\w+)"', page.text)[1],
        "password": "short", "again": "other", "code": "123",
    }  # fmt: skip
    refused = client.post("/sign-in/set-up", data=form)
    assert refused.status_code == 422
    assert refused.text.count("usa-error-message") == 3
    form |= {"password": "nine quiet lanterns", "again": "nine quiet lanterns", "code": pyotp.TOTP(key).now()}
    assert client.post("/sign-in/set-up", data=form).status_code == 303
    assert client.get("/").headers["location"] == "/today"


def test_the_app_key_of_another_session_is_not_accepted(new_browser, account, database):
    with database.system("test: reset") as session, session.begin():
        fresh = reset_user(session, account.email, SECRET, datetime.now(UTC))
    pages = []
    for browser in (mine := new_browser(), new_browser()):
        give_password(browser, account, fresh.password)
        pages.append(browser.get("/sign-in/set-up"))
    theirs = re.search(r'name="sealed_secret" value="(\w+)"', pages[1].text)[1]
    form = {"csrf": csrf_in(pages[0]), "sealed_secret": theirs, "password": "nine quiet lanterns",
            "again": "nine quiet lanterns", "code": "123456"}  # fmt: skip
    assert mine.post("/sign-in/set-up", data=form).headers["location"] == "/sign-in/set-up"


@pytest.mark.parametrize(
    ("asked", "goes_to"),
    [("/people/1", "/people/1"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil.example", "/"),
     ("/a\nb", "/"), ("javascript:alert(1)", "/")],
)  # fmt: skip
def test_after_signing_in_people_stay_on_this_site(client, account, asked, goes_to):
    give_password(client, account)
    assert give_code(client, code_now(), next=asked).headers["location"] == goes_to


def test_a_page_with_questions_in_its_address_is_come_back_to_whole(client, account):
    answer = give_password(client, account, next="/people?x=1&next=//evil.example")
    page = client.get(answer.headers["location"])
    assert page.status_code == 200 and 'name="next" value="/people?x=1&amp;next=//evil.example"' in page.text


def test_somebody_sent_to_sign_in_comes_back_to_the_page_they_asked_for(client):
    assert client.get("/admin").headers["location"] == "/sign-in?next=/admin"
    assert 'name="next" value="/admin"' in client.get("/sign-in?next=/admin").text


COMMON = "passwordpassword"


def old_password(database, account, password):
    """An account whose password was kept before the list was what it is."""
    with database.system("test: an old password") as session, session.begin():
        user = session.get_one(User, account.user_id)
        user.password_hash, user.password_list = hash_password(password), 0


def test_a_password_that_a_newer_list_holds_is_changed_before_anything_else(client, account, database):
    old_password(database, account, COMMON)
    assert give_password(client, account, COMMON).status_code == 303
    give_code(client, code_now())
    assert client.get("/today").headers["location"] == "/account/password"
    page = client.get("/account/password")
    assert "on a list of passwords that many people use" in page.text
    assert "password.on_list" in events(database)
    new = {"password": "seven quiet lanterns at noon", "again": "seven quiet lanterns at noon", "csrf": csrf_in(page)}
    assert client.post("/account/password", data=new).status_code == 303
    assert client.get("/today").status_code == 200


def test_a_password_that_the_list_does_not_hold_is_looked_up_once(client, account, database):
    old_password(database, account, PASSWORD)
    sign_in(client, account)
    assert client.get("/today").status_code == 200
    with database.system("test: look", writes=False) as session:
        assert session.get_one(User, account.user_id).password_list == LIST_VERSION
