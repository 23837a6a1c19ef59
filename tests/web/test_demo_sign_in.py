"""Only the demo, and only on this machine's own address, shows the code of its invented people."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import msgspec
import pytest
from litestar.testing import TestClient

from monitor.access.door import Door
from monitor.access.identity import Identity
from monitor.access.roles import Role
from monitor.access.sign_in import demo_code, spend_code
from monitor.config import Settings, SettingsError
from monitor.models import User
from tests.web.accounts import BASE, PASSWORD, SECRET, new_account
from web.app import check_settings, create_app


def _half_way(database, settings: Settings) -> TestClient:
    with database.system("test: an account") as session, session.begin():
        email = new_account(session, Role.OFFICER).email
    browser = TestClient(create_app(settings, database), base_url=BASE)
    browser.headers["origin"] = BASE
    browser.post("/sign-in", data={"email": email, "password": PASSWORD})
    return browser


def test_a_demo_that_others_could_reach_does_not_start() -> None:
    with pytest.raises(SettingsError, match="MONITOR_DEMO"):
        check_settings(Settings(secret_key=SECRET, base_url="https://court.example", demo=True))


def test_outside_the_demo_the_code_page_shows_no_code(database, settings) -> None:
    page = _half_way(database, msgspec.structs.replace(settings, demo=False, waive_passkeys=False)).get("/sign-in/code")

    assert page.status_code == 200
    assert "demo-code" not in page.text


def test_the_code_that_the_demo_shows_opens_the_session_and_the_next_one_differs(database, settings) -> None:
    browser = _half_way(database, settings)
    page = browser.get("/sign-in/code").text
    code, token = re.search(r'id="demo-code">(\d{6})<', page), re.search(r'name="csrf" value="([^"]+)"', page)
    assert code and token

    answer = browser.post("/sign-in/code", data={"code": code[1], "csrf": token[1]}, follow_redirects=False)

    assert answer.status_code == 303


def test_the_demo_s_code_is_one_that_was_not_used_and_nobody_without_an_app_has_one(database) -> None:
    now = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    with database.system("test: an account") as session, session.begin():
        user_id = new_account(session, Role.OFFICER).user_id
    door = Door(database, Settings(secret_key=SECRET))
    who = Identity(user_id, "", "", Role.OFFICER, 0, "", "UTC", b"", now)
    shown = []
    for _ in range(2):
        shown.append(demo_code(door, who, now))
        with database.system("test: it is used") as session, session.begin():
            assert spend_code(session, door, who, shown[-1], now) == "totp"
    assert shown[0] != shown[1] and all(len(code) == 6 for code in shown)
    with database.system("test: a first sign-in") as session, session.begin():
        session.get_one(User, user_id).totp_secret = None
    assert demo_code(door, who, now) == ""
