"""A deputy in a real browser: a return on a phone, without signal and without script; no barrier anywhere."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import Any

import pytest

from monitor.access.roles import Role
from monitor.clock import local_day, utc_now
from monitor.models import Incident, Pause, Service, random_id
from tests.builders import ZONE
from tests.monitor.patrol_town import NAME, build_place
from tests.office import hearing
from tests.web.accounts import sign_in_as
from tests.web.browsing import axe_violations, cells_off_a_phone, chromium, served

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
        began = time.monotonic()
        page.get_by_role("link", name="24-PO-0201").click()
        page.get_by_text("Served in person").click()
        context.set_offline(True)
        page.get_by_role("button", name="Record service").click()
        page.get_by_text("Not sent yet: no signal").wait_for()
        assert place.rows(Service, Service.order_id == place.order) == []
        context.set_offline(False)
        page.wait_for_url(f"{base}/service", timeout=30_000)
        assert time.monotonic() - began < 30
        assert page.get_by_text("Served. Dispatch, the court and probation read it now.").is_visible()
        assert len(place.rows(Service, Service.order_id == place.order)) == 1
        page.goto(f"{base}/service/{place.order}")
        clean(page, "service-order")
        page.goto(f"{base}/incidents/new")
        clean(page, "incident")
        page.locator("#words").fill(NAME)
        page.get_by_role("button", name="File it").click()  # a required field stops it here
        assert place.rows(Incident) == []


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
