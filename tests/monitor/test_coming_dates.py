"""The next court date that an officer reads, and a letter tells, is one that still stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitor.amending import amend
from monitor.caseload import caseload
from monitor.clock import local_day
from monitor.letters import letters
from monitor.models import Hearing
from monitor.person_page.reading import person_page
from monitor.today.reading import today_page
from tests.builders import ZONE
from tests.office import NOW, Office, hearing, open_office

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(database: Any) -> Office:
    """The date in two days was continued today to one in six; one between was taken off the calendar."""
    made = open_office(database)
    with database.system("test: dates") as session, session.begin():
        for days, outcome in ((2, "CONTINUED"), (4, "OFF_CALENDAR"), (6, None)):
            row = session.get_one(Hearing, hearing(session, made.matter, NOW + timedelta(days=days)))
            if outcome:
                amend(session, row, NOW - timedelta(hours=1), outcome=outcome, resulted_at=NOW - timedelta(hours=1))
    return made


def test_today_the_caseload_the_persons_page_and_a_letter_name_the_date_that_stands(office: Office) -> None:
    stands = NOW + timedelta(days=6)
    day = local_day(stands, ZONE)
    with office.scoped() as session:
        [letter] = letters(session, [office.matter.case], "COURT", None, NOW)
        assert letter.court_at == stands, "a letter to the respondent"
        [line] = caseload(session, NOW, order="court").lines
        assert line.court_on == day
        assert caseload(session, NOW, filters=("court",)).found == 1, "within the days of the filter"
        told = today_page(session, ZONE, NOW)
        assert [one.starts_at for one in told.court] == [stands]
        page = person_page(session, office.matter.person, NOW)
        assert page is not None
        assert [one.at for one in page.coming if one.at] == [stands]
        assert {"continued", "off calendar"} <= {one.outcome for one in page.hearings}, "they stay on record"
