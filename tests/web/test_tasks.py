"""Own tasks and named lists: seen before they are made, undone as they were made, and nobody's name in an address."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from monitor.models import Task
from tests.builders import add_user, build_town
from tests.office import hearing, open_office, raise_flag, supervised, take_over

NOW = datetime.now(UTC)
BY = f"{NOW.date() + timedelta(days=3):%m/%d/%Y}"


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: two more people") as session, session.begin():
        bell = supervised(session, office.town, office.officer, "Bell", "Bo")
        office.flags["safety"] = raise_flag(session, bell, "NO_CONTACT_ALLEGED", "D")
        smith = supervised(session, office.town, office.officer, "Smith", "Sam")
        hearing(session, smith, NOW + timedelta(days=4))
    office.missed, office.flags["smith"] = bell.case, smith.case
    return office


@pytest.fixture
def officer(office, client_as, database):
    return take_over(database, client_as("officer", agency_id=office.town.office))


def ticked(office):
    return {f"case.{office.missed}": "yes", f"case.{office.flags['smith']}": "yes"}


def made(database):
    with database.system("test: look") as session:
        return session.scalars(select(Task).order_by(Task.id)).all()


def test_a_task_for_two_is_shown_line_by_line_before_it_is_made_and_undone_in_one_press(office, officer, database):
    asked = officer.post("/tasks", data=ticked(office))
    assert (asked.status_code, "For whom, 2" in asked.text) == (200, True)
    typed = ticked(office) | {"what": "Ask about the new shift.", "due_on": BY}
    shown = officer.post("/tasks", data=typed).text
    assert re.findall(r'<th scope="row"[^>]*>(\w+), \w+ ', shown) == ["Bell", "Smith"]
    assert not made(database)
    page = officer.post("/tasks", data=typed | {"sure": "yes"}, follow_redirects=True).text
    assert "Your tasks, 2" in page
    assert {row.case_id for row in made(database)} == {office.missed, office.flags["smith"]}
    [undo] = set(re.findall(r'action="(/tasks/\d+/undo)"', page))
    assert "Your tasks" not in officer.post(undo, data={}, follow_redirects=True).text
    assert officer.post(undo, data={}).status_code == 404


def test_a_task_that_is_done_leaves_the_page_and_comes_back_with_undo(office, officer, database):
    typed = {f"case.{office.missed}": "yes", "what": "Call.", "due_on": BY, "sure": "yes"}
    page = officer.post("/tasks", data=typed, follow_redirects=True).text
    [done] = set(re.findall(r'action="(/tasks/\d+/done)"', page))
    page = officer.post(done, data={}, follow_redirects=True).text
    assert "Your tasks" not in page
    [again] = set(re.findall(r'action="(/tasks/\d+/open)"', page))
    assert "Your tasks, 1" in officer.post(again, data={}, follow_redirects=True).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [({"what": "Call.", "due_on": BY}, "Tick at least one"), ({"what": " ", "due_on": BY}, "Say what is to be done"),
     ({"what": "Call.", "due_on": "soon"}, "Type a day from today on")],
)  # fmt: skip
def test_what_is_missing_is_said_and_nothing_is_made(office, officer, database, typed, said):
    whom = {} if "Tick" in said else ticked(office)
    answer = officer.post("/tasks", data=whom | typed | {"sure": "yes"})
    assert (answer.status_code, said in answer.text) == (422, True)
    assert not made(database)


def test_a_colleague_sees_and_ends_none_of_my_tasks_and_another_office_makes_none_here(
    office, officer, client_as, database
):
    typed = ticked(office) | {"what": "Call.", "due_on": BY, "sure": "yes"}
    officer.post("/tasks", data=typed)
    colleague = client_as("officer", agency_id=office.town.office)
    assert "Your tasks" not in colleague.get("/today").text
    assert colleague.post(f"/tasks/{made(database)[0].id}/done", data={}).status_code == 404
    with database.system("test: elsewhere") as session, session.begin():
        far = build_town(session, code="far")
        add_user(session, far.office, "officer", "far@agency.example")
    stranger = client_as("officer", agency_id=far.office)
    assert "Tick at least one" in stranger.post("/tasks", data=typed).text
    assert len(made(database)) == 2


def test_a_filtered_and_ordered_list_is_kept_under_a_name_and_opened_with_one_press(office, officer, client_as):
    page = officer.get("/caseload?only=safety").text
    assert ("Bell" in page, "Smith" in page) == (True, False)
    sent = {"name": "Monday", "filters": "safety open", "sort": "waits", "team": "no"}
    page = officer.post("/caseload/views", data=sent, follow_redirects=True).text
    [path] = [re.search(r'<a href="([^"]+)">★ Monday', page)[1].replace("&amp;", "&")]
    assert path == "/caseload?team=false&only=open&only=safety&sort=waits"  # codes, and nobody's name
    assert "Bell" in officer.get(path).text
    [drop] = set(re.findall(r'action="(/caseload/views/\d+/drop)"', page))
    colleague = client_as("officer", agency_id=office.town.office)
    assert "★" not in colleague.get("/caseload").text, "a list is its officer's own"
    assert colleague.post(drop, data={}).status_code == 404
    assert "★ Monday" in officer.get("/caseload").text
    assert "★ Monday" not in officer.post(drop, data={}, follow_redirects=True).text


def test_by_court_date_who_is_soonest_in_court_stands_first_and_who_has_no_date_last(office, officer):
    def names(order):
        page = officer.get(f"/caseload?sort={order}").text
        return re.findall(r'<th scope="row"[^>]*><a href="/people[^"]*">(\w+),', page)

    assert names("name") == ["Bell", "Example", "Smith"]
    assert names("court") == ["Smith", "Bell", "Example"]
    assert names("waits")[0] == "Bell"
    assert names("surname; drop table") == names("name")


def test_a_list_that_nothing_matches_says_how_many_there_are_and_how_to_see_them(officer):
    page = officer.post("/caseload", data={"words": "Nobody"}).text
    assert re.search(r"0 of 3 match\. <a href=\"/caseload\?team=false\">Show all</a>", page)
