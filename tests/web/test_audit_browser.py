"""The trail's screens in a real browser: no barrier, a phone's width, with and without script."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from monitor.access.roles import Role
from monitor.db import Database
from monitor.models import Assignment, Case
from tests.office import open_office
from tests.web.accounts import sign_in_as
from tests.web.browsing import axe_violations, cells_off_a_phone, chromium, served

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_barrier_is_found_and_nothing_is_wider_than_a_phone(database: Database) -> None:
    office = open_office(database)
    with database.system("test: look", writes=False) as session:
        number = session.scalar(select(Case.number).where(Case.id == office.matter.case))
    user, officer = sign_in_as(database, Role.OFFICER, office.town.office, "Robin Example")
    with database.system("test: assigned") as session, session.begin():
        session.execute(update(Assignment).values(user_id=user))
    _, privacy = sign_in_as(database, Role.PRIVACY_OFFICER, office.town.office, "Pat Lee")
    with served(database) as base, chromium() as browser:

        def desk(token: str, script: bool = True):
            context = browser.new_context(java_script_enabled=script, viewport={"width": 320, "height": 640})
            context.add_cookies([{"name": "monitor", "value": token, "url": base}])
            return context.new_page()

        looking = desk(officer)
        looking.goto(f"{base}/people/{office.matter.person}")
        looking.get_by_role("link", name="Your trail").click()
        assert looking.get_by_role("cell", name="Looked at a person").count() == 1
        assert cells_off_a_phone(looking) == []
        asking = desk(privacy)
        for path in ("/audit/agency", "/audit/case", "/audit/look-back"):
            asking.goto(f"{base}{path}")
            assert axe_violations(asking) == [], path
            assert asking.evaluate("document.documentElement.scrollWidth") <= 320, path
            assert cells_off_a_phone(asking) == [], path
        plain = desk(privacy, script=False)
        plain.goto(f"{base}/audit/case")
        plain.get_by_label("Case number").fill(str(number))
        plain.get_by_role("button", name="Show").click()
        assert plain.get_by_role("row", name="Robin Example").count() == 1
        assert cells_off_a_phone(plain) == []
        assert plain.locator("td[data-label='Who']", has_text="Robin Example").count() == 1, "each cell says its head"
