"""The supervisor's page: each number opens the list behind it; names in order, no ranking, no shares."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from monitor.models import Attendance, User
from monitor.team import team_page
from monitor.today import hiding
from tests.builders import ZONE, absent, adjudicate
from tests.office import open_office, raise_flag, supervised

NOW = datetime.now(UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def office(database):
    """Reyes has two questions and an old no-show; Cho, whose name comes first, one question."""
    office = open_office(database)
    with database.system("test: two caseloads") as session, session.begin():
        session.get(User, office.officer).name, session.get(User, office.colleague).name = "Reyes, A.", "Cho, L."
        for family in ("Second", "Third"):
            other = supervised(session, office.town, office.officer, family, "B.")
            office.flags[family] = raise_flag(session, other, "CHECKIN_MISSED", "B")
        of_cho = supervised(session, office.town, office.colleague, "Fourth", "D.")
        raise_flag(session, of_cho, "CHECKIN_MISSED", "B")
        office.missed = absent(session, office.matter, TODAY - 9 * DAY).id
        absent(session, office.matter, TODAY - 5 * DAY)
    return office


@pytest.fixture
def supervisor(office, client_as):
    return client_as("officer_supervisor", agency_id=office.town.office)


def team_of(office):
    with office.scoped(who=office.supervisor, role="officer_supervisor") as session:
        return team_page(session, ZONE, NOW).officers


def test_caseloads_stand_in_the_order_of_names_whatever_they_hold(office, supervisor):
    assert [(one.name, one.people, one.overdue) for one in team_of(office)] == [("Cho, L.", 1, 1), ("Reyes, A.", 3, 2)]
    page = supervisor.get("/team").text.split("<main")[1]
    assert page.index("Cho, L.") < page.index("Reyes, A.")
    assert "%" not in page


def test_a_number_opens_exactly_the_list_behind_it(office, supervisor):
    for one in team_of(office):
        behind = supervisor.get(one.path).text
        assert f"Cases of {one.name}" in behind
        assert f"Overdue, {one.overdue}" in behind
        assert f'{one.path}#overdue">{one.overdue}' in supervisor.get("/team").text
    reyes = supervisor.get(team_of(office)[1].path).text
    assert "Second, B." in reyes
    assert "Fourth, D." not in reyes


def test_only_no_shows_over_a_week_old_about_which_nothing_was_decided_stand_there(office, supervisor, database):
    page = supervisor.get("/team").text
    assert re.findall(r"/absences/(\d+)/decide", page) == [str(office.missed)]
    with database.system("test: evidence is asked for") as session, session.begin():
        row = adjudicate(session, session.get(Attendance, office.missed), "PENDING_EVIDENCE", TODAY - DAY)
        row.evidence_due_on = TODAY + DAY
    assert not re.findall(r"/absences/(\d+)/decide", supervisor.get("/team").text)


def test_what_is_hidden_stands_with_its_reason_and_is_overdue_no_more(office, supervisor):
    with office.scoped(writes=True) as session, session.begin():
        found = hiding.candidate(session, office.flags["Second"], NOW, lock=True)
        hiding.hide(session, found, found.token, TODAY + 5 * DAY, "Proof is in the mail.", NOW)
    assert [(one.overdue, len(one.hidden)) for one in team_of(office)] == [(1, 0), (1, 1)]
    page = supervisor.get("/team").text
    assert "Proof is in the mail." in page
    assert "Hidden, Reyes, A., 1" in page


def test_an_officer_has_no_page_about_colleagues(office, client_as):
    officer = client_as("officer", agency_id=office.town.office)
    assert officer.get("/team").status_code == 403
    assert 'href="/team"' not in officer.get("/today").text


def test_another_offices_officer_is_nobody_here(office, client_as, supervisor):
    assert "Cases of Nobody: 0 people" in supervisor.get("/today?officer=4711").text
    assert "Cases of" not in supervisor.get("/today?officer=0").text
