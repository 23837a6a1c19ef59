"""Somebody works on what does not exist for the asker: the answer, and the wait for it, are those of what is absent."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from sqlalchemy import select

from monitor.access.policy import POLICY
from monitor.access.reach import entity_of
from monitor.access.scope import Scope
from monitor.clock import utc_now
from monitor.db import Database
from monitor.models import Case, Group, Wall, random_id
from monitor.named import in_reach, table_of
from monitor.one_at_a_time import one_at_a_time
from tests.builders import build_town
from tests.monitor.filing import office_with_a_miss
from tests.office import Office
from tests.web.conftest import Browser

ON_POSTGRES = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


@pytest.fixture
def office(database: Database) -> Office:
    found: Office = office_with_a_miss(database)  # type: ignore[no-untyped-call]
    return found


def walled(database: Database, office: Office, user: int) -> None:
    with database.system("test: a wall") as session, session.begin():
        person = session.scalars(select(Case.person_id).where(Case.id == office.matter.case)).one()
        session.add(Wall(id=random_id(), agency_id=office.town.office, user_id=user, person_id=person,
                         sealed_why=b"-", entered_by_id=user, entered_at=utc_now(), ended_at=None))  # fmt: skip


@ON_POSTGRES
def test_what_is_hidden_and_worked_on_answers_like_what_is_not_there_and_as_soon(
    database: Database, office: Office, client_as: Callable[..., Browser]
) -> None:
    with database.system("test: an office elsewhere") as session, session.begin():
        far = build_town(session, code="far")
    stranger = client_as("officer", agency_id=far.office, name="F. Far")
    asked = {"kind": "WHY_ABSENT", "place": str(office.matter.enrollment), "about_on": "2026-03-02"}
    pages = (
        ("flags/{}/reviews", office.flags["missed"], {"decision": "ACT", "words": "Please review."}),
        ("program-questions/of/{}", office.matter.case, asked),
    )
    for path, hidden, form in pages:
        with database.system("somebody works on it") as session, session.begin():
            one_at_a_time(session, hidden)
            took = dict[bool, float]()
            for number in (random_id(), hidden) * 3:
                began = time.monotonic()
                assert stranger.post(f"/{path.format(number)}", data=form).status_code == 404, path
                took[number == hidden] = min(time.monotonic() - began, took.get(number == hidden, 60))
        assert took[True] < took[False] + 3, "a wait would have ended after five seconds, each time"


@ON_POSTGRES
def test_of_what_an_address_names_only_what_is_in_reach_is_waited_for(database: Database, office: Office) -> None:
    with database.system("test: an office elsewhere") as session, session.begin():
        far = build_town(session, code="far")
    named = {"case_id": office.matter.case, "flag_id": office.flags["missed"]}
    mine = Scope(office.officer, "officer", office.town.office)
    assert set(in_reach(database, mine, named)) == set(named.values())
    assert in_reach(database, Scope(office.officer, "officer", far.office), named) == ()
    assert in_reach(database, mine, {"flag_id": office.matter.case}) == (), "a number of something else"
    assert in_reach(database, Scope(office.officer, "victim_witness", far.office), named) == ()
    walled(database, office, office.officer)
    assert in_reach(database, mine, named) == (), "nor what somebody is walled off from"


@ON_POSTGRES
def test_a_class_of_another_program_is_not_waited_for_though_every_program_may_know_its_group(
    database: Database, office: Office
) -> None:
    with database.system("test: a group", writes=False) as session:
        [(group, agency)] = session.execute(select(Group.id, Group.agency_id).limit(1)).all()
    with database.system("test: a program elsewhere") as session, session.begin():
        far = build_town(session, code="far")
    assert in_reach(database, Scope(office.officer, "program", agency), {"group_id": group}) == (group,)
    assert in_reach(database, Scope(office.officer, "program", far.program_agency), {"group_id": group}) == ()


def test_of_each_part_of_an_address_it_is_known_which_ids_it_takes() -> None:
    parts = {part for method, path in POLICY if method == "POST" for part in re.findall(r"\{(\w+_id)\}", path)}
    assert parts and {part for part in parts if entity_of(table_of(part)) is None} == set()
