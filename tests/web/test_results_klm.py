"""Seconds that a result takes by keyboard: keys counted on the real page, times as published for skilled typists.

Operators and constants: S. K. Card, T. P. Moran, A. Newell, "The Keystroke-Level Model for User Performance Time with
Interactive Systems", Communications of the ACM 23(7), 1980, 396-410: K 0.28 s (average non-secretary typist), M 1.35 s.
Their rule 0 puts an M before each choice; rules 1 to 4 would take some away, and none is taken away here. Nothing
is pointed at, so no P, B or H. The answer of the server (R) is measured and added. The model is of a practised user
who makes no mistake, and leaves out the time to read the case and to hear the judge.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from time import perf_counter

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from monitor.access.roles import Role
from monitor.clock import local_day, utc_now
from monitor.db import Database
from monitor.models import HearingResult
from tests.builders import add_user
from tests.matrix import adopt
from tests.monitor.court_town import ZONE, build_court_town
from tests.web.accounts import sign_in_as
from tests.web.browsing import chromium, served

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
K, M = 0.28, 1.35
BUDGET = 20.0
COUNT = """addEventListener("keydown", (event) => {
  if (event.isTrusted && event.key !== "Shift") sessionStorage.keys = 1 + Number(sessionStorage.keys || 0);
}, true);
addEventListener("pointerdown", () => { sessionStorage.pointed = 1; }, true);"""
# one choice a step, each with its M before it; the page offers a menu of the local matrix, which is passed over or used
PATHS = {
    "held, on track": ("1", "On", "Tab Tab ArrowDown", "Enter"),
    "held, a line of the matrix chosen": ("1", "A r", "Tab ArrowDown ArrowDown ArrowDown", "Tab ArrowDown", "Enter"),
    "continued": ("2", "No i", "Tab ArrowDown", "Enter"),
    "did not appear": ("3", "ArrowDown", "Enter"),
}  # fmt: skip
NAMED = {"Tab", "ArrowDown", "Enter"}


@pytest.fixture
def page(database: Database) -> Iterator[Page]:
    now = utc_now()
    town = build_court_town(database, now - timedelta(days=7))
    with database.system("test: a matrix in force") as session, session.begin():
        made, put = (add_user(session, town.court_agency, "coordinator", f"{who}@x.example") for who in "ab")
        adopt(session, town.court_agency, made, put, local_day(now, ZONE) - timedelta(days=40), now)
    _, token = sign_in_as(database, Role.CLERK, town.court_agency, "B. Adams")
    with served(database) as base, chromium() as browser:
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        context.add_init_script(COUNT)
        context.add_cookies([{"name": "monitor", "value": token, "url": base}])
        opened = context.new_page()
        opened.goto(f"{base}/dockets/{town.court_code}/{town.day}/results")
        yield opened


def seconds(page: Page, *steps: str) -> float:
    """Of one path by the model: an M a step, a K for every key that the page saw, and how long the server took."""
    page.evaluate("sessionStorage.keys = 0")
    here = page.url
    for step in steps[:-1]:
        press(page, step)
    began = perf_counter()
    press(page, steps[-1])
    page.wait_for_function("here => location.href !== here && document.readyState === 'complete'", arg=here)
    keys = int(page.evaluate("sessionStorage.keys"))
    assert keys >= len(steps), "every step presses something"
    return len(steps) * M + keys * K + perf_counter() - began


def press(page: Page, step: str) -> None:
    """Names of keys are pressed, anything else is typed letter by letter."""
    for key in step.split() if NAMED >= set(step.split()) else step:
        page.keyboard.press("Space" if key == " " else key)


def test_every_usual_result_takes_less_than_twenty_seconds_by_keyboard_alone(page: Page, database: Database) -> None:
    first = seconds(page, "n")  # takes the first open case; after each save the next one is there by itself
    took = {name: first + seconds(page, *steps) for name, steps in PATHS.items()}
    assert page.evaluate("sessionStorage.pointed") is None, "nothing was pointed at"
    assert max(took.values()) <= BUDGET, took
    with database.system("test: what was recorded", writes=False) as session:
        kept = session.scalars(select(HearingResult).order_by(HearingResult.recorded_at))
        rows = [(one.outcome, one.response is not None, one.next_hearing_id is not None) for one in kept]
    assert rows == [
        ("COMPLIANT_CONTINUE", False, True), ("SANCTIONED", True, True), ("CONTINUED", False, True),
        ("DID_NOT_APPEAR", False, True),
    ]  # fmt: skip
