"""The days of an order: its first review, and the hour of its service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from monitor.amending import amend
from monitor.clock import local_day, utc_now
from monitor.models import Hearing, Service
from tests.office import hearing
from tests.web.conftest import Browser
from tests.web.order_desk import ZONE, Desk

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def clerk(desk: Desk, client_as: Callable[..., Browser]) -> Browser:
    return client_as("clerk", agency_id=desk.town.town.court_agency)


def test_the_first_review_is_still_to_come_and_nobody_is_called_to_two(desk: Desk, clerk: Browser) -> None:
    today = local_day(utc_now(), ZONE)
    old = desk.form(issued_on=str(today - timedelta(days=25)), review_on=str(today - timedelta(days=6)))
    assert "That day is past" in clerk.post(desk.path, data=old).text
    assert clerk.post(desk.path, data=desk.form()).status_code == 303
    other = desk.review - timedelta(days=7)
    again = clerk.post(desk.path, data=desk.form(number="PO-778", review_on=str(other)))
    assert again.status_code == 422 and "A review is set already" in again.text
    assert clerk.post(desk.path, data=desk.form(number="PO-778")).status_code == 303
    assert len(desk.rows(Hearing, Hearing.starts_at > utc_now())) == 1


def test_handed_over_just_now_goes_with_an_order_that_is_signed_today(desk: Desk, clerk: Browser) -> None:
    yesterday, before = str(local_day(utc_now(), ZONE) - timedelta(days=1)), len(desk.rows(Service))
    answer = clerk.post(desk.path, data=desk.form(issued_on=yesterday, notice="SERVED"))
    assert answer.status_code == 422 and "signed today" in answer.text
    assert len(desk.rows(Service)) == before


def test_a_review_that_was_taken_off_the_calendar_counts_for_none(desk: Desk, clerk: Browser) -> None:
    with desk.database.system("test: taken off") as session, session.begin():
        off = session.get_one(Hearing, hearing(session, desk.matter, utc_now() - timedelta(days=9)))
        amend(session, off, utc_now(), review_no=2, outcome="OFF_CALENDAR", resulted_at=utc_now())
    assert clerk.post(desk.path, data=desk.form()).status_code == 303
    assert [one.review_no for one in desk.rows(Hearing, Hearing.starts_at > utc_now())] == [2]
