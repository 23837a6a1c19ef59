"""A person's own record (D-13): what they may have, and not a byte that tells of anybody else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor.access.roles import Role
from monitor.access.scope import SHOWS as SHOWN
from monitor.access.scope import Scope, ScopeError
from monitor.clock import utc_now
from monitor.db import Database
from monitor.models import Assessment, AuditEntry, Case, CheckIn, Contact, Incident, ProtectedParty, Wall
from monitor.models.base import Base, random_id
from monitor.own_record import SHOWS, OwnRecordError, own_record
from tests.builders import add_user, attended, build_town, person_with_order
from tests.monitor.commands.running import Terminal
from tests.sweep.county import HIDDEN, _more_rows, _try, build, hide

NUMBER, CLERK, SECRET = "26-DV-000777", "clerk@court.example", "k" * 43
# what the record is made of; of every other table about the case something is hidden
READ = {
    "attendance", "adjudication", "condition", "court_order", "order_version", "order_sheet", "order_step", "service",
    "requirement", "enrollment", "enrollment_event", "drug_test", "hearing", "dirty", "case_agency",
}  # fmt: skip


def town_with_case(database: Database, number: str = NUMBER):  # type: ignore[no-untyped-def]
    with database.system("test: a case, its clerk") as session, session.begin():
        town = build_town(session)
        matter = person_with_order(session, town, number=number)
        attended(session, matter, date(2026, 3, 2))
        clerk = add_user(session, town.court_agency, "clerk", CLERK)
    return town, matter, clerk


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_hidden_changes_a_byte_of_it(database: Database) -> None:
    """The same with and without a row in every table that it is not made of, other offices' cases, walls and names."""
    county = build(database)
    with database.system("test: who gives it") as session, session.begin():
        add_user(session, county.near.court_agency, "clerk", CLERK)
        number = session.scalar(sa.select(Case.number).where(Case.id == county.matter.case))
    assert number is not None
    before = own_record(database, number, None, CLERK, SECRET, county.now)
    grown = hide(database, county, Role.CLERK)
    with database.system("test: hidden things") as session, session.begin():
        for table in Base.metadata.sorted_tables:
            if "case_id" in table.c and table.name not in READ and any(
                [_try(session, table, row) for row in _more_rows(session, table, county, None)]
            ):
                grown.add(table.name)
        session.execute(sa.update(ProtectedParty).values(sealed_name=b"\x01other"))
    assert {"flag", "incident", "assessment", "contact", "concern", "safety_step", "notice_answer"} <= grown
    assert own_record(database, number, None, CLERK, SECRET, county.now) == before and HIDDEN not in before


def test_it_holds_what_the_person_may_have_and_its_session_opens_nothing_else(database: Database) -> None:
    town, _matter, clerk = town_with_case(database)
    text = own_record(database, NUMBER, None, CLERK, SECRET, utc_now())
    for part in (f"Case {NUMBER}", "Orders", "Programs", "Placed in a group", "Classes", "Present", "Court dates"):
        assert part in text, text
    with database.scoped(Scope(clerk, "clerk", town.court_agency)) as session:
        session.info[SHOWN] = SHOWS
        for entity in (Incident, Assessment, Contact, CheckIn, ProtectedParty):
            with pytest.raises(ScopeError):
                session.scalars(sa.select(entity)).all()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_a_clerk_or_privacy_officer_of_that_court_gives_it(database: Database) -> None:
    town, matter, clerk = town_with_case(database)
    with database.system("test: others") as session, session.begin():
        far = build_town(session, code="far")
        add_user(session, far.court_agency, "clerk", "far@court.example")
        add_user(session, town.office, "officer", "reyes@agency.example")
    told = []
    for number, by in ((NUMBER, "far@court.example"), ("26-DV-NONE", CLERK), (NUMBER, "reyes@agency.example")):
        with pytest.raises(OwnRecordError) as refused:
            own_record(database, number, None, by, SECRET, utc_now())
        told.append(str(refused.value))
    assert told[0] == told[1], "another court's case and none read alike"
    assert "Only a clerk" in told[2]
    with database.system("test: a wall") as session, session.begin():
        session.add(Wall(id=random_id(), agency_id=town.court_agency, user_id=clerk, person_id=matter.person,
                         sealed_why=b"x", entered_by_id=1, entered_at=utc_now()))  # fmt: skip
    with pytest.raises(OwnRecordError) as walled:
        own_record(database, NUMBER, None, CLERK, SECRET, utc_now())
    assert str(walled.value) == told[0]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_is_printed_or_written_for_its_owner_alone_and_recorded(
    terminal: Terminal, database: Database, tmp_path: Path
) -> None:
    town_with_case(database)
    told = terminal("cases", "own-record", NUMBER, "--by", CLERK)
    assert told.status == 0 and told.out.startswith("Record of "), told.err
    file = tmp_path / "own.txt"
    assert terminal("cases", "own-record", NUMBER, "--by", CLERK, "--out", str(file)).status == 0
    assert file.stat().st_mode & 0o777 == 0o600 and file.read_text().splitlines()[0] == told.out.splitlines()[0]
    refused = terminal("cases", "own-record", NUMBER, "--by", "nobody@court.example")
    assert refused.status == 1 and "Only a clerk" in refused.err
    with database.system("test: look", writes=False) as session:
        entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "case.own_record")).all()
    assert len(entries) == 2 and all(one.detail["bytes"] > 300 and one.detail["rows"] > 10 for one in entries)
    assert all(NUMBER not in str(one.detail) for one in entries)
