"""A closed case is due to leave by its court's own dated setting, and by nothing else (H6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from monitor.keeping.closed_cases import due_cases
from monitor.local_law import Closing, LocalLaw
from monitor.models import Case
from tests.builders import build_town, person_with_order

CLOSED = date(2026, 2, 2)
DAY = timedelta(days=1)


@pytest.fixture
def cases(database):
    with database.system("test: closed cases of two courts") as session, session.begin():
        for code in ("near", "far"):
            town = build_town(session, code=code)
            for number, closed_on in (("closed", CLOSED), ("open", None)):
                matter = person_with_order(session, town, number=f"{code}-{number}")
                session.get_one(Case, matter.case).closed_on = closed_on
    return database


def due(database, law, today):
    with database.system("test: due", writes=False) as session:
        return [(one.number, one.due_on) for one in due_cases(session, law, today)]


def test_without_a_setting_none_is_ever_due(cases):
    assert due(cases, LocalLaw(), date(2200, 1, 1)) == []


def test_a_closed_case_is_due_on_the_day_that_its_court_set_and_no_day_earlier(cases):
    law = LocalLaw(close={"near": Closing(from_on=date(2026, 1, 1), days=365, citation="Example Code 9")})
    day = CLOSED + timedelta(days=365)
    assert due(cases, law, day - DAY) == []
    assert due(cases, law, day) == [("near-closed", day)]


def test_a_setting_acts_from_its_own_day_on(cases):
    law = LocalLaw(close={"far": Closing(from_on=date(2030, 1, 1), days=1, citation="Example Code 9")})
    assert due(cases, law, date(2029, 12, 31)) == []
    assert due(cases, law, date(2030, 1, 1)) == [("far-closed", date(2030, 1, 1))]
