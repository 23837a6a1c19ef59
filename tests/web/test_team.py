"""The supervisor's page: each number opens the list behind it; names in order, no ranking, no shares."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.measures.quarters import newest
from monitor.models import Attendance, Response, Review, User, random_id
from monitor.team import team_page
from monitor.today import hiding
from tests.builders import ZONE, absent, adjudicate
from tests.matrix import adopt
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


def test_a_no_show_stands_there_from_its_eighth_day_on(office):
    with office.scoped(who=office.supervisor, role="officer_supervisor") as session:
        on = session.get(Attendance, office.missed).occurred_on
        for days, there in ((7, 0), (8, 1)):
            noon = datetime.combine(on + days * DAY, time(12), ZoneInfo(ZONE))
            [reyes] = [one for one in team_page(session, ZONE, noon).officers if one.name == "Reyes, A."]
            assert sum(each.on == on for each in reyes.no_shows) == there, days


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


def chose(session, office, outside, day):
    """A response that somebody of the office chose, inside the range or outside it."""
    flag = raise_flag(session, office.matter, "CHECKIN_MISSED", "B")
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    shared = {"case_id": office.matter.case, "agency_id": office.town.office, "by_user_id": office.officer,
              "decided_at": at}  # fmt: skip
    review = Review(id=random_id(), flag_id=flag, version="v1", decision="HANDLE", words="x", **shared)
    session.add(review)
    session.flush()
    why = {"why": "TRIED", "words": "x"} if outside else {}
    session.add(
        Response(id=random_id(), review_id=review.id, matrix_id=office.flags["matrix"], cell="B.STANDARD.1",
                 chosen="x", court_days=3, outside=outside, **why, **shared)
    )  # fmt: skip


def test_how_often_the_office_went_outside_the_range_is_told_from_eleven_on_and_of_nobody_alone(
    office, supervisor, database
):
    over = newest(NOW)
    with database.system("test: a matrix and choices") as session, session.begin():
        office.flags["matrix"] = adopt(
            session, office.town.office, office.officer, office.supervisor, over.later(-4).first_on, NOW - 900 * DAY
        )
        for outside, many in (("", 30), ("UP", 12), ("DOWN", 11)):
            for _ in range(many):
                chose(session, office, outside, over.first_on + 5 * DAY)
        for outside, many in (("", 30), ("UP", 3)):
            for _ in range(many):
                chose(session, office, outside, over.later(-1).first_on + 5 * DAY)
        for _ in range(10):
            chose(session, office, "UP", over.later(-2).first_on + 5 * DAY)
        for _ in range(12):  # the quarter that runs
            chose(session, office, "UP", TODAY)
    told = supervisor.get("/team").text.split('id="drift"')[1].split("</table>")[0]
    rows = [re.findall(r"<td [^>]*>([^<]*)</td>", row) for row in told.split("<tr>")[2:]]
    assert rows[0] == ["53", "30", "11", "12"]
    assert rows[1][0] == "33" and "3" not in rows[1] and rows[1].count("not told") >= 2
    assert rows[2] == rows[3] == ["not told"] * 4
    assert "Reyes" not in told and "Cho, L." not in told


def test_without_an_adopted_matrix_nothing_is_said_of_drift(office, supervisor):
    assert 'id="drift"' not in supervisor.get("/team").text
