"""A version of the matrix: a draft, signed by people of two agencies, in force from a day, and never changed after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from monitor.access.scope import trusted_sql
from monitor.models import ResponseMatrix
from monitor.response_matrix import versions
from monitor.response_matrix.content import Cell
from monitor.response_matrix.default import DEFAULT
from monitor.response_matrix.differences import differences
from tests.monitor.matrix_office import SUPERVISOR, ZONE, adopted, with_a_missed_class
from tests.office import NOW, TODAY

BLOCK = versions.SignOff(TODAY, TODAY + timedelta(days=365), None, "First version.")


@pytest.fixture
def office(database):
    return with_a_missed_class(database)


# ── versions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_is_edited_signed_by_two_agencies_and_put_in_force_by_a_colleague(office):
    second = office.flags["second"]
    with office.scoped(who=office.supervisor, writes=True, **SUPERVISOR) as session, session.begin():
        number = versions.draft(session, ZONE, NOW)
        typed = {"meaning": "A missed step", "examples": "A missed class", "here.STANDARD.1": "Call today\nSee him"}
        clock = dict.fromkeys(("source", "open", "respond", "report", "hearing"), "2 court days")
        typed |= {f"clock.{name}": text for name, text in clock.items()}
        assert versions.edit_class(session, number, "B", typed) == {}
        found = versions.version(session, number)
        assert "At least two people of two agencies" in versions.force_faults(found, second, BLOCK, TODAY)["name"]
        versions.sign(session, number, "Hon. R. Example", "Court", TODAY)
        versions.sign(session, number, "P. Example", "Defender", TODAY)
        found = versions.version(session, number)
        assert "A colleague puts it in force" in versions.force_faults(
            found, office.supervisor, BLOCK, TODAY
        )["from_on"]  # fmt: skip
        with pytest.raises(versions.Changed):  # the text rests under its signatures
            versions.edit_class(session, number, "B", typed)
    with office.scoped(who=second, writes=True, **SUPERVISOR) as session, session.begin():
        assert versions.put_in_force(session, number, BLOCK, ZONE, NOW) == 1
    with office.scoped() as session:
        assert versions.in_force(session, TODAY - timedelta(days=1)).id == 0
        standing = versions.in_force(session, TODAY)
        assert standing.id == number
        assert standing.title.startswith("Local matrix version 1, in force from Wed, Mar 4")
        assert standing.content.cells["B.STANDARD.1"] == Cell(("Call today", "See him"))
        said = differences(DEFAULT, standing.content)
        assert "Class B, response recorded: 2 court days, before 5 court days" in said
        assert "Class B, Standard, 1st, this office: added “Call today”" in said
        assert not [line for line in said if line.startswith("Class C")]


def test_a_version_in_force_is_changed_or_removed_by_nobody_not_even_in_the_database(office, database):
    adopted(office)
    for what in ({"what_changed": "Otherwise."}, {"in_force_from": TODAY}, {"source": "x"}, {"review_on": TODAY}):
        with pytest.raises(DBAPIError, match="never changes"), trusted_sql("test"):
            with database.system("test: tamper") as session, session.begin():
                session.execute(update(ResponseMatrix).values(**what))
    with pytest.raises(DBAPIError, match="is kept"), trusted_sql("test"):
        with database.system("test: tamper") as session, session.begin():
            session.delete(session.scalars(select(ResponseMatrix)).one())


def test_a_signed_text_and_an_unsigned_version_are_held_in_the_database_too(office, database):
    with office.scoped(who=office.supervisor, writes=True, **SUPERVISOR) as session, session.begin():
        number = versions.draft(session, ZONE, NOW)
    put = {"number": 1, "in_force_from": TODAY, "put_at": NOW, "put_by_id": office.flags["second"], "what_changed": "x",
           "review_on": TODAY}  # fmt: skip
    with pytest.raises(DBAPIError, match="unsigned"), database.system("test: tamper") as session, session.begin():
        session.execute(update(ResponseMatrix).values(**put))
    undated = versions.SignOff(TODAY, None, None, "First version.")
    with office.scoped(who=office.flags["second"], writes=True, **SUPERVISOR) as session, session.begin():
        with pytest.raises(versions.Changed):  # whoever calls it without the page's own check
            versions.put_in_force(session, number, undated, ZONE, NOW)
    with office.scoped(who=office.supervisor, writes=True, **SUPERVISOR) as session, session.begin():
        versions.sign(session, number, "Hon. R. Example", "Court", TODAY)
    with pytest.raises(DBAPIError, match="under its signatures"):
        with database.system("test: tamper") as session, session.begin():
            session.execute(update(ResponseMatrix).values(content={}))


def test_an_officer_edits_no_matrix_and_another_agency_moves_no_draft_of_this_one(office):
    with office.scoped(writes=True) as session, pytest.raises(Exception, match="does not write"):
        versions.draft(session, ZONE, NOW)
    with office.scoped(who=office.supervisor, writes=True, **SUPERVISOR) as session, session.begin():
        number = versions.draft(session, ZONE, NOW)
    office.town.office = office.town.court_agency
    with office.scoped(who=office.supervisor, writes=True, **SUPERVISOR) as session, session.begin():
        with pytest.raises(versions.Changed):
            versions.sign(session, number, "Hon. R. Example", "Court", TODAY)
