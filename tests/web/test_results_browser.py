"""Results in a real browser: by keyboard and by mouse within the budget, without script, on a phone, no barrier."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from monitor.access.roles import Role
from monitor.clock import utc_now
from monitor.models import HearingClaim
from tests.monitor.court_town import build_court_town
from tests.web.accounts import sign_in_as
from tests.web.browsing import axe_violations, cells_off_a_phone, chromium, served

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def desk(request, database):
    town = build_court_town(database, utc_now() - timedelta(days=7))
    _, token = sign_in_as(database, Role.CLERK, town.court_agency, "B. Adams")
    with served(database) as base, chromium() as browser:
        context = browser.new_context(java_script_enabled=request.param, viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        page = context.new_page()
        page.goto(f"{base}/dockets/{town.court_code}/{town.day}/results")
        yield page, request.param


def test_a_case_takes_three_fields_and_four_clicks(desk):
    page, _script = desk
    page.get_by_role("button", name="Record the next case").click()
    assert page.locator("[required]").evaluate_all("all => new Set(all.map(one => one.name)).size") <= 3
    first = page.url
    clicks = 0
    page.locator("label").filter(has_text="Held").first.click()
    page.get_by_label("What the court did").select_option("COMPLIANT_CONTINUE")
    page.get_by_label("Next date", exact=True).select_option(index=1)
    page.get_by_role("button", name="Save and next").click()
    clicks += 4
    assert clicks <= 4 and "Saved. Word goes" in page.inner_text("main, body") and page.url != first
    page.get_by_role("button", name="Undo it").click()
    assert page.url == first and "Undone. Nobody was told." in page.inner_text("body")


def test_a_whole_day_goes_by_keyboard_alone(desk):
    page, script = desk
    if not script:
        pytest.skip("keys are a comfort of the script")
    page.keyboard.press("n")
    page.wait_for_url("**/result")
    for _case in range(5):
        here = page.url
        page.keyboard.press("2")
        page.keyboard.type("No i")  # of the reasons, the one that begins so
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url != here, page.inner_text("main")
    assert "All 5 recorded." in page.inner_text("main") and "no interpreter" in page.inner_text("main")


def test_from_the_docket_to_a_case_to_its_result_no_mouse_is_needed(desk):
    page, script = desk
    if not script:
        pytest.skip("keys are a comfort of the script")
    page.goto(page.url.removesuffix("/results"))
    for key, leads in (("n", "**/hearings/*"), ("r", "**/result")):
        page.keyboard.press(key)
        page.wait_for_url(leads)
    page.keyboard.press("2")
    page.keyboard.type("No i")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Saved. Word goes" in page.inner_text("body"), page.inner_text("main")


def test_no_barrier_is_found_and_nothing_is_wider_than_a_phone(desk):
    page, script = desk
    if not script:
        pytest.skip("measured by script")
    _fits(page)
    page.get_by_role("button", name="Record the next case").click()
    _fits(page)
    page.locator("label").filter(has_text="Held").first.click()
    page.get_by_label("Next date", exact=True).select_option("other")
    page.get_by_role("button", name="Save and next").click()
    assert "Choose what the court did" in page.inner_text("main")
    _fits(page)


def _fits(page):
    assert axe_violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert cells_off_a_phone(page) == []
    page.set_viewport_size({"width": 1366, "height": 768})


def test_while_somebody_types_the_case_stays_theirs(desk, database):
    page, script = desk
    page.get_by_role("button", name="Record the next case").click()
    with database.system("test: the claim is about to run out") as session, session.begin():
        claim = session.scalars(select(HearingClaim)).one()
        claim.until_at = utc_now() + timedelta(seconds=30)
        hearing = claim.hearing_id
    page.get_by_text("The court's own words").click()
    if not script:  # without it the page says until when, and *Take this case* takes it again
        assert "You have this case until" in page.inner_text("main")
        return
    with page.expect_response(f"**/hearings/{hearing}/result/claim") as told:
        page.get_by_label("What the court said").press_sequentially("Told")
    assert told.value.status == 303
    with database.system("test: look", writes=False) as session:
        [until] = session.scalars(select(HearingClaim.until_at).where(HearingClaim.hearing_id == hearing))
    assert until > utc_now() + timedelta(minutes=8)
