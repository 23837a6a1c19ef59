"""Handing cases on and standing in, on screen: a supervisor's, in the trail, undone by a press."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from monitor.models import Assignment, AuditEntry, User
from tests.office import open_office, supervised

NOW = datetime.now(UTC)
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: names") as session, session.begin():
        session.get(User, office.officer).name, session.get(User, office.colleague).name = "Reyes, A.", "Cho, L."
        office.missed = supervised(session, office.town, office.officer, "Second", "B.").case
    return office


@pytest.fixture
def supervisor(office, client_as):
    return client_as("officer_supervisor", agency_id=office.town.office, name="S. Ito")


def held(office, database):
    with database.system("test: who holds what") as session:
        rows = session.execute(
            select(Assignment.case_id, Assignment.id, Assignment.user_id).where(Assignment.until_on.is_(None))
        ).all()
        return {row.case_id: (row.id, row.user_id) for row in rows}


def test_one_person_is_reassigned_and_given_back_and_the_trail_names_the_case(office, supervisor, database):
    page = supervisor.get(f"/team/reassign?officer={office.officer}").text
    assert "Reassign cases of Reyes, A." in page
    assert "Second, B." in page
    ticked = {f"case.{office.missed}": held(office, database)[office.missed][0]}
    form = {"officer": office.officer, "to": office.colleague} | ticked
    answer = supervisor.post("/team/reassign", data=form)
    assert answer.status_code == 303
    assert held(office, database)[office.missed][1] == office.colleague
    assert held(office, database)[office.matter.case][1] == office.officer
    page = supervisor.get("/team").text
    assert "1 case handed on from today." in page
    undo = f"/team/reassign/{held(office, database)[office.missed][0]}/undo"
    assert undo in page
    with database.system("test: the trail") as session:
        act = session.scalars(select(AuditEntry).where(AuditEntry.event == "assignment.made")).one()
        assert office.missed in act.subjects
        assert office.colleague in act.subjects
    assert supervisor.post(undo).status_code == 303
    assert held(office, database)[office.missed][1] == office.officer
    late = supervisor.post(undo)
    assert late.status_code == 409
    assert "Nothing was saved" in late.text
    assert supervisor.post("/team/reassign/77/undo").status_code == 404


def test_what_is_missing_is_said_and_a_list_that_changed_is_shown_again(office, supervisor, database):
    empty = supervisor.post("/team/reassign", data={"officer": office.officer, "to": ""})
    assert empty.status_code == 422
    assert "Tick at least one person." in empty.text
    assert "Choose somebody else of your office." in empty.text
    stale = {"officer": office.officer, "to": office.colleague, f"case.{office.missed}": 4711}
    assert supervisor.post("/team/reassign", data=stale).status_code == 409
    assert held(office, database)[office.missed][1] == office.officer


def test_nothing_to_accept_says_so(supervisor):
    assert "0</b> cases to accept" in supervisor.get("/team").text
    assert "Every case of this office is somebody&#39;s." in supervisor.get("/team/reassign").text


def test_a_colleague_stands_in_reads_in_cover_and_it_is_ended(office, supervisor, database, client_as):
    cho = client_as("officer", agency_id=office.town.office, name="New, N.")
    person = f"/people/{office.matter.person}"
    assert cho.get(person).status_code != 200
    first, last = (f"{day:%m/%d/%Y}" for day in (NOW - timedelta(hours=8), NOW + timedelta(days=9)))
    form = {"officer": office.officer, "by": cho.user_id, "from_on": first, "last_on": last}
    assert "Nobody stands in for anybody." in supervisor.get("/team/covers").text
    assert supervisor.post("/team/covers", data=form | {"last_on": ""}).status_code == 422
    for day in ("12/31/9999", "12/4/2090"):
        assert supervisor.post("/team/covers", data=form | {"from_on": day, "last_on": day}).status_code == 422
    assert supervisor.post("/team/covers", data=form).status_code == 303
    assert "New, N. stands in for Reyes, A." in supervisor.get("/team").text
    assert cho.get(person).status_code == 200
    assert "You stand in for Reyes, A. until" in cho.get("/today").text
    with database.system("test: the trail") as session:
        looks = select(AuditEntry).where(AuditEntry.event == "person.read").order_by(AuditEntry.number)
        assert session.scalars(looks).all()[-1].detail["reason"] == "cover"
    page = supervisor.get("/team/covers").text
    end = page.split('action="/team/covers/')[1].split('"')[0]
    assert supervisor.post(f"/team/covers/{end}").status_code == 303
    assert cho.get(person).status_code != 200
    assert supervisor.post(f"/team/covers/{end}").status_code == 404


def test_an_officer_hands_nothing_on_and_lets_nobody_stand_in(office, client_as):
    officer = client_as("officer", agency_id=office.town.office)
    for path in ("/team/reassign", "/team/covers"):
        assert officer.get(path).status_code == 403
        assert officer.post(path, data={}).status_code == 403
