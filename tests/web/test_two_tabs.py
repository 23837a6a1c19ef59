"""Two tabs, and two hands in one instant, on each act that decides: it is done once, and the other is told.

One case goes from a missed class to the court's finding through the real pages. Each act is posted from two browsers
at the same moment with the same page before them, and then once more from a tab that stayed open.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from sqlalchemy import func, select

from monitor.clock import utc_now
from monitor.db import Database
from monitor.models import AuditEntry
from tests.monitor.filing import DAY, office_with_a_miss
from tests.office import hearing, take_over
from tests.web.at_once import at_once
from tests.web.conftest import Browser
from tests.web.test_flags import ANSWERS

TOLD = re.compile(r"meanwhile|changed since|was faster|Nothing was saved|already|since this page", re.IGNORECASE)


class Twice:
    """Posts an act from two tabs at once and from a third that comes late."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def recorded(self, event: str) -> int:
        done = select(func.count(AuditEntry.id)).where(AuditEntry.event == event, AuditEntry.outcome == "done")
        with self.database.system("test: the trail", writes=False) as session:
            return session.scalar(done) or 0

    def act(self, event: str, tabs: tuple[Browser, Browser], path: str, form: dict[str, str]) -> str:
        """Where the one that was done leads."""
        before = self.recorded(event)
        answers = at_once(self.database, [partial(tab.post, path, data=form) for tab in tabs])
        answers.sort(key=lambda answer: answer.status_code)
        answers.append(tabs[1].post(path, data=form))
        assert [one.status_code for one in answers] == [303, 409, 409], (event, [one.text[:300] for one in answers])
        assert self.recorded(event) == before + 1, event
        assert all("<h1" in one.text and TOLD.search(one.text) for one in answers[1:]), event
        return str(answers[0].headers["location"])


def token(browser: Browser, path: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', browser.get(path).text)
    assert found is not None, path
    return found[1]


def test_from_a_question_to_a_finding_each_act_is_done_once(
    database: Database, client_as: Callable[..., Browser]
) -> None:
    office, twice = office_with_a_miss(database), Twice(database)
    with database.system("test: a hearing ahead") as session, session.begin():
        heard = hearing(session, office.matter, utc_now() + DAY)
    agency = office.town.office
    officer = take_over(database, client_as("officer", agency_id=agency))
    bosses = (
        client_as("officer_supervisor", agency_id=agency, name="K. Ito"),
        client_as("officer_supervisor", agency_id=agency, name="L. Cho"),
    )
    court = office.town.court_agency
    clerks = client_as("clerk", agency_id=court, name="B. Ash"), client_as("clerk", agency_id=court, name="C. Dow")
    flag = f"/flags/{office.flags['missed']}"
    form = {"decision": "ACT", "words": "Please review.", **ANSWERS, "token": token(officer, flag)}
    report = twice.act("flag.reviewed", (officer, officer), f"{flag}/reviews", form)
    sent = {"ask": "CLOSER", "words": "Keep the evening group.", "token": token(officer, report)}
    twice.act("allegation.submitted", (officer, officer), f"{report}/submit", sent)
    approved = {"decision": "approve", "token": token(bosses[0], report)}
    twice.act("allegation.answered", bosses, f"{report}/approval", approved)
    findings = f"/hearings/{heard}/findings"
    word = {"report": report.rpartition("/")[2], "finding": "FOUND", "words": "Found.",
            "token": token(clerks[0], findings)}  # fmt: skip
    twice.act("finding.recorded", clerks, findings, word)
