"""Onward at once: how long after the commit everybody else reads what the judge signed."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from jobs.schedule import schedule
from monitor.clock import utc_now
from monitor.compliance.evaluation import evaluate_now, switched_on
from monitor.models import Requirement, Span
from tests.web.conftest import Browser
from tests.web.order_desk import ZONE, Desk

MINUTE = 60.0
lite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Commits:
    """When this database last kept something; its jobs do not run in a test."""

    def __init__(self, desk: Desk) -> None:
        self.at = 0.0
        event.listen(desk.database.engine, "commit", self._committed)

    def _committed(self, _connection: Any) -> None:
        self.at = time.monotonic()


def within_a_minute(committed: float, what: Callable[[], bool]) -> None:
    assert what(), "it is there at once, or not at all: nothing is waited for"
    assert time.monotonic() - committed < MINUTE


@lite
def test_a_protective_order_is_with_dispatch_and_on_the_list_of_those_who_serve_within_a_minute_of_its_commit(
    desk: Desk, client_as: Callable[..., Browser]
) -> None:
    clerk = client_as("clerk", agency_id=desk.town.town.court_agency, name="B. Adams")
    dispatch, deputy = client_as("dispatch"), client_as("law_enforcement")
    assert "PO-777" not in deputy.get("/service").text
    commits = Commits(desk)
    assert clerk.post(desk.path, data=desk.form(number="PO-777")).status_code == 303
    committed = commits.at
    assert committed, "nothing was committed"
    read = {"words": "PO-777", "format": "text"}
    within_a_minute(committed, lambda: "(05)" in dispatch.post("/verify", data=read).text)
    within_a_minute(committed, lambda: "PO-777" in deputy.get("/service").text)
    within_a_minute(committed, lambda: "PO-777" in clerk.get("/orders/waiting").text)


@lite
def test_a_sentence_is_with_its_program_and_with_the_rules_within_a_minute_of_its_commit(
    desk: Desk, client_as: Callable[..., Browser]
) -> None:
    """The rules take it up at the next full minute: the job's clock and what one run of it takes."""
    clerk = client_as("clerk", agency_id=desk.town.town.court_agency, name="B. Adams")
    program = client_as("program", agency_id=desk.far.program_agency)
    evaluate_now(desk.database, switched_on(), utc_now())
    assert not desk.rows(Span, Span.code == "REVIEW_HEARING_OVERDUE")
    commits = Commits(desk)
    assert clerk.post(desk.path, data=desk.sentence(number="PR-1")).status_code == 303
    committed = commits.at
    within_a_minute(committed, lambda: "New referrals, 1" in program.get("/enrollments").text)
    order = desk.made("PR-1")
    within_a_minute(committed, lambda: len(desk.rows(Requirement, Requirement.order_id == order.id)) == 3)
    began = time.monotonic()
    evaluate_now(desk.database, switched_on(), utc_now())
    assert desk.rows(Span, Span.code == "REVIEW_HEARING_OVERDUE"), "the rules know the court's own clock of this order"
    assert time.monotonic() - began < MINUTE / 2
    [news] = [job for job in schedule([ZONE]) if job.name == "evaluate_news"]
    now = utc_now()
    assert news.trigger.get_next_fire_time(None, now) - now <= timedelta(minutes=1)
