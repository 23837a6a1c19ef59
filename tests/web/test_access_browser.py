"""The screens of openings, walls, approvals and context reviews in a real browser: no barrier, a phone's width."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from monitor.access.roles import Role
from monitor.db import Database
from tests.office import open_office
from tests.web.accounts import sign_in_as
from tests.web.browsing import axe_violations, cells_off_a_phone, chromium, served

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES")  # a folder: keep what each screen looked like
DESKS = {
    Role.OFFICER_SUPERVISOR: ("/openings", "/approvals", "/context", "/caseload/export"),
    Role.PRIVACY_OFFICER: ("/openings", "/walls", "/approvals", "/sealed"),
}


def looked_at(page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    assert axe_violations(page) == [], path
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert path not in ("/walls", "/context") or width > 320 or cells_off_a_phone(page) == [], path
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{path.strip('/').replace('/', '-')}-{width}.png", full_page=True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_opens_a_case_who_reviews_it_and_who_keeps_walls_meet_no_barrier(database: Database) -> None:
    office = open_office(database)
    with served(database) as base, chromium() as browser:

        def desk(role: Role, name: str):
            _, token = sign_in_as(database, role, office.town.office, name)
            context = browser.new_context(java_script_enabled=True, base_url=base)
            context.add_cookies([{"name": "monitor", "value": token, "url": base}])
            return context.new_page()

        colleague = desk(Role.OFFICER, "Robin Cho")
        colleague.goto(f"/people/{office.matter.person}")
        for width in (1366, 320):
            looked_at(colleague, "/ask", width)
        colleague.get_by_label("Why do you need it?").select_option("CALL")
        colleague.get_by_label("In your own words").fill("Call 26-1187: patrol asks whether the order was served.")
        colleague.get_by_role("button", name="Open for 30 minutes").click()
        assert colleague.get_by_role("button", name="End now").is_visible()
        for width in (1366, 320):
            looked_at(colleague, "/opened", width)
        for role, paths in DESKS.items():
            page = desk(role, "Pat Lee")
            for path in paths:
                page.goto(path)
                assert page.locator("h1").count() == 1, path
                for width in (1366, 320):
                    looked_at(page, path, width)
