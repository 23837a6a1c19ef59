"""The coordinator's and the privacy officer's pages in a real browser: no barrier, a phone's width, no script."""

from __future__ import annotations

import os

import pytest

from monitor.access.roles import Role
from tests.office import open_office
from tests.web.accounts import sign_in_as
from tests.web.browsing import axe_violations, cells_off_a_phone, chromium, served
from tests.web.test_measures import county  # noqa: F401
from tests.web.test_privacy import TODAY, opened

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def seen(page, name):
    for width in (1366, 320):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert axe_violations(page) == []
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        assert width > 320 or cells_off_a_phone(page) == []
        if folder := os.environ.get("MONITOR_TEST_PICTURES"):
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def signed_in(browser, base, token, script=True):
    context = browser.new_context(java_script_enabled=script, viewport={"width": 1366, "height": 768})
    context.add_cookies([{"name": "monitor", "value": token, "url": base}])
    return context.new_page()


def test_a_coordinator_draws_a_quarter_up_without_script_and_reads_it_everywhere(county):  # noqa: F811
    database, _town, _matters = county
    _, token = sign_in_as(database, Role.COORDINATOR, None, "G. Pine")
    with served(database) as base, chromium() as browser:
        page = signed_in(browser, base, token, script=False)
        page.goto(f"{base}/")
        assert page.url == f"{base}/measures" and page.get_by_text("No quarter was drawn up yet").is_visible()
        page.get_by_label("Draw up a quarter").select_option("2026-Q2")
        with page.expect_navigation():
            page.get_by_role("button", name="Draw it up").click()
        assert page.get_by_role("heading", name="April to June 2026").is_visible()
        page = signed_in(browser, base, token)
        page.goto(f"{base}/measures")
        seen(page, "measures")
        assert page.evaluate("document.documentElement.scrollHeight") < 25 * 768


def test_a_privacy_officer_finds_what_waits_and_begins_a_drill(database):
    office = open_office(database)
    opened(office, TODAY)
    _, token = sign_in_as(database, Role.PRIVACY_OFFICER, office.town.office, "I. Wolfe")
    with served(database) as base, chromium() as browser:
        page = signed_in(browser, base, token)
        page.goto(f"{base}/")
        seen(page, "privacy")
        page.get_by_role("link", name="Open the runbooks").click()
        seen(page, "runbooks")
        page.get_by_label("What has come").select_option("SUBPOENA")
        page.get_by_label("Is it a drill").select_option("DRILL")
        page.get_by_label("Case number (subpoena)").fill("26-DV-1")
        page.get_by_label("First day").fill("11/1/2026")
        page.get_by_label("Last day").fill("11/30/2026")
        with page.expect_navigation():
            page.get_by_role("button", name="Begin the run").click()
        assert page.get_by_role("heading", name="Who had access to what").is_visible()
        seen(page, "run")
