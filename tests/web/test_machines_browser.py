"""The page of machines in a real browser: no barrier, a phone's width, and the secret seen once."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from monitor.access.roles import Role
from monitor.db import Database
from tests.monitor.intake.sample_record import write_county
from tests.web.accounts import sign_in_as
from tests.web.browsing import axe_violations, chromium, served

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES")  # a folder: keep what each screen looked like


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("script", [True, False])
def test_an_administrator_adds_a_machine_and_ends_it(database: Database, script: bool) -> None:
    write_county(database)
    _, token = sign_in_as(database, Role.ADMINISTRATOR, None, "Alex Reyes")
    with served(database) as base, chromium() as browser:
        context = browser.new_context(java_script_enabled=script, base_url=base)
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        page = context.new_page()
        page.goto("/admin")
        page.get_by_role("link", name="machines of programs").click()
        page.get_by_label("Name").fill("ehr-north")
        page.get_by_label("Program").select_option("north-star")
        page.get_by_role("button", name="Add the machine").click()
        assert re.search(r"monitor_[\w-]{43}", page.locator("main").inner_text())
        for width in (1366, 320):
            page.set_viewport_size({"width": width, "height": 768})
            if script:
                assert axe_violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") or not script
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"machines-{width}-{script}.png", full_page=True)
        page.goto("/admin/machines")
        assert "monitor_" not in page.locator("main").inner_text()
        page.get_by_role("button", name="Revoke ehr-north").click()
        assert "Revoked" in page.locator("main").inner_text()
        assert page.get_by_role("button", name="Revoke ehr-north").count() == 0
