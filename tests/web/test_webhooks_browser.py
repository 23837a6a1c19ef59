"""The page of webhooks in a real browser: no barrier, a phone's width, and with scripts switched off."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.access.roles import Role
from monitor.db import Database
from monitor.models import Outbox, WebhookEndpoint
from tests.monitor.intake.sample_record import write_county
from tests.web.accounts import sign_in_as
from tests.web.browsing import axe_violations, chromium, served

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("PICTURES")  # a folder: keep what each screen looked like
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_administrator_sees_what_was_given_up_and_has_it_sent_again(database: Database) -> None:
    county = write_county(database)
    with database.system("test: one that works, one that is paused, a word given up") as session, session.begin():
        told = {"agency_id": county.agency, "kinds": ["sheet.saved", "sheet.missing"], "sealed_secret": b"s"}
        works = WebhookEndpoint(url="https://ehr.example/hooks/monitor", made_at=NOW, arrived_at=NOW, **told)
        fails = WebhookEndpoint(
            url="https://old.example/a-long-path-that-has-to-break-somewhere-on-a-phone", made_at=NOW, paused_at=NOW,
            paused_why="FAILING", failing_since=NOW, last_fault="status 500", **told,
        )  # fmt: skip
        session.add_all([works, fails])
        session.flush()
        session.add(Outbox(key="k", channel="webhook", recipient_id=works.id, subject="sheet.saved", body="{}",
                           why="A sheet of your program was saved.", due_at=NOW, attempt=10, state="FAILED",
                           error="status 500"))  # fmt: skip
    _, token = sign_in_as(database, Role.ADMINISTRATOR, None, "Alex Reyes")
    with served(database) as base, chromium() as browser:
        for script in (True, False):
            context = browser.new_context(java_script_enabled=script, base_url=base)
            context.add_cookies([{"name": "monitor", "value": token, "url": base}])
            page = context.new_page()
            page.goto("/admin")
            page.get_by_role("link", name="webhooks").click()
            for width in (1366, 320):
                page.set_viewport_size({"width": width, "height": 768})
                if script:
                    assert axe_violations(page) == []
                    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                if PICTURES:
                    page.screenshot(path=Path(PICTURES) / f"webhooks-{width}-{script}.png", full_page=True)
            if script:
                page.emulate_media(media="print")
                assert page.get_by_role("button", name="Send again").count() == 0
                page.emulate_media(media="screen")
        page.set_viewport_size({"width": 1366, "height": 768})
        page.get_by_role("button", name="Send again").click()
        assert "Nothing was given up" in page.locator("main").inner_text()
        page.get_by_label("Where").fill("https://elsewhere.example/")
        page.get_by_label("Agency", exact=True).select_option(index=1)
        page.locator("label", has_text="A sheet of this program is on record").click()
        page.get_by_role("button", name="Add the webhook").click()
        assert "has not named this host" in page.locator("main").inner_text()
