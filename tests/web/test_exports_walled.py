"""A list that was agreed to before a wall stood is taken out after it, and whoever agrees counts nobody hidden."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import update

from monitor.models import Assignment
from tests.monitor.access.walls import put_up
from tests.office import Office, open_office, supervised, take_over
from tests.web.test_exports import large, request_of, taken  # noqa: F401 (a fixture)


@pytest.fixture
def office(database) -> Office:
    office = open_office(database)
    with database.system("test: somebody else") as session, session.begin():
        supervised(session, office.town, office.officer, "Bell", "Bo")
    return office


def names(file) -> list[str]:
    """Who stands in it."""
    _stamp, _head, *rows = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
    return sorted(row[0] for row in rows)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("team", ["no", "yes"])
def test_of_a_list_agreed_to_before_a_wall_the_hidden_one_is_not_in_the_file(office, client_as, database, team):
    officer, boss = take_over(database, client_as("officer")), client_as("officer_supervisor", name="Kim Ito")
    taken(officer, team=team)
    boss.post(f"/approvals/{request_of(database).id}", data={"decision": "approve"})
    put_up(database, officer.user_id, office.matter.person, office.town.office)
    assert "1 case" in officer.get("/caseload/export", params={"team": str(team == "yes").lower()}).text
    assert names(taken(officer, team=team)) == ["Bell, Bo"]


@pytest.mark.usefixtures("large")
def test_whoever_agrees_reads_the_same_whether_or_not_somebody_whom_a_wall_hides_from_them_is_in_it(
    office, client_as, database
):
    officer, boss = take_over(database, client_as("officer")), client_as("officer_supervisor", name="Kim Ito")
    put_up(database, boss.user_id, office.matter.person, office.town.office)
    taken(officer, team="yes")
    shown = boss.get("/approvals").text
    assert "The whole office. For the audit" in shown
    assert "2 cases" not in shown, "their own list of the office has one"


@pytest.mark.usefixtures("large")
def test_a_list_agreed_to_holds_what_is_the_officer_s_when_it_is_taken(office, client_as, database):
    officer, boss = take_over(database, client_as("officer")), client_as("officer_supervisor", name="Kim Ito")
    taken(officer)
    boss.post(f"/approvals/{request_of(database).id}", data={"decision": "approve"})
    with database.system("test: handed over") as session, session.begin():
        session.execute(
            update(Assignment).where(Assignment.case_id == office.matter.case).values(user_id=boss.user_id)
        )
    assert names(taken(officer)) == ["Bell, Bo"]
