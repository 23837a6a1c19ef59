"""A press in a session that was over: said not to be saved on the way in and once after it; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from monitor.db import Database
from tests.web.conftest import Browser
from tests.web.test_account import COOKIE, age_factor
from web.unsaved import SAID

WORDS = "what nobody may find"
NOT_SAVED = SAID.replace("'", "&#39;")


@pytest.fixture
def officer(client_as: Callable[..., Browser]) -> Browser:
    return client_as("officer")


def over(database: Database) -> None:
    age_factor(database, revoked_at=datetime.now(UTC))  # type: ignore[no-untyped-call]


def test_it_is_said_before_and_after_the_way_in_once_and_leads_back_to_the_page(
    officer: Browser, client_as: Callable[..., Browser], database: Database
) -> None:
    over(database)
    answer = officer.post("/hearings/1/result", data={"words": WORDS})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/hearings/1/result")
    told = officer.get(answer.headers["location"]).text
    assert "Not saved" in told and 'name="next" value="/hearings/1/result"' in told
    assert WORDS not in told + str(answer.headers) + str(dict(officer.cookies))
    officer.cookies.set(COOKIE, client_as("officer", name="Once Again").cookies[COOKIE])
    assert NOT_SAVED in officer.get("/caseload").text
    assert NOT_SAVED not in officer.get("/caseload").text


def test_a_press_whose_page_has_no_address_leads_to_the_first_page(officer: Browser, database: Database) -> None:
    over(database)
    assert officer.post("/caseload/hide", data={"person": "1"}).headers["location"] == "/sign-in?next=/"


def test_a_form_that_is_sent_from_a_page_is_told_the_same(officer: Browser, database: Database) -> None:
    over(database)
    answer = officer.post("/caseload/hide", data={"person": "1"}, headers={"hx-request": "true"})
    assert answer.headers["hx-redirect"] == "/sign-in?next=/"
    assert "Not saved" in officer.get("/sign-in").text


def test_whoever_only_looked_or_never_was_signed_in_or_goes_is_told_nothing(
    officer: Browser, client: Browser, database: Database
) -> None:
    assert client.post("/caseload/hide", data={"person": "1"}).headers["location"] == "/sign-in"
    over(database)
    assert officer.get("/caseload").headers["location"] == "/sign-in?next=/caseload"
    officer.post("/sign-out")
    for browser in (client, officer):
        assert "Not saved" not in browser.get("/sign-in").text
    assert officer.post("/api/v1/attendance-batches", json={}).status_code >= 400, "software is told by its answer"
    assert "Not saved" not in officer.get("/sign-in").text
