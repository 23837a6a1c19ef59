"""A deputy in a real browser: a return on a phone, without signal and without script; no barrier anywhere."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.access.roles import Role
from monitor.clock import local_day, utc_now
from monitor.models import FirearmReceipt, Incident, Pause, Service, random_id
from tests.builders import ZONE
from tests.monitor.patrol_town import NAME, build_place
from tests.office import hearing
from tests.web.accounts import PASSWORD, sign_in_as
from tests.web.browsing import axe_violations, cells_off_a_phone, chromium, served
from web.absences import day_of

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


def test_a_deputy_serves_on_a_phone_without_signal_and_it_is_on_record_once(database):
    place = build_place(database, served=False)
    with database.system("test: a warrant") as session, session.begin():
        session.add(Pause(id=random_id(), case_id=place.matter.case, agency_id=place.town.court_agency, kind="WARRANT",
                          starts_on=local_day(utc_now(), ZONE) - timedelta(days=5), recorded_at=utc_now()))  # fmt: skip
        hearing(session, place.matter, utc_now() + timedelta(hours=20))
    _, token = sign_in_as(database, Role.LAW_ENFORCEMENT, place.sheriff, "D. Cho")
    with served(database) as base, chromium() as browser:
        context = browser.new_context(viewport={"width": 320, "height": 640})
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        page = context.new_page()
        page.goto(f"{base}/")
        assert page.url == f"{base}/service"
        clean(page, "service-list")
        page.set_viewport_size({"width": 320, "height": 640})
        began, pressed = time.monotonic(), utc_now() - timedelta(minutes=40)
        page.clock.set_fixed_time(pressed - timedelta(hours=3))  # the phone's own clock is behind
        page.get_by_role("link", name="24-PO-0201").click()
        came(page, pressed)  # the signal comes back forty minutes after the press
        page.get_by_text("Served in person").click()
        context.set_offline(True)
        page.get_by_role("button", name="Record service").click()
        page.get_by_text("Not sent yet: no signal").wait_for()
        assert "by this device's clock" not in page.locator("[data-sending]").first.inner_text()
        assert day_of(page.locator("#on").input_value()) == local_day(pressed, ZONE)
        assert page.locator("#hour").is_visible()
        assert place.rows(Service, Service.order_id == place.order) == []
        context.set_offline(False)
        page.wait_for_url(f"{base}/service", timeout=30_000)
        assert time.monotonic() - began < 30
        assert page.get_by_text("Served. Dispatch, the court and probation read it now.").is_visible()
        (proof,) = place.rows(Service, Service.order_id == place.order)
        assert soon_after(proof.occurred_at, pressed), "pressed then by the court's clock, not the phone's"
        page.goto(f"{base}/service/{place.order}")
        clean(page, "service-order")
        page.goto(f"{base}/incidents/new")
        clean(page, "incident")
        page.locator("#words").fill(NAME)
        page.get_by_role("button", name="File it").click()  # a required field stops it here
        assert place.rows(Incident) == []


def came(page: Any, at: datetime) -> None:
    """As if the page had come from the server then."""
    page.evaluate("at => document.querySelectorAll('[data-now]').forEach((form) => { form.dataset.now = at; })",
                  at.timestamp())  # fmt: skip


def soon_after(told: datetime, pressed: datetime) -> bool:
    """The minute in which it was pressed; the page was open for some seconds before."""
    return timedelta(0) <= told - pressed.replace(second=0, microsecond=0) <= timedelta(minutes=1)


def test_where_the_phone_s_clock_was_set_or_it_slept_the_page_says_whose_time_a_return_bears(database):
    place = build_place(database, served=False)
    _, token = sign_in_as(database, Role.LAW_ENFORCEMENT, place.sheriff, "D. Cho")
    with served(database) as base, chromium() as browser:
        context = browser.new_context(viewport={"width": 320, "height": 640})
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        page = context.new_page()
        page.goto(f"{base}/service/{place.order}")
        page.get_by_text("Served in person").click()
        page.evaluate("(() => { const now = Date.now; Date.now = () => now() + 20 * 60000; })()")
        context.set_offline(True)
        page.get_by_role("button", name="Record service").click()
        page.get_by_text("by this device's clock: see whether it is right").wait_for()
        assert page.locator("#hour").is_visible() and page.locator("#hour").input_value()


def test_a_return_that_finds_the_screen_locked_is_not_lost(database):
    place = build_place(database, served=False)
    user, token = sign_in_as(database, Role.LAW_ENFORCEMENT, place.sheriff, "D. Cho")
    with served(database) as base, chromium() as browser:
        context = browser.new_context(viewport={"width": 320, "height": 640})
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        page, beside = context.new_page(), context.new_page()
        page.goto(f"{base}/service/{place.order}")
        page.get_by_text("Left with an adult").click()
        page.locator("#server").fill("Badge 114")
        beside.goto(f"{base}/help")
        beside.get_by_role("button", name="Lock").click()
        page.get_by_role("button", name="Record service").click()
        page.wait_for_url(f"{base}/unlock?next=**")
        assert place.rows(Service, Service.order_id == place.order) == []
        page.locator("#password").fill(PASSWORD)
        page.get_by_role("button", name="Unlock").click()
        page.wait_for_url(f"{base}/service/{place.order}")
        page.get_by_text("Not known to be on record").wait_for()
        assert page.get_by_label("Left with an adult").is_checked()
        assert page.locator("#server").input_value() == "Badge 114"
        page.get_by_role("button", name="Record service").click()
        page.wait_for_url(f"{base}/service")
        (proof,) = place.rows(Service, Service.order_id == place.order)
        assert proof.method == "SUBSTITUTE"


def test_a_report_and_a_receipt_wait_for_the_signal_and_say_when_they_were_pressed(database):
    place = build_place(database, served=False)
    _, token = sign_in_as(database, Role.LAW_ENFORCEMENT, place.sheriff, "D. Cho")
    pressed = utc_now() - timedelta(minutes=40)
    with served(database) as base, chromium() as browser:
        context = browser.new_context(viewport={"width": 320, "height": 640})
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        page = context.new_page()
        page.clock.set_fixed_time(pressed - timedelta(hours=3))
        page.goto(f"{base}/incidents/new")
        came(page, pressed)
        page.locator("#words").fill(NAME)
        page.locator("#born").fill("5/17/1990")
        page.locator("#number").fill("26-1188")
        for name, value in (("weapon", "NO"), ("strangulation", "NOT_ASKED"), ("accounts", "YES")):
            page.locator(f"input[name={name}][value={value}]").check()
        sent_late(context, page, "File it")
        page.get_by_role("link", name="26-1188").wait_for()
        kept = page.evaluate("JSON.stringify({ ...sessionStorage, ...localStorage })")
        assert "Neal" not in kept and "26-1188" not in kept, "a name was typed: nothing of it stays on the device"
        (filed,) = place.rows(Incident)
        assert soon_after(filed.occurred_at, pressed)
        page.goto(f"{base}/service/{place.order}")
        came(page, pressed)
        page.get_by_text("Firearms were handed in to us").click()
        sent_late(context, page, "Record the receipt")
        page.get_by_text("The receipt is on record.").wait_for()
        (receipt,) = place.rows(FirearmReceipt)
        assert soon_after(receipt.occurred_at, pressed)


def sent_late(context: Any, page: Any, button: str) -> None:
    """Pressed without signal; it comes back, and the form goes by itself."""
    context.set_offline(True)
    page.get_by_role("button", name=button).click()
    page.locator("[data-sending]", has_text="Not sent yet: no signal").wait_for()
    context.set_offline(False)


def test_without_script_the_return_and_the_report_are_ordinary_forms(database):
    place = build_place(database, served=False)
    _, token = sign_in_as(database, Role.LAW_ENFORCEMENT, place.sheriff, "D. Cho")
    with served(database) as base, chromium() as browser:
        context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        page = context.new_page()
        page.goto(f"{base}/service/{place.order}")
        page.get_by_text("Served in person").click()
        page.get_by_role("button", name="Record service").click()
        page.get_by_text("No papers to serve.").wait_for()
        page.goto(f"{base}/incidents/new")
        page.locator("#words").fill(NAME)
        page.locator("#born").fill("1990-05-17")
        page.locator("#number").fill("26-1187")
        page.locator("#touched").select_option("05")
        for name, value in (("weapon", "NO"), ("strangulation", "NOT_ASKED"), ("accounts", "YES")):
            page.locator(f"input[name={name}][value={value}]").check()
        page.get_by_role("button", name="File it").click()
        page.get_by_role("link", name="26-1187").wait_for()
        assert len(place.rows(Incident)) == 1
