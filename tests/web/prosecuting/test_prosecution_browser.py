"""The prosecutor's pages in a real browser: without barriers, wide and narrow, and without script."""

from __future__ import annotations

import pytest

from monitor.access.roles import Role
from tests.web.accounts import sign_in_as
from tests.web.browsing import axe_violations, cells_off_a_phone, chromium, served

pytestmark = pytest.mark.browser


def test_from_the_list_to_a_packet_that_is_handed_over_on_every_width_and_without_script(desk, database):
    _, token = sign_in_as(database, Role.PROSECUTOR, desk.agency, "N. Quist")
    with served(database) as base, chromium() as browser:
        context = browser.new_context(java_script_enabled=True, viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        page = context.new_page()
        page.goto(base)
        assert page.url == f"{base}/prosecution"
        look(page)
        page.get_by_role("link", name="Example, Ann").first.click()
        look(page)
        page.locator("label[for=decision-FILE]").click()
        page.get_by_label("Reason").select_option("VIOLATION")
        page.get_by_label("Why, in your words").fill("The roster stands.")
        page.get_by_role("button", name="Put it on record").click()
        assert "To be filed" in page.inner_text("main")
        page.get_by_role("button", name="Make a packet").click()
        look(page)
        page.get_by_text("counsel", exact=True).click()
        page.get_by_text("by hand", exact=True).click()
        page.get_by_role("button", name="The defense has it").click()
        assert "To counsel by hand" in page.inner_text("main")
        page.get_by_role("link", name="Example, Ann").first.click()
        look(page)
        notices = page.get_by_role("heading", name="Record notices", include_hidden=True)
        assert notices.is_visible()
        page.emulate_media(media="print")
        assert not notices.is_visible(), "a paper that lies about would tell that a nurse saw somebody"
        page.emulate_media(media="screen")
        page.goto(f"{base}/disclosures")
        look(page)


def look(page):
    """No barrier at either width, and nothing that makes the page itself scroll sideways."""
    for width in (1366, 320):
        page.set_viewport_size({"width": width, "height": 768})
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        assert width > 320 or cells_off_a_phone(page) == [], page.url
