"""One scenario through all nine practitioners, in a real browser, with one account a role (domain, acceptance).

An invented case. Wednesday 14 Jan 2026: the court orders no contact, firearm surrender and a 26-week program. Each
step's sentence stands with the function that does it. It ends with the search of everything that the respondent and
his lawyer received.
"""

from __future__ import annotations

import pytest

from tests.journeys.nine import County, open_county
from tests.journeys.nine_first import first_weeks
from tests.journeys.nine_last import how_long_it_took, search
from tests.journeys.nine_later import later_weeks
from tests.web.browsing import chromium

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def all_of_it(county: County) -> None:
    """The fourteen steps, and the search of what he and his lawyer received."""
    first_weeks(county)
    later_weeks(county)
    how_long_it_took(county)
    search(county)


def test_one_scenario_through_all_nine(database, tmp_path):
    with chromium() as browser, open_county(database, browser, tmp_path) as county:
        all_of_it(county)
