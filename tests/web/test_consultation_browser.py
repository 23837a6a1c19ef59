"""The team's page in a real browser: no barrier, a phone, no script, on paper."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from monitor.access.roles import Role
from tests.web.accounts import sign_in_as
from tests.web.browsing import chromium, served
from tests.web.caring.test_care_browser import looked_at
from tests.web.consulting import DAY, TODAY, folder, keys, office, put_on, second, settings

__all__ = ["folder", "keys", "office", "settings"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_member_writes_the_minutes_and_an_advocate_reads_them(database, office, keys, settings):
    put_on(database, office, keys)
    put_on(database, office, keys, second(database, office, "Okafor").case)
    users = {role: sign_in_as(database, role, office.flags[code], "N. Quist")[1]
             for role, code in ((Role.PROSECUTOR, "near-da"), (Role.ADVOCATE, "harbor"))}  # fmt: skip
    files = {"consultation_file": settings.consultation_file, "consultation_keys_file": settings.consultation_keys_file}
    with served(database, **files) as base, chromium() as browser:
        for script in (True, False):
            context = browser.new_context(java_script_enabled=script, viewport={"width": 1366, "height": 768})
            context.add_cookies([{"name": "monitor", "value": users[Role.PROSECUTOR], "url": base}])
            page = context.new_page()
            page.goto(f"{base}/")
            page.get_by_role("link", name="Consultation").click()
            form = page.locator("section.card", has=page.get_by_role("heading", name="Example, Ann"))
            form.locator("summary").focus()
            page.keyboard.press("Enter")
            form.get_by_label("What").select_option(label="Ask for proof that firearms were handed in")
            form.get_by_label("Which office").select_option(label="Near near-da")
            form.get_by_label("By which day").fill(f"{TODAY + timedelta(days=7)}")
            form.get_by_role("button", name="Write it down").press("Enter")
            page.get_by_text("Written into the minutes.").wait_for()
            assert page.get_by_text("For your office to do").is_visible()
            assert not page.get_by_text("This paper has no end of its own").is_visible()
            page.emulate_media(media="print")
            assert page.get_by_text("This paper has no end of its own").is_visible()
            page.emulate_media(media="screen")
            looked_at(page, f"consultation-{script}", script)
            page.get_by_label("Case number").fill("26-DV-NONE")
            page.get_by_role("button", name="Bring the case").click()
            page.get_by_role("link", name="No open case that you may bring has that number.").wait_for()
            looked_at(page, f"consultation-error-{script}", script)
            if script and (to := os.environ.get("MONITOR_TEST_PICTURES")):
                page.goto(f"{base}/consultation")
                page.pdf(path=f"{to}/consultation.pdf", format="Letter")
            page.goto(f"{base}/consultation?day={TODAY + DAY}")
            page.context.clear_cookies()
            context.add_cookies([{"name": "monitor", "value": users[Role.ADVOCATE], "url": base}])
            page.goto(f"{base}/consultation")
            assert page.get_by_role("button", name="Leave this page now").is_visible()
            looked_at(page, f"consultation-advocate-{script}", script)
            context.close()
