"""A respondent's contest of one question of a report: its own line says so, as plainly as it stands; others do not."""

from __future__ import annotations

import re
from datetime import date

import pytest

from monitor.clock import utc_now
from tests.monitor.filing import DAY
from tests.office import hearing, miss_a_class, open_office, take_over
from tests.web.test_allegations import act
from tests.web.test_flags import ANSWERS, send

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FIRST, SECOND = date(2026, 2, 16), date(2026, 2, 23)
MARK = "CONTESTED"


@pytest.fixture
def office(database):
    """Two missed classes, a question about each, and a hearing tomorrow."""
    office = open_office(database)
    with database.system("test: two missed classes, a hearing") as session, session.begin():
        for day in (FIRST, SECOND):
            miss_a_class(session, office, day)
            office.flags[day.isoformat()] = office.flags["missed"]
        office.flags["hearing"] = hearing(session, office.matter, utc_now() + DAY)
    return office


@pytest.fixture
def officer(office, client_as, database):
    return take_over(database, client_as("officer", agency_id=office.town.office))


@pytest.fixture
def report(office, officer, client_as):
    """Both before the court, in one report; its path."""
    one = send(officer, office.flags[FIRST.isoformat()], decision="ACT", words="Please review.", **ANSWERS)
    send(officer, office.flags[SECOND.isoformat()], decision="ACT", words="This, too.", **ANSWERS)
    path = one.headers["location"]
    assert act(officer, path, "submit", ask="REVIEW", words="").status_code == 303
    supervisor = client_as("officer_supervisor", agency_id=office.town.office, name="K. Ito")
    assert act(supervisor, path, "approval", decision="approve").status_code == 303
    return path


def contest(officer, office, day, contested):
    answer = officer.post(f"/flags/{office.flags[day.isoformat()]}/contest", data={"contested": contested})
    assert answer.status_code == 303


def alleged(judge, office):
    """By day, whether the judge reads its line of what is before the court as contested."""
    page = judge.get(f"/hearings/{office.flags['hearing']}").text
    told = {day: re.findall(rf"<li>Missed class, {day.day} {day:%b}.*?</li>", page) for day in (FIRST, SECOND)}
    assert all(len(found) == 1 for found in told.values()), page
    return {day: MARK in line for day, [line] in told.items()}


def test_a_contest_of_one_question_stands_in_its_own_line_before_the_court_and_is_not_taken_from_the_other(
    office, officer, report, client_as
):
    """F7: given two questions before the court, when one is contested on the person's behalf, then its own line says
    so for officer and judge, and the other's does not; and what is answered of one takes no mark from the other."""
    judge = client_as("judge", agency_id=office.town.court_agency)
    assert alleged(judge, office) == {FIRST: False, SECOND: False}
    contest(officer, office, FIRST, "yes")
    assert alleged(judge, office) == {FIRST: True, SECOND: False}
    own, other = (officer.get(f"/flags/{office.flags[day.isoformat()]}").text for day in (FIRST, SECOND))
    assert "No longer contested" in own and "No longer contested" not in other
    assert MARK in officer.get(report).text, "the report is contested as long as one of its questions is"
    contest(officer, office, SECOND, "yes")
    assert alleged(judge, office) == {FIRST: True, SECOND: True}
    contest(officer, office, FIRST, "no")
    assert alleged(judge, office) == {FIRST: False, SECOND: True}
    assert MARK in officer.get(report).text
    contest(officer, office, SECOND, "no")
    assert alleged(judge, office) == {FIRST: False, SECOND: False} and MARK not in officer.get(report).text


def test_the_mark_is_in_the_line_itself_and_as_large_as_it(office, officer, report, client_as):
    contest(officer, office, FIRST, "yes")
    judge = client_as("judge", agency_id=office.town.court_agency)
    page = judge.get(f"/hearings/{office.flags['hearing']}").text
    around = page[page.index(MARK) - 200 : page.index(MARK) + len(MARK)]
    assert not re.search(r"<(small|sup|sub|details)\b|usa-hint|font-size", around), "not smaller, and not folded away"
    assert act(officer, report, "contest", contested="yes").status_code == 303
    assert alleged(judge, office) == {FIRST: True, SECOND: True}, "the whole report: each of its lines"
