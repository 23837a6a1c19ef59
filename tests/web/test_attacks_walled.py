"""What somebody keeps of a case before a wall stands, and asks for once it does: nothing tells that it is there."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from monitor.models import CaseOpening, ContactDraft, Task, random_id
from tests.monitor.access.walls import put_up
from tests.office import Office, open_office, supervised, take_over

NOW = datetime.now(UTC)
BY = f"{NOW.date() + timedelta(days=3):%m/%d/%Y}"
WHY = {"ground": "CALL", "words": "Call 26-1187: patrol asks whether the order was served."}


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: somebody else") as session, session.begin():
        bell = supervised(session, office.town, office.officer, "Bell", "Bo")
        office.flags["bell"], office.flags["bell's"] = bell.case, bell.person
    return office


@pytest.fixture
def officer(office: Office, client_as, database):
    return take_over(database, client_as("officer", agency_id=office.town.office))


def all_of(database, entity):
    with database.system("test: look", writes=False) as session:
        return session.scalars(select(entity)).all()


def test_tasks_of_a_person_whom_a_wall_hides_go_with_them_and_others_are_undone_as_ever(office, officer, database):
    """Given one act that made tasks for two When a wall is put up between the officer and one of them Then undo takes
    back the other's as if it had been the only one, and the hidden one's task is as one that never was."""
    ticked = {f"case.{office.matter.case}": "yes", f"case.{office.flags['bell']}": "yes"}
    officer.post("/tasks", data=ticked | {"what": "Ask about the new shift.", "due_on": BY, "sure": "yes"})
    hidden, seen = sorted(all_of(database, Task), key=lambda one: one.case_id != office.matter.case)
    put_up(database, officer.user_id, office.matter.person, office.town.office)
    assert "Your tasks, 1" in officer.get("/today").text
    for number in (hidden.id, random_id()):
        assert [officer.post(f"/tasks/{number}/{act}", data={}).status_code for act in ("done", "open")] == [404, 404]
    told = officer.post(f"/tasks/{seen.act}/undo", data={}, follow_redirects=True)
    assert told.status_code == 200 and "Taken back: 1 task." in told.text
    assert officer.post(f"/tasks/{seen.act}/undo", data={}).status_code == 404
    undone = {one.id: one.undone_at is not None for one in all_of(database, Task)}
    assert undone == {hidden.id: False, seen.id: True}


def test_a_case_that_was_open_when_the_wall_was_put_up_can_be_ended_and_its_banner_goes(office, client_as, database):
    colleague = client_as("officer", agency_id=office.town.office, name="Robin Cho")
    opened = colleague.post(f"/cases/{office.matter.case}/opening", data={"next": "/today", **WHY})
    assert opened.status_code == 303 and "/openings/end" in colleague.get("/today").text
    put_up(database, colleague.user_id, office.matter.person, office.town.office)
    assert colleague.get(f"/people/{office.matter.person}").status_code == 404
    colleague.post("/openings/end", data={})
    assert "/openings/end" not in colleague.get("/today").text
    assert [one.ended_at is not None for one in all_of(database, CaseOpening)] == [True]


def test_a_draft_that_was_begun_before_the_wall_is_read_and_ended_by_nobody_walled_off(office, officer, database):
    form = f"/people/{office.matter.person}/contacts"
    assert officer.post(f"{form}/draft", data={"way": "PHONE", "note": "half a word"}).is_success
    put_up(database, officer.user_id, office.matter.person, office.town.office)
    nobody = f"/people/{random_id()}/contacts"
    for method, path in (("get", ""), ("post", ""), ("post", "/draft")):
        hidden, absent = (
            getattr(officer, method)(f"{one}{path}", **({"data": {"way": "PHONE"}} if method == "post" else {}))
            for one in (form, nobody)
        )
        assert hidden.status_code == absent.status_code == 404
        assert re.sub(r"[0-9a-f]{12}|\d{10,}", "", hidden.text) == re.sub(r"[0-9a-f]{12}|\d{10,}", "", absent.text)
    assert len(all_of(database, ContactDraft)) == 1
