"""In a real browser: a passkey made and used, the screen that locks by itself, and pages that axe and eyes accept."""

from __future__ import annotations

import contextlib
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect
from sqlalchemy import update

from monitor.access.roles import Role
from monitor.models import AuthSession
from tests.web.accounts import PASSWORD, new_account, sign_in_as
from tests.web.browsing import axe_violations, chromium, served

pytestmark = pytest.mark.browser
LOOK = os.environ.get("MONITOR_TEST_PICTURES", "")


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture
def site(database):
    with served(database) as base:
        yield base.replace("127.0.0.1", "localhost")


@pytest.fixture
def strict_site(database):
    with served(database, waive_passkeys=False) as base:
        yield base.replace("127.0.0.1", "localhost")


@pytest.fixture
def one_database(database):
    """The screens are the same on both databases."""
    if not database.is_sqlite:
        pytest.skip("seen on SQLite")
    return database


def opened(browser, site, database, role=Role.OFFICER, **options) -> Page:
    context = browser.new_context(**options)
    _, token = sign_in_as(database, role, None, "Alex Reyes")
    context.add_cookies([{"name": "monitor", "value": token, "url": site}])
    return context.new_page()


def with_device(page: Page) -> None:
    """A laptop with a fingerprint reader, as Chromium itself plays it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def seen_well(page: Page, name: str) -> None:
    assert axe_violations(page) == [], name
    if LOOK:
        page.screenshot(path=Path(LOOK) / f"{name}.png", full_page=True)


def test_an_administrator_adds_a_passkey_and_comes_back_with_nothing_else(browser, strict_site, one_database):
    page = opened(browser, strict_site, one_database, Role.ADMINISTRATOR)
    with_device(page)
    page.goto(f"{strict_site}/admin")
    expect(page.get_by_text("Your role needs a passkey")).to_be_visible()
    seen_well(page, "passkey-new")
    page.get_by_label("What you call it").fill("Work laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Administration").wait_for()
    seen_well(page, "admin")
    page.goto(f"{strict_site}/account")
    expect(page.get_by_role("rowheader", name="Work laptop")).to_be_visible()
    seen_well(page, "account")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("heading", name="Administration").wait_for()


def test_a_passkey_confirms_a_form_that_waits(browser, site, one_database):
    page = opened(browser, site, one_database)
    with_device(page)
    page.goto(f"{site}/account/passkeys/new")
    page.get_by_label("What you call it").fill("Work laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Your account").wait_for()
    with one_database.system("test: time passes") as session, session.begin():
        session.execute(update(AuthSession).values(mfa_at=datetime.now(UTC) - timedelta(minutes=6)))
    page.get_by_role("button", name="Make new recovery codes").click()
    seen_well(page, "step-up")
    page.get_by_role("button", name="Use your passkey").click()
    page.get_by_role("button", name="Do it now").wait_for()
    seen_well(page, "go-on")
    page.get_by_role("button", name="Do it now").click()
    expect(page.locator("ol.recovery-codes li")).to_have_count(10)
    seen_well(page, "recovery-codes")


def test_after_thirty_idle_minutes_nothing_of_the_page_is_left_and_unlocking_returns(browser, site, one_database):
    page = opened(browser, site, one_database)
    page.clock.install()
    page.goto(f"{site}/account")
    page.clock.run_for("28:30")
    expect(page.get_by_text("locks in two minutes")).to_be_visible()
    page.get_by_role("button", name="Go on working").click()
    expect(page.get_by_text("locks in two minutes")).not_to_be_visible()
    page.clock.run_for("29:00")
    assert "Alex Reyes" in page.content()
    page.clock.run_for("01:30")
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    assert "Alex Reyes" not in page.content()
    seen_well(page, "concealed")
    with one_database.system("test: the server's clock too") as session, session.begin():
        session.execute(update(AuthSession).values(seen_at=datetime.now(UTC) - timedelta(minutes=31)))
    page.get_by_role("link", name="Unlock").click()
    seen_well(page, "unlock")
    page.get_by_label("Your password").fill(PASSWORD)
    sent = []
    page.on("request", lambda asked: sent.append(asked.method) if asked.method == "POST" else None)
    # the second click of two would find the session renewed, and sign the person out
    page.get_by_role("button", name="Unlock").dblclick(delay=30)
    page.get_by_role("heading", name="Your account").wait_for()
    assert sent == ["POST"]


def test_it_conceals_without_the_server_too_and_going_back_shows_nothing(browser, site, one_database):
    page = opened(browser, site, one_database)
    page.clock.install()
    page.goto(f"{site}/today")
    page.goto(f"{site}/account")
    page.context.set_offline(True)
    page.clock.run_for("30:10")
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    assert "Alex Reyes" not in page.content()
    with contextlib.suppress(Error):  # offline, the browser has a page of its own for that
        page.go_back(timeout=5000)
    page.wait_for_timeout(500)
    assert "Alex Reyes" not in page.content()
    page.context.set_offline(False)
    with one_database.system("test: locked meanwhile") as session, session.begin():
        session.execute(update(AuthSession).values(seen_at=datetime.now(UTC) - timedelta(minutes=31)))
    page.goto(f"{site}/account")
    page.go_back()
    page.wait_for_timeout(500)
    assert "Where you are signed in" not in page.content()
    assert "Today" not in page.title()


def test_after_signing_out_going_back_shows_nothing(browser, site, one_database):
    page = opened(browser, site, one_database)
    page.goto(f"{site}/account")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    page.go_back()
    page.wait_for_load_state()
    assert "Where you are signed in" not in page.content()


def test_the_notice_stands_before_sign_in_and_nothing_works_but_going_on(browser, site, one_database):
    page = browser.new_context().new_page()
    page.goto(site)
    expect(page.get_by_role("heading", name="Before you go on")).to_be_visible()
    expect(page.get_by_text("By going on you say that you have read this and agree.")).to_be_visible()
    seen_well(page, "sign-in")


@pytest.mark.parametrize("width", [1366, 320])
def test_everything_but_passkeys_works_without_scripts(browser, site, one_database, width):
    with one_database.system("test: an account") as session, session.begin():
        email = new_account(session, Role.OFFICER).email
    page = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800}).new_page()
    page.goto(site)
    expect(page.get_by_role("button", name="passkey")).to_have_count(0)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Six digits").fill(page.locator("#demo-code").inner_text())
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Your account").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width if width > 320 else True
    page.get_by_role("button", name="Make new recovery codes").click()
    code = page.locator("ol.recovery-codes code").first.inner_text()
    assert re.fullmatch(r"[0-9a-z]{4}(-[0-9a-z]{4}){3}", code)
    page.get_by_role("link", name="back to your account").click()
    page.get_by_role("link", name="Change your password").click()
    page.get_by_label("New password").fill("password password")
    page.get_by_label("The same password again").fill("password password")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("on our list").first).to_be_visible()
    if LOOK:
        page.screenshot(path=Path(LOOK) / f"password-{width}.png", full_page=True)
    page.get_by_role("link", name="Your account").click()
    if LOOK:
        page.screenshot(path=Path(LOOK) / f"account-{width}.png", full_page=True)
    page.get_by_role("button", name="Lock").click()
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Unlock").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out")).to_be_visible()
