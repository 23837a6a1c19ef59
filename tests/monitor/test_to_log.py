"""To log, on Today: planned, over, and nobody said how it went (ux 1.1; issue 6, item 1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from monitor.models import Contact
from monitor.today.reading import today_page
from tests.builders import contact, correct
from tests.monitor.matrix_office import ZONE
from tests.office import NOW, TODAY, open_office

DAY = timedelta(days=1)


@pytest.fixture
def office(database):
    return open_office(database)


def logged(office, day, **told):
    with office.database.system("test: logged") as session, session.begin():
        contact(session, office.matter, day, **told)


def to_log(office, who=0, **more):
    with office.scoped(who=who) as session:
        return [(one.person, one.on, one.what) for one in today_page(session, ZONE, NOW, **more).to_log]


def test_a_plan_whose_time_is_over_is_to_log_until_something_is(office):
    assert to_log(office) == []
    logged(office, TODAY - DAY, state="SCHEDULED", place="HOME")
    assert to_log(office) == [("Example, Ann", TODAY - DAY, "Home visit")]
    logged(office, TODAY - 2 * DAY)  # the day before it: that was something else
    assert len(to_log(office)) == 1
    logged(office, TODAY - DAY, state="ATTEMPTED", no_show=True)
    assert to_log(office) == []


def test_a_plan_ahead_an_old_one_and_one_taken_back_are_not(office):
    logged(office, TODAY + DAY, state="SCHEDULED")
    logged(office, TODAY - 31 * DAY, state="SCHEDULED")
    assert to_log(office) == []


def test_it_is_of_ones_own_people_and_a_supervisors_page_has_the_offices(office):
    logged(office, TODAY - DAY, state="SCHEDULED")
    assert to_log(office, who=office.colleague) == []
    assert len(to_log(office, who=office.colleague, team=True)) == 1


def test_a_plan_that_was_called_off_is_not(office):
    logged(office, TODAY - DAY, state="SCHEDULED")
    with office.database.system("test: called off") as session, session.begin():
        correct(session, session.scalars(select(Contact)).one(), NOW, state="CANCELLED")
    assert to_log(office) == []
