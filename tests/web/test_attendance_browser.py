"""The grid in a real browser: twelve people with two exceptions, by mouse and by keyboard, narrow, and read by axe."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import update

import web.attendance
import web.reports
import web.uploads
from monitor.access.roles import Role
from monitor.db import Database
from monitor.models import Case, Enrollment
from tests.classes import AFTER_CLASS, MONDAY, Class, open_class
from tests.web.accounts import PASSWORD, sign_in_as
from tests.web.browsing import axe_violations, cells_off_a_phone, chromium, served

pytestmark = pytest.mark.browser
# interaction budget of the grid (screens 0.5), by the keystroke-level model: seconds a press, a point and a pause
KEY, POINT, PRESS, THINK = 0.28, 1.1, 0.2, 1.35
COUNT = """() => {
  window.clicks = 0; window.keys = 0;
  addEventListener("click", (event) => { if (event.isTrusted && event.detail > 0) window.clicks += 1; }, true);
  addEventListener("keydown", () => { window.keys += 1; }, true);
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def meeting(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Class]:
    for door in (web.attendance, web.uploads, web.reports):
        monkeypatch.setattr(door, "utc_now", lambda: AFTER_CLASS)
    shutil.copy(sqlite_template, tmp_path / "monitor.db")
    database = Database(f"sqlite:///{tmp_path / 'monitor.db'}")
    yield open_class(database, people=12)
    database.close()


@pytest.fixture
def token(meeting: Class) -> str:
    return sign_in_as(meeting.database, Role.PROGRAM, meeting.town.program_agency, "Jo Doe")[1]


@pytest.fixture
def site(meeting: Class) -> Iterator[str]:
    with served(meeting.database) as base:
        yield base


def open_grid(context: BrowserContext, site: str, token: str, meeting: Class) -> Page:
    context.add_cookies([{"name": "monitor", "value": token, "url": site}])
    page = context.new_page()
    page.goto(site + meeting.path)
    return page


DESK = (
    "/week", "/reports", "/reports/2026-02", "/reports/2026-02/{place}", "/attendance", "/enrollments",
    "/enrollments/{place}",
)  # fmt: skip
HIDDEN = """[...document.querySelectorAll(".usa-table-container--scrollable")]
.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.ariaLabel)"""
EXPECTED = {"O'Neal": "U", "Smith": "L"}


def test_twelve_people_with_two_exceptions_in_six_clicks_and_45_seconds(
    browser: Browser, site: str, token: str, meeting: Class
) -> None:
    with browser.new_context() as context:
        page = open_grid(context, site, token, meeting)
        page.evaluate(COUNT)
        page.get_by_role("group", name="O'Neal").get_by_label("No show").click()
        smith = page.get_by_role("group", name="Smith")
        smith.get_by_label("Late", exact=True).click()
        smith.get_by_label("Minutes late").click()
        page.keyboard.type("12")
        page.get_by_role("button", name="Everyone else was present").click()
        clicks, keys = page.evaluate("[window.clicks, window.keys]")
        page.get_by_role("button", name="Save attendance").click()
        page.get_by_text("Saved 12 people").wait_for()
    clicks += 1
    assert clicks <= 6
    assert clicks * (POINT + PRESS) + keys * KEY + 4 * THINK <= 45
    standing = meeting.standing()
    assert {family: says for family, says in standing.items() if says != "P"} == EXPECTED
    assert len(standing) == 12


def test_letters_and_arrows_are_enough(browser: Browser, site: str, token: str, meeting: Class) -> None:
    with browser.new_context() as context:
        page = open_grid(context, site, token, meeting)
        page.evaluate(COUNT)
        page.locator("input[type=radio]").first.focus()
        for _ in range(12):
            name = page.evaluate("document.activeElement.closest('[data-row]').querySelector('legend').textContent")
            page.keyboard.press("n" if "O'Neal" in name else "l" if "Smith" in name else "p")
            page.keyboard.press("ArrowDown")
        assert "No show 1" in page.locator("[data-tally]").inner_text()
        page.get_by_role("button", name="Save attendance").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Saved 12 people").wait_for()
        page.get_by_role("button", name="Undo").click()
        page.get_by_text("12 records were taken back").first.wait_for()
    assert meeting.standing() == {}


def test_everyone_else_was_present_marks_whoever_is_still_to_be_told(
    browser: Browser, site: str, token: str, meeting: Class
) -> None:
    """A case closed before the class has nothing to mark; one that was closed since may be told and need not."""
    closings = {"García-Ortiz": MONDAY - timedelta(days=1), "Bell": MONDAY}
    with meeting.database.system("test: two cases are closed") as session, session.begin():
        for family, on in closings.items():
            session.execute(update(Case).where(Case.id == meeting.people[family].case).values(closed_on=on))
    for width in (320, 1366):
        with browser.new_context(viewport={"width": width, "height": 900}) as context:
            page = open_grid(context, site, token, meeting)
            assert page.locator("[data-tally]").inner_text() == "Not marked 10"
            assert axe_violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            if width == 1366:
                page.get_by_role("button", name="Everyone else was present").click()
                assert page.locator("[data-tally]").inner_text() == "Present 10"
    assert meeting.standing() == {}


def test_without_javascript_the_buttons_go_to_the_server(
    browser: Browser, site: str, token: str, meeting: Class
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = open_grid(context, site, token, meeting)
        page.get_by_role("group", name="O'Neal").get_by_label("No show").check()
        page.get_by_role("button", name="Everyone else was present").click()
        page.get_by_role("button", name="Save attendance").click()
        page.get_by_text("Saved 12 people").wait_for()
    assert meeting.standing()["O'Neal"] == "U"


def test_a_draft_is_kept_while_marking_and_comes_back_after_the_screen_locked(
    browser: Browser, site: str, token: str, meeting: Class
) -> None:
    with browser.new_context() as context:
        page = open_grid(context, site, token, meeting)
        with page.expect_response(lambda answer: answer.url.endswith("/draft")) as kept:
            page.get_by_role("group", name="O'Neal").get_by_label("No show").click()
        assert kept.value.ok
        page.get_by_role("button", name="Lock").click()
        page.wait_for_url("**/unlock*")
        page.goto(f"{site}/unlock?next={meeting.path}")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Unlock").first.click()
        page.get_by_text("Your draft of").wait_for()
        assert page.get_by_role("group", name="O'Neal").get_by_label("No show").is_checked()
    assert meeting.standing() == {}


@pytest.mark.parametrize("width", [1366, 320])
def test_axe_finds_nothing_and_the_page_does_not_scroll_sideways(
    browser: Browser, site: str, token: str, meeting: Class, width: int
) -> None:
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        page = open_grid(context, site, token, meeting)
        page.get_by_role("group", name="O'Neal").get_by_label("No show").click()
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_role("button", name="Save attendance").click()
        page.get_by_role("alert").wait_for()
        assert page.evaluate("document.activeElement.id") in ("errors", "main", "")
        assert axe_violations(page) == []
        for path in DESK:
            page.goto(site + path.format(place=meeting.place("O'Neal")))
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            assert axe_violations(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert width > 320 or cells_off_a_phone(page) == [], path
            if path.startswith("/reports"):
                assert page.evaluate(HIDDEN) == [], f"{path}: a report is seen to be signed without pushing"


def test_enter_saves_and_never_goes_elsewhere(browser: Browser, site: str, token: str, meeting: Class) -> None:
    with meeting.database.system("test") as session, session.begin():  # one who could visit: then there is a button
        other = update(Enrollment).where(Enrollment.id == meeting.place("Bell"))
        session.execute(other.values(group_id=meeting.wednesday))
    with browser.new_context() as context:
        page = open_grid(context, site, token, meeting)
        smith = page.get_by_role("group", name="Smith")
        smith.get_by_label("Late", exact=True).click()
        page.get_by_role("button", name="Everyone else was present").click()
        smith.get_by_label("Minutes late").fill("12")
        smith.get_by_label("Minutes late").press("Enter")
        page.get_by_text("Saved 11 people.").wait_for()
    assert meeting.standing()["Smith"] == "L"
