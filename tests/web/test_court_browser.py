"""The court's screens in a real browser: one key to a case, no barrier, narrow screens, paper, and no script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from monitor.access.roles import Role
from monitor.clock import utc_now
from monitor.db import Database
from tests.monitor.court_town import CourtTown, build_court_town
from tests.web.accounts import sign_in_as
from tests.web.browsing import axe_violations, cells_off_a_phone, chromium, served

pytestmark = pytest.mark.browser


@pytest.fixture
def town(database: Database) -> CourtTown:
    return build_court_town(database, utc_now())


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def desk(request: pytest.FixtureRequest, database: Database, town: CourtTown) -> Iterator[tuple[Page, str, bool]]:
    """A judge at the coming docket."""
    _, token = sign_in_as(database, Role.JUDGE, town.court_agency, "Pat Lee")
    with served(database) as base, chromium() as browser:
        context = browser.new_context(java_script_enabled=request.param, viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        page = context.new_page()
        page.goto(f"{base}/")
        yield page, base, request.param


def open_next(page: Page, script: bool) -> None:
    """The next case: one key, or the same link."""
    with page.expect_navigation():
        page.keyboard.press("n") if script else page.locator("[data-key=n]").click()


def test_a_judge_goes_from_the_docket_to_each_case_and_back(desk: tuple[Page, str, bool], town: CourtTown) -> None:
    page, _, script = desk
    assert page.url.endswith(f"/dockets/{town.court_code}/{town.day}")
    seen = []
    for _ in town.hearings:
        open_next(page, script)
        seen.append(page.locator("article.bench-page header").inner_text())
    assert len(set(seen)) == len(town.hearings)
    open_next(page, script)
    page.wait_for_url("**/dockets/**")  # after the last case, the list again
    open_next(page, script)
    page.get_by_role("link", name="Back to the docket").click()
    page.wait_for_url("**/dockets/**")


def test_no_barrier_is_found_and_nothing_is_wider_than_a_phone(desk: tuple[Page, str, bool], town: CourtTown) -> None:
    page, base, script = desk
    if not script:
        pytest.skip("measured by script")
    paths = (
        f"/dockets/{town.court_code}/{town.day}", f"/hearings/{town.hearings[1]}", "/dockets/rb/2020-01-01",
        f"/hearings/{town.hearings[1]}/findings", f"/hearings/{town.hearings[1]}/referrals",
        f"/hearings/{town.hearings[1]}/changes",
    )  # fmt: skip
    for path in paths:
        page.goto(f"{base}{path}")
        assert axe_violations(page) == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert cells_off_a_phone(page) == []
        page.set_viewport_size({"width": 1366, "height": 768})


def test_one_key_opens_the_facts_of_the_next_case_and_of_the_one_that_j_and_k_moved_to(
    desk: tuple[Page, str, bool], town: CourtTown
) -> None:
    page, _, script = desk
    links = page.locator("th[scope=row] a")
    wanted = [link.get_attribute("href") for link in links.all()]
    if not script:  # the same by tabbing: each case is a link
        links.nth(1).focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{wanted[1]}")
        return
    page.keyboard.press("Enter")  # nothing has the focus: the next case, as with n
    page.wait_for_url(f"**{wanted[0]}")
    assert page.locator("article.bench-page").is_visible()
    page.go_back()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.getAttribute('href')") == wanted[1]  # what a reader says aloud
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted[1]}")


def test_keys_can_be_turned_off(desk: tuple[Page, str, bool], town: CourtTown) -> None:
    page, _, script = desk
    if not script:
        assert page.get_by_role("button", name="Turn keys off").count() == 0
        return
    page.get_by_role("button", name="Turn keys off").click()
    page.keyboard.press("n")
    assert "/dockets/" in page.url
    page.get_by_role("button", name="Turn keys on").click()
    page.keyboard.press("n")
    page.wait_for_url("**/hearings/**")


def test_the_screen_prints_on_one_side(desk: tuple[Page, str, bool], town: CourtTown) -> None:
    page, base, _ = desk
    for hearing in town.hearings:
        page.goto(f"{base}/hearings/{hearing}")
        assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def test_the_form_of_a_result_prints_on_one_side_with_everything_open(
    desk: tuple[Page, str, bool], town: CourtTown
) -> None:
    page, base, script = desk
    page.goto(f"{base}/hearings/{town.hearings[1]}/result")
    if script:
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def test_the_list_is_no_wider_than_the_paper_and_a_phone_shows_no_head_of_nothing(
    desk: tuple[Page, str, bool], town: CourtTown
) -> None:
    """The last columns of a printed docket were cut, and a phone read "Now:" with nothing behind it at each case."""
    page, base, script = desk
    if not script:
        pytest.skip("measured by script")
    page.set_viewport_size({"width": 740, "height": 1000})  # letter paper without its margins
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 740
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 320, "height": 640})
    for path in (f"/dockets/{town.court_code}/{town.day}/results", f"/hearings/{town.hearings[1]}"):
        page.goto(f"{base}{path}")
        cells = "[...document.querySelectorAll('td[data-label]')].filter(one => one.offsetHeight)"
        assert page.evaluate(f"{cells}.filter(one => !one.innerText.trim()).map(one => one.dataset.label)") == []
