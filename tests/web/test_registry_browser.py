"""The records clerk in a real browser: from the list to the number by keyboard, a wrong number, a packet sent back."""

from __future__ import annotations

import os
from typing import Any

import pytest

from monitor.access.roles import Role
from monitor.models import Agency, OrderStep, random_id
from tests.web.accounts import sign_in_as
from tests.web.browsing import axe_violations, cells_off_a_phone, chromium, served
from tests.web.order_desk import ZONE, Desk

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def clean(page: Any, name: str) -> None:
    """At both widths: nothing wider than the screen, no barrier; a picture where one is asked for."""
    for width in (1366, 320):
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert axe_violations(page) == [], name
        assert width > 320 or cells_off_a_phone(page) == [], name
        if folder := os.environ.get("MONITOR_TEST_PICTURES"):
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1366, "height": 768})


def opened(browser: Any, base: str, token: str, script: bool = True) -> Any:
    context = browser.new_context(java_script_enabled=script, viewport={"width": 1366, "height": 768})
    context.add_cookies([{"name": "monitor", "value": token, "url": base}])
    return context.new_page()


def test_from_the_list_to_the_number_and_back_to_the_court_and_its_answer(database, desk: Desk):
    with database.system("test: who enters orders") as session, session.begin():
        session.add(made := Agency(id=random_id(), kind="law_enforcement", name="Sheriff", code="sheriff", zone=ZONE))
        session.flush()
        sheriff = made.id
    _, records = sign_in_as(database, Role.LAW_ENFORCEMENT, sheriff, "R. Vance")
    _, court = sign_in_as(database, Role.CLERK, desk.town.town.court_agency, "B. Adams")
    with served(database, entering_agencies="sheriff") as base, chromium() as browser:
        clerk = opened(browser, base, court)
        desk_page(clerk, base, desk)
        page = opened(browser, base, records, script=False)
        page.goto(f"{base}/service")
        page.get_by_role("link", name="To enter", exact=True).click()
        clean_without_script(page)
        page.get_by_role("link", name="PO-777").click()
        page.get_by_text("It cannot be entered as it is").click()
        page.get_by_text("The signed order has not reached us").click()
        page.get_by_role("button", name="Send it back").click()
        page.get_by_text("Nothing to do. 1 back with the court.").wait_for()
        clerk.goto(f"{base}/orders/waiting")
        assert "Sent back: the signed order has not reached it" in clerk.locator("main").inner_text()
        clean(clerk, "orders-waiting-sent-back")
        clerk.get_by_role("link", name="PO-777").first.click()
        clean(clerk, "order-steps-sent-back")
        clerk.get_by_role("button", name="Ask the agency again").click()
        clerk.get_by_text("The packet is with the entering agency again.").wait_for()
        with_script = opened(browser, base, records)
        with_script.goto(f"{base}/registry")
        clean(with_script, "registry-list")
        with_script.get_by_role("link", name="PO-777").click()
        clean(with_script, "registry-order")
        with_script.locator("#registry_number").fill("H12345678")
        with_script.keyboard.press("Enter")
        with_script.get_by_text("On record: it is in the registry.").wait_for()
        with_script.get_by_role("link", name="PO-777").click()
        with_script.get_by_text("The number H12345678 was typed wrongly").click()
        with_script.locator("#right_number").fill("H87654321")
        clean(with_script, "registry-entered")
        with_script.get_by_role("button", name="Mend the number").click()
        with_script.get_by_text("Both numbers stay on record.").wait_for()
        with_script.go_back()
        with_script.reload()
        assert "H87654321" in with_script.locator("main").inner_text()
        with_script.emulate_media(media="print")
        if folder := os.environ.get("MONITOR_TEST_PICTURES"):
            with_script.screenshot(path=f"{folder}/registry-print.png", full_page=True)
    numbers = [one.registry_number for one in desk.rows(OrderStep, OrderStep.kind == "ENTERED")]
    assert sorted(numbers) == ["H12345678", "H87654321"]


def desk_page(clerk: Any, base: str, desk: Desk) -> None:
    """The court signs an order: by its form, as the desk's tests do."""
    clerk.goto(f"{base}{desk.path}")
    token = clerk.locator('input[name="csrf"]').first.get_attribute("value")
    form = [(name, each) for name, told in desk.form().items() for each in (told if isinstance(told, list) else [told])]
    body = "&".join(f"{name}={each}" for name, each in [("csrf", token), *form]).replace(" ", "+")
    answer = clerk.request.post(f"{base}{desk.path}", data=body, max_redirects=0, headers={
        "content-type": "application/x-www-form-urlencoded", "origin": base,
    })
    assert answer.status == 303, answer.text()


def clean_without_script(page: Any) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
