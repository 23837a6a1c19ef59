"""The platform in a real browser: with and without JavaScript, at 320 px, read by axe, kept by a strict policy."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pyotp
import pytest

from monitor.access.roles import Role
from monitor.db import Database
from tests.web.accounts import PASSWORD, TOTP, new_account
from tests.web.browsing import axe_violations, chromium, served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture
def database(sqlite_template, tmp_path):
    """One kind of database is enough for what a browser shows."""
    shutil.copy(sqlite_template, tmp_path / "monitor.db")
    opened = Database(f"sqlite:///{tmp_path / 'monitor.db'}")
    yield opened
    opened.close()


@pytest.fixture
def site(database):
    with served(database) as base:
        yield base


@pytest.fixture
def account(database):
    with database.system("test: an account") as session, session.begin():
        return new_account(session, Role.ADMINISTRATOR)


def sign_in(page, site, account):
    page.goto(f"{site}/")
    page.get_by_label("E-mail").fill(account.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Six digits").fill(pyotp.TOTP(TOTP).at(datetime.now(UTC)))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/admin")


@pytest.mark.parametrize("script", [True, False])
def test_signing_in_and_out_works_with_and_without_javascript(browser, site, account, script):
    with browser.new_context(java_script_enabled=script) as context:
        page = context.new_page()
        sign_in(page, site, account)
        assert page.get_by_role("heading", level=1).inner_text() == "Administration"
        page.get_by_role("button", name="Sign out").click()
        assert page.get_by_role("heading", name="You are signed out").is_visible()
        page.go_back()
        assert page.get_by_role("heading", level=1).inner_text() == "Sign in", "nothing was kept for the back button"


def test_every_page_of_the_platform_pleases_axe_and_the_policy(browser, site, account, database):
    complaints, elsewhere = [], []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("request", lambda each: each.url.startswith((site, "data:")) or elsewhere.append(each.url))
        found = {}
        for path in ("/sign-in", "/help", "/sign-in?signed_out=true"):
            page.goto(site + path)
            found[path] = axe_violations(page)
        sign_in(page, site, account)
        for path in ("/admin", "/help"):
            page.goto(site + path)
            found[f"signed in {path}"] = axe_violations(page)
    assert {path: lines for path, lines in found.items() if lines} == {}
    assert complaints + elsewhere == []


@pytest.mark.parametrize("path", ["/sign-in", "/help", "/admin", "/nothing-here"])
def test_nothing_overflows_at_320_pixels(browser, site, account, path):
    with browser.new_context(viewport={"width": 320, "height": 640}) as context:
        page = context.new_page()
        sign_in(page, site, account)
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_first_tab_stop_skips_to_the_content(browser, site):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site}/sign-in")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
