"""Dispatch in a real browser: type, Enter, the verdict; no barrier, a phone's width, no script."""

from __future__ import annotations

import os

import pytest

from monitor.access.roles import Role
from tests.monitor.verify_town import build_room
from tests.web.accounts import sign_in_as
from tests.web.browsing import axe_violations, chromium, served

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_type_a_name_press_enter_and_read_the_verdict_at_arms_length(database, script):
    room = build_room(database)
    room.order(exceptions=("child_exchange",))
    _, token = sign_in_as(database, Role.DISPATCH, room.agency, "V. Ortega")
    with served(database) as base, chromium() as browser:
        context = browser.new_context(java_script_enabled=script, viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        page = context.new_page()
        page.goto(f"{base}/")
        assert page.locator("#words:focus").count() == 1
        page.keyboard.type("o'neal, dwayne")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url == f"{base}/verify"  # nothing of it in the address
        verdict = page.locator("h1.verdict")
        assert verdict.inner_text() == "ACTIVE"
        assert page.locator("#words:focus").count() == 1  # ready for the next call
        for width in (1366, 320):
            page.set_viewport_size({"width": width, "height": 768})
            if script:
                assert float(verdict.evaluate("it => parseFloat(getComputedStyle(it).fontSize)")) >= 24
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                assert axe_violations(page) == []
                if folder := os.environ.get("MONITOR_TEST_PICTURES"):
                    page.screenshot(path=f"{folder}/verify-{width}.png", full_page=True)
        page.locator("#caller").fill("Quillonwick, Marabel")
        with page.expect_navigation():
            page.get_by_role("button", name="Match").click()
        assert page.get_by_text("matches an order above").is_visible()
