"""Referring out in a real browser, on both desks: no barrier, a phone, no script."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from monitor.access.roles import Role
from monitor.models import Assignment
from tests.builders import build_town
from tests.office import open_office
from tests.web.accounts import sign_in_as
from tests.web.browsing import chromium, served
from tests.web.caring.test_care_browser import looked_at
from tests.web.test_referrals_out import TODAY

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_officer_refers_out_and_the_service_declines(database):
    office = open_office(database)
    with database.system("test: a service elsewhere") as session, session.begin():
        far = build_town(session, code="far")
    user, officer = sign_in_as(database, Role.OFFICER, office.town.office, "R. Adams")
    service = sign_in_as(database, Role.PROGRAM, far.program_agency, "N. Quist")[1]
    with database.system("test: assigned") as session, session.begin():
        session.execute(update(Assignment).values(user_id=user))
    matter = office.matter
    with served(database) as base, chromium() as browser:
        for script in (True, False):
            page = at_desk(browser, base, officer, script)
            page.goto(f"{base}/people/{matter.person}?case={matter.case}")
            page.get_by_role("link", name="Refer out").click()
            page.get_by_label("Kind").select_option(label="Mental health")
            page.get_by_label("To whom").select_option(index=1)
            page.get_by_role("button", name="Send").click()
            page.get_by_role("link", name="Not sent: this needs a signed release").wait_for()
            looked_at(page, f"refer-out-error-{script}", script)
            for field, day in (("Release signed on", TODAY), ("Last day of the release", TODAY + timedelta(days=60))):
                page.get_by_label(field).fill(f"{day.month}/{day.day}/{day.year}")
            page.get_by_role("button", name="Send").press("Enter")
            page.get_by_text("Sent. It is on the other agency").wait_for()
            looked_at(page, f"refer-out-{script}", script)
            page = at_desk(browser, base, service, script)
            page.goto(f"{base}/referrals-out")
            looked_at(page, f"referrals-service-{script}", script)
            if script:
                page.get_by_label("Or why you decline").select_option(label="No seat now")
                page.get_by_role("button", name="Decline").press("Enter")
            else:
                page.get_by_role("button", name="Accept").click()
            page.get_by_text("Kept. The agency that asked is told.").wait_for()
            page = at_desk(browser, base, officer, script)
            page.goto(f"{base}/referrals-out")
            assert page.get_by_text("Declined: no seat now" if script else "Accepted").first.is_visible()
            looked_at(page, f"referrals-sender-{script}", script)


def at_desk(browser, base, token, script):  # type: ignore[no-untyped-def]
    context = browser.new_context(java_script_enabled=script, viewport={"width": 1366, "height": 768})
    context.add_cookies([{"name": "monitor", "value": token, "url": base}])
    return context.new_page()
