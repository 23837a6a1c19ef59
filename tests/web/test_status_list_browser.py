"""The status list in a real browser: looking for two people sends nothing, and leaving in a hurry leaves nothing."""

from __future__ import annotations

import os

import pytest

from monitor.access.roles import Role
from monitor.models import Case
from tests.web.accounts import sign_in_as
from tests.web.browsing import axe_violations, chromium, served
from tests.web.status_town import build_status_town, named

pytestmark = pytest.mark.browser
# of García-Ortiz, José Luis and O’Brien, Ann
TYPED = (
    "garcia ortiz", "José García-Ortiz", "Ortiz, Luis", "GARCÍA ORTIZ, JOSE", "O'Brien", "obrien ann", "ann o´brien",
)  # fmt: skip
WEATHER = "https://www.weather.gov/"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_she_filters_for_two_sees_what_changed_and_leaves(database, tmp_path):
    town = build_status_town(database)
    with database.system("test: names") as session, session.begin():
        for family, given in (("García-Ortiz", "José Luis"), ("O’Brien", "Ann")):
            named(session, town.near, family, given)
    _, token = sign_in_as(database, Role.ADVOCATE, town.agency, "C. Moss")
    with served(database, callback_keys_file=str(tmp_path / "calls")) as base, chromium() as browser:
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        context.route(f"{WEATHER}**", lambda route: route.fulfill(body="<title>Weather</title><h1>Weather</h1>"))
        page = context.new_page()
        page.goto(f"{base}/status-list", wait_until="networkidle")  # the browser asks for its icon when it likes
        assert page.title() == "List"
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url))
        assert not page.locator("#keep").is_checked()  # off until she turns it on
        page.locator("#sought").fill("attendingcase; hasmissed")
        page.keyboard.press("Enter")
        rows = page.locator("tbody tr:visible")
        assert rows.count() == 2
        assert "Attending" in rows.nth(0).inner_text() and "Has missed" in rows.nth(1).inner_text()
        assert "2 of 122 shown." in page.locator("#shown").inner_text()
        for typed in TYPED:
            page.locator("#sought").fill(typed)  # as somebody types whose keyboard has no accents, in any order
            assert rows.count() == 1, typed
        page.locator("#sought").fill("nobody of that name")
        assert rows.count() == 0 and "No line is no proof" in page.locator("#shown").inner_text()
        page.locator("#sought").fill("attendingcase; hasmissed")
        assert sent == [] and page.url == f"{base}/status-list"
        assert page.evaluate("localStorage.getItem('list')") is None
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert rows.count() == 122, "a paper that lies about has everybody, or it tells whom she looked for"
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert rows.count() == 2
        pictures(page)
        remembers(page, database, town, base)
        page.locator("h1").click()
        before = page.evaluate("history.length")
        for _ in range(3):
            page.keyboard.press("Escape")
        page.wait_for_url(WEATHER)
        assert page.evaluate("history.length") == before  # in place of the list, not after it
        page.goto(f"{base}/status-list")
        assert "sign-in" in page.url  # the session is over
        assert page.evaluate("localStorage.getItem('list')") is None


def remembers(page, database, town, base) -> None:
    """What changed since is marked, of whomever; what is kept names nobody; one button forgets it."""
    page.get_by_text("Remember on this computer what").click()
    kept = page.evaluate("localStorage.getItem('list')")
    assert kept and "ttending" not in kept and "26-DV" not in kept
    with database.system("test: a day later") as session, session.begin():
        session.get_one(Case, town.bands["Attending"].case).closed_on = None
        from monitor.models import Pause
        from monitor.models.base import random_id
        from tests.builders import at
        from tests.web.status_town import TODAY

        session.add(
            Pause(id=random_id(), case_id=town.bands["Attending"].case, agency_id=town.near.court_agency,
                  kind="WARRANT", starts_on=TODAY, recorded_at=at(TODAY))
        )  # fmt: skip
    page.goto(f"{base}/status-list")
    assert page.locator("#sought").input_value() == ""
    assert page.locator("[data-changed]").count() == 1
    page.get_by_text("Only what changed since you last looked").click()
    assert page.locator("tbody tr:visible").count() == 1
    page.get_by_role("button", name="I have seen what changed").click()
    assert page.locator("[data-changed]").count() == 0
    page.get_by_role("button", name="Forget on this computer").click()
    assert page.evaluate("localStorage.getItem('list')") is None
    page.get_by_text("Remember on this computer what").click()


def pictures(page) -> None:
    base = page.url.removesuffix("/status-list")
    for path in ("", "condition-words", "call-backs/new"):
        if path:
            page.goto(f"{base}/{path}")
        for width in (1366, 320):
            page.set_viewport_size({"width": width, "height": 768})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert axe_violations(page) == []
            if folder := os.environ.get("MONITOR_TEST_PICTURES"):
                name = f"{folder}/status-{path[:5] or 'list'}-{width}.png"
                page.screenshot(path=name, full_page=path.startswith("call"))
    page.emulate_media(media="print")
    assert not page.locator("#number").is_visible(), "a printed form would have a client's case number"
    page.emulate_media(media="screen")
    page.goto(f"{base}/status-list")
    page.set_viewport_size({"width": 1366, "height": 768})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_leaves_without_a_connection_leaves_nothing_on_the_computer_either(database):
    """Signing out would have the browser forget it all; where that cannot be sent the page forgets by itself."""
    town = build_status_town(database, cases=10)
    _, token = sign_in_as(database, Role.ADVOCATE, town.agency, "C. Moss")
    with served(database) as base, chromium() as browser:
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        context.route(f"{WEATHER}**", lambda route: route.fulfill(body="<title>Weather</title><h1>Weather</h1>"))
        page = context.new_page()
        page.goto(f"{base}/status-list")
        page.get_by_text("Remember on this computer what").click()
        assert page.evaluate("localStorage.getItem('list')")
        context.route("**/sign-out", lambda route: route.abort())
        for _ in range(3):
            page.keyboard.press("Escape")
        page.wait_for_url(WEATHER)
        page.goto(f"{base}/status-list")
        page.get_by_role("heading", name="Status list").wait_for()
        assert page.evaluate("localStorage.getItem('list')") is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_script_the_whole_list_reads_prints_and_can_be_saved(database):
    town = build_status_town(database, cases=10)
    _, token = sign_in_as(database, Role.ADVOCATE, town.agency, "C. Moss")
    with served(database) as base, chromium() as browser:
        context = browser.new_context(java_script_enabled=False, viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        page = context.new_page()
        page.goto(f"{base}/status-list")
        assert page.locator("tbody tr:visible").count() == 10
        assert not page.locator("#sought").is_visible()
        with page.expect_download() as saved:
            page.get_by_role("link", name="Save the list as a file").click()
        assert saved.value.suggested_filename == "list.csv"
        if folder := os.environ.get("MONITOR_TEST_PICTURES"):
            page.emulate_media(media="print")
            page.screenshot(path=f"{folder}/status-print.png")
            page.emulate_media(media="screen")
        with page.expect_navigation():
            page.get_by_role("button", name="Leave this page now").click()
        assert "sign-in" in page.url
        page.go_back()
        assert "ttending" not in page.content()
