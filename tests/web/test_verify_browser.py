"""Dispatch in a real browser: type, Enter, the verdict; no barrier, a phone's width, no script."""

from __future__ import annotations

import os
from datetime import date
from typing import Any

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
        assert page.locator("h1.verdict:focus").count() == 1
        assert page.evaluate("scrollY") == 0, "the verdict is what is seen first"
        page.keyboard.press("Tab")  # ready for the next call, and with script by typing alone
        assert page.locator("#words:focus").count() == 1
        if script:
            verdict.focus()
            page.keyboard.type("smi")
            assert page.locator("#words").input_value() == "smi"
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


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize(("words", "said"), [
    ("o'neal, dwayne", "ACTIVE"), ("doe, jo", "NO MATCH"), ("lee, ann", "POSSIBLE"),
])  # fmt: skip
def test_on_a_phone_the_verdict_is_on_the_screen_as_soon_as_the_answer_is_there(database, words, said, script):
    room = build_room(database)
    room.order(exceptions=("child_exchange",))
    for number in range(5):
        room.order("Lee, Ann", f"A-{number}", born=date(1980 + number, 1, 1))
    _, token = sign_in_as(database, Role.DISPATCH, room.agency, "V. Ortega")
    with served(database) as base, chromium() as browser:
        context = browser.new_context(java_script_enabled=script, viewport={"width": 320, "height": 640})
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        page = context.new_page()
        page.goto(f"{base}/verify")
        typed(page, words, "")
        box = page.locator("h1.verdict").bounding_box()
        assert page.locator("h1.verdict").inner_text() == said
        assert box is not None and 0 <= box["y"] and box["y"] + box["height"] <= 640


def test_of_a_list_one_is_chosen_by_keyboard_with_the_day_that_was_typed_and_without_a_day_none(database):
    room = build_room(database)
    room.order("García Ortiz, José", "A-1", born=date(1990, 1, 2))
    room.order("García, José Luis", "A-2", born=date(1971, 3, 4))
    _, token = sign_in_as(database, Role.DISPATCH, room.agency, "V. Ortega")
    with served(database) as base, chromium() as browser:
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        page = context.new_page()
        page.goto(f"{base}/verify")
        typed(page, "garcia, jose", "")
        assert page.locator("h1.verdict").inner_text() == "POSSIBLE" and page.locator("article").count() == 0
        assert page.locator("main li button").count() == 0, "without a date of birth there is nobody to choose"
        typed(page, "garcia, jose", "1/2/1990")
        assert page.locator("h1.verdict").inner_text() == "POSSIBLE"
        for width in (1366, 320):
            page.set_viewport_size({"width": width, "height": 768})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert axe_violations(page) == []
            if folder := os.environ.get("MONITOR_TEST_PICTURES"):
                page.screenshot(path=f"{folder}/verify-list-{width}.png", full_page=True)
        page.locator("#words").focus()
        page.keyboard.press("Shift+Tab")  # back from the field to the one who was born in that year
        assert page.evaluate("document.activeElement.innerText") == "Check García Ortiz, José, born 1/2/1990"
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.locator("h1.verdict").inner_text() == "ACTIVE"
        assert page.get_by_text("Matched on name and date of birth.").is_visible()
        assert "García" not in page.url


def typed(page: Any, words: str, born: str) -> None:
    """In the one field, from which Tab leads to the date of birth, and Enter. After an answer one types at once."""
    assert page.locator("#words:focus, h1.verdict:focus").count() == 1
    page.keyboard.type(words)
    page.keyboard.press("Tab")
    page.keyboard.type(born)
    with page.expect_navigation():
        page.keyboard.press("Enter")
