"""What stays in a browser for whoever sits down at it next: nothing that somebody else typed or saw."""

from __future__ import annotations

import pytest

from monitor.access.roles import Role
from tests.monitor.patrol_town import build_place
from tests.web.accounts import sign_in_as
from tests.web.browsing import chromium, served

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def test_what_a_deputy_left_in_the_car_s_terminal_is_not_in_the_next_one_s_form(database):
    """Given a return half told when the shift ended, with nobody signed out When another deputy signs in in that tab
    Then their form of that order is empty, the terminal has let go of what was left, and it never goes out under their
    name; and the first one, while it is theirs, finds it as they left it."""
    place = build_place(database, served=False)
    tokens = [sign_in_as(database, Role.LAW_ENFORCEMENT, place.sheriff, name)[1] for name in ("D. Cho", "E. Falk")]
    with served(database) as base, chromium() as browser:
        context = browser.new_context()
        page = context.new_page()

        def opened(token):
            context.add_cookies([{"name": "monitor", "value": token, "url": base}])
            page.goto(f"{base}/service/{place.order}")
            return page.locator("input[name=how]:checked").count()

        kept = "Object.keys(sessionStorage).filter((one) => /service|receipt/.test(one))"
        assert opened(tokens[0]) == 0
        page.get_by_text("Served in person").click()
        assert opened(tokens[0]) == 1, "their own page, opened again, has what they chose"
        assert opened(tokens[1]) == 0
        assert page.evaluate(kept) == []
        assert opened(tokens[0]) == 0
        page.get_by_text("Served in person").click()
        page.goto(f"{base}/help")
        assert len(page.evaluate(kept)) == 1, "their own stays on whatever page they look at"
        context.add_cookies([{"name": "monitor", "value": tokens[1], "url": base}])
        page.goto(f"{base}/help")
        assert page.evaluate(kept) == [], "any page of another lets go of it, not a form of service alone"
