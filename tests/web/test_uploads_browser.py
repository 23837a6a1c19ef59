"""The upload pages in a real browser: with and without JavaScript, by keyboard alone, narrow, and read by axe."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

import web.long_sheets
import web.uploads
from monitor.access.roles import Role
from monitor.db import Database
from tests.monitor.intake.sample_record import write_county
from tests.web.accounts import sign_in_as
from tests.web.browsing import axe_violations, chromium, served

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).parents[1] / "monitor/intake/samples"
SUNDAY = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(sqlite_template, tmp_path / "monitor.db")
    opened = Database(f"sqlite:///{tmp_path / 'monitor.db'}")
    yield opened
    opened.close()


@pytest.fixture
def token(database: Database) -> str:
    county = write_county(database)
    return sign_in_as(database, Role.PROGRAM, county.agency, "Jo Doe")[1]


@pytest.fixture
def site(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(web.uploads, "utc_now", lambda: SUNDAY)
    with served(database) as base:
        yield base


def open_list(context: BrowserContext, site: str, token: str) -> Page:
    context.add_cookies([{"name": "monitor", "value": token, "url": site}])
    page = context.new_page()
    page.goto(f"{site}/attendance/uploads")
    return page


def bring(page: Page, name: str) -> None:
    page.get_by_label("Attendance sheet").set_input_files(SAMPLES / name)
    page.get_by_role("button", name="Upload attendance").click()
    page.get_by_role("heading", level=1, name="Check your file").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_a_sheet_is_checked_answered_saved_and_undone(browser: Browser, site: str, token: str, script: bool) -> None:
    with browser.new_context(java_script_enabled=script) as context:
        page = open_list(context, site, token)
        bring(page, "06_A_means_attended.csv")
        group = page.get_by_role("group", name="What does “A” mean?")
        group.get_by_text("Attended (likely)").click()
        page.get_by_role("button", name="Apply answers").click()
        page.get_by_text("Nothing. Every row could be read.").wait_for()
        page.get_by_role("button", name="Save 5 records").click()
        page.get_by_text("5 records saved").wait_for()
        page.get_by_role("button", name="Undo this upload").click()
        page.get_by_text("5 records were taken back").wait_for()


def test_the_keyboard_alone_is_enough_and_lands_on_what_needs_somebody(browser: Browser, site: str, token: str) -> None:
    complaints: list[str] = []
    with browser.new_context() as context:
        page = open_list(context, site, token)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        bring(page, "06_A_means_attended.csv")
        page.wait_for_function("document.activeElement.id === 'needs-you'")
        page.keyboard.press("Tab")
        inside = page.evaluate("document.getElementById('needs-you').parentElement.contains(document.activeElement)")
        assert inside, "the first Tab after the upload goes to the first question"
        page.keyboard.press("Space")
        page.get_by_role("button", name="Apply answers").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Nothing. Every row could be read.").wait_for()
        assert page.evaluate("document.activeElement.textContent").startswith("06_A_means_attended.csv")
        page.get_by_role("button", name="Save 5 records").focus()
        page.keyboard.press("Enter")
        page.get_by_text("5 records saved").wait_for()
        page.wait_for_function("document.activeElement.id === 'receipt'")
    assert complaints == [], "a swapped part keeps the strict policy too"


def test_axe_finds_nothing_and_nothing_overflows_a_narrow_screen(browser: Browser, site: str, token: str) -> None:
    complaints: list[str] = []
    with browser.new_context(viewport={"width": 320, "height": 700}) as context:
        page = open_list(context, site, token)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        found = {"list": axe_violations(page)}
        for name in ("02_wide_weekly_dates.csv", "09_two_smiths_no_dob.csv", "14_reupload_same_and_changed.csv",
                     "17_unknown_codes_and_contradiction.csv"):  # fmt: skip
            page.goto(f"{site}/attendance/uploads")
            bring(page, name)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
            found[name] = axe_violations(page)
        page.goto(f"{site}/attendance/uploads")
        page.get_by_label("Attendance sheet").set_input_files(SAMPLES / "25_empty.csv")
        page.get_by_role("button", name="Upload attendance").click()
        page.get_by_role("heading", level=1, name="This file could not be used").wait_for()
        found["refused"] = axe_violations(page)
    assert {name: each for name, each in found.items() if each} == {}
    assert complaints == []


def test_a_known_sheet_without_problems_takes_one_field_three_clicks_and_two_screens(
    browser: Browser, site: str, token: str
) -> None:
    """ux/screens 0.5: the weekly upload."""
    with browser.new_context() as context:
        page = open_list(context, site, token)
        screens: list[str] = []
        page.on("framenavigated", lambda frame: screens.append(frame.url))
        page.get_by_label("Attendance sheet").set_input_files(SAMPLES / "01_long_clean.csv")  # one click: the file
        page.get_by_role("button", name="Upload attendance").click()
        page.get_by_role("button", name="Save 4 records").click()
        page.get_by_text("4 records saved").wait_for()
        required = page.goto(f"{site}/attendance/uploads") and page.locator("main form [required]").count()
    assert required == 1 and len({one.partition("#")[0] for one in screens[:2]}) == 1, "check and receipt, one address"


@pytest.mark.parametrize("script", [True, False])
def test_a_long_sheet_shows_its_progress_and_then_its_check(
    browser: Browser, site: str, token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: bool
) -> None:
    days = (f"2026-11-{n % 16 + 1:02}" for n in range(1_500))
    sheet = tmp_path / "long.csv"
    sheet.write_text("participant_id,session_date,status\n" + "\n".join(f"P1003,{day},P" for day in days))
    looked, judge = threading.Event(), web.long_sheets.judge_long
    monkeypatch.setattr(web.long_sheets, "judge_long", lambda *told: looked.wait(60) and judge(*told))
    complaints: list[str] = []
    with browser.new_context(java_script_enabled=script, viewport={"width": 320, "height": 700}) as context:
        page = open_list(context, site, token)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.get_by_label("Attendance sheet").set_input_files(sheet)
        page.get_by_role("button", name="Upload attendance").click()
        page.get_by_role("heading", level=1, name="Checking your file").wait_for()
        if script:
            assert axe_violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
        looked.set()
        page.get_by_role("heading", level=1, name="Check your file").wait_for(timeout=60_000)
    assert complaints == []
