"""The two desks in a real browser, victim/witness staff and keepers of records: no barrier, a phone, no script."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from monitor.access.roles import Role
from monitor.clock import utc_now
from monitor.models import Agency, random_id
from tests.office import hearing
from tests.web.accounts import sign_in_as
from tests.web.browsing import axe_violations, chromium, served
from tests.web.caring.desk import care_office

pytestmark = pytest.mark.browser


def looked_at(page, name, script=True):
    for width in (1366, 320):
        page.set_viewport_size({"width": width, "height": 768})
        if script:
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
            assert axe_violations(page) == [], name
        if folder := os.environ.get("MONITOR_TEST_PICTURES"):
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def tells_nobody_on_paper(page, case):
    """What lies in a printer tells neither whether notices are wanted nor what came of a call (safeguard E4)."""
    for address in (page.url, case):
        page.goto(address)
        assert page.get_by_text("Tried, will try again").first.is_visible()
        page.emulate_media(media="print")
        said = page.locator("main").inner_text()
        assert "on paper it would tell who wants notices" in said
        assert not [word for word in ("Hearing set", "Asked for", "Answered", "not tried") if word in said], said
        page.emulate_media(media="screen")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_two_desks_from_their_first_page_on(database):
    office = care_office(database)
    with database.system("test: a date and a keeper of records") as session, session.begin():
        hearing(session, office.matter, utc_now() + timedelta(hours=20))
        keeper = random_id()
        session.add(Agency(id=keeper, kind="medical", name="Riverside Records", code="rr", zone="America/Los_Angeles"))
    staff = sign_in_as(database, Role.VICTIM_WITNESS, office.flags["desk"], "R. Amaya")[1]
    nurse = sign_in_as(database, Role.MEDICAL, keeper, "H. Brandt")[1]
    with served(database) as base, chromium() as browser:
        for script in (True, False):
            context = browser.new_context(java_script_enabled=script, viewport={"width": 1366, "height": 768})
            context.add_cookies([{"name": "monitor", "value": staff, "url": base}])
            page = context.new_page()
            page.goto(f"{base}/")
            looked_at(page, f"due-{script}", script)
            page.goto(f"{base}/due-notices/{office.matter.case}")
            page.get_by_role("button", name="Asked for notices").last.click()
            page.get_by_text("Standing answer:").wait_for()
            looked_at(page, f"due-case-{script}", script)
            page.goto(f"{base}/due-notices")
            assert page.get_by_text("not confidential").is_visible()
            tells_nobody_on_paper(page, f"{base}/due-notices/{office.matter.case}")
            page.context.clear_cookies()
            context.add_cookies([{"name": "monitor", "value": nurse, "url": base}])
            page.goto(f"{base}/")
            looked_at(page, f"record-{script}", script)
            page.locator("#number").fill("25-1234")
            page.locator("#custodian").select_option(label="Riverside Records")
            page.get_by_text("Signed authorization").click()
            page.get_by_text("Yes", exact=True).click()
            page.get_by_role("button", name="Save").click()
            page.get_by_text("Receipt number").wait_for()
            looked_at(page, f"saved-{script}", script)
            context.close()
