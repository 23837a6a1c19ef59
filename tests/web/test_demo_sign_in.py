"""Only the demo, and only on this machine's own address, shows the code of its invented people."""

from __future__ import annotations

import re

import msgspec
import pytest
from litestar.testing import TestClient

from monitor.access.roles import Role
from monitor.config import Settings, SettingsError
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
