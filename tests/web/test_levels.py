"""Levels on screen: who may enter one, what the pages show, and that it is nobody else's to see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from monitor.models import Assessment, AuditEntry, Training
from monitor.trainings import mark
from tests.builders import build_town
from tests.office import open_office, take_over

NOW = datetime.now(UTC)
FORM = {"tool": "ODARA", "version": "2005", "level": "high", "on": "", "expires_on": ""}


@pytest.fixture
def office(database):
    return open_office(database)


@pytest.fixture
def officer(office, database, client_as):
    return take_over(database, client_as("officer", agency_id=office.town.office))


def trained(database, browser, days=365):
    with database.system("test: trained") as session, session.begin():
        mark(session, browser.user_id, browser.user_id, "ODARA", NOW.date() + timedelta(days=days), NOW)
    return browser


def path_of(office):
    return f"/people/{office.matter.person}/level?case={office.matter.case}"


def test_whoever_is_not_trained_has_no_form_and_is_refused(office, officer, database):
    page = officer.get(path_of(office)).text
    assert "None current." in page
    assert "Enter a level" not in page
    assert officer.post(path_of(office), data=FORM).status_code == 403
    with database.system("test") as session:
        assert session.scalar(select(Assessment.id)) is None


def test_a_trained_officer_enters_a_level_and_can_take_it_back(office, officer, database):
    trained(database, officer)
    assert "Enter a level" in officer.get(path_of(office)).text
    answer = officer.post(path_of(office), data=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, path_of(office))
    page = officer.get(path_of(office)).text
    assert "Level saved. It is out of date from" in page
    assert "<b>High</b>, until" in page
    assert "High (ODARA 2005), until" in officer.get(f"/people/{office.matter.person}").text
    with database.system("test") as session:
        number = session.scalar(select(Assessment.id))
        act = session.scalars(select(AuditEntry).where(AuditEntry.event == "level.entered")).one()
    assert number in act.subjects
    assert officer.post(f"/levels/{number}/undo").status_code == 303
    page = officer.get(path_of(office)).text
    assert "(taken back)" in page
    assert "None current." in page
    assert officer.post(f"/levels/{number}/undo").status_code == 303
    assert "It had been taken back already." in officer.get(path_of(office)).text


def test_a_mistake_comes_back_with_what_was_typed(office, officer, database):
    trained(database, officer)
    answer = officer.post(path_of(office), data=FORM | {"on": "12/32/2026", "level": ""})
    assert answer.status_code == 422
    assert "Choose the level." in answer.text
    assert "12/32/2026" in answer.text


def test_a_colleague_takes_back_no_level_of_somebody_else(office, officer, database, client_as):
    trained(database, officer)
    officer.post(path_of(office), data=FORM)
    with database.system("test") as session:
        number = session.scalar(select(Assessment.id))
    other = client_as("officer", agency_id=office.town.office, name="L. Cho")
    assert other.post(f"/levels/{number}/undo").status_code == 404
    assert other.post("/levels/77/undo").status_code == 404


def test_an_administrator_marks_who_is_trained_and_ends_it_and_reads_no_case(office, officer, database, client_as):
    admin = client_as("administrator")
    page = admin.get("/admin/trainings").text
    assert "Nobody is marked as trained." in page
    assert "Example" not in page.split("<main")[1].split("</main")[0].replace("Example County", "")
    assert admin.post("/admin/trainings", data={"who": "7", "tool": "", "until_on": ""}).status_code == 422
    until = f"{NOW.date() + timedelta(days=200):%m/%d/%Y}"
    marked = {"who": str(officer.user_id), "tool": "ODARA", "until_on": until}
    assert admin.post("/admin/trainings", data=marked).status_code == 303
    assert "Enter a level" in officer.get(path_of(office)).text
    with database.system("test") as session:
        number = session.scalar(select(Training.id))
    assert admin.post(f"/admin/trainings/{number}/end").status_code == 303
    assert "Enter a level" not in officer.get(path_of(office)).text
    assert admin.post(f"/admin/trainings/{number}/end").status_code == 404
    assert admin.get(path_of(office)).status_code == 403


def test_an_officer_marks_nobody_as_trained(officer):
    assert officer.get("/admin/trainings").status_code == 403


def test_neither_a_program_nor_another_office_reads_a_level(office, officer, database, client_as):
    trained(database, officer)
    officer.post(path_of(office), data=FORM)
    assert client_as("program", agency_id=office.town.program_agency).get(path_of(office)).status_code == 403
    with database.system("test: another town") as session, session.begin():
        far = build_town(session, code="far").office
    assert client_as("officer", agency_id=far).get(path_of(office)).status_code == 404
