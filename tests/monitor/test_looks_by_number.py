"""Under which numbers the trail is about a case, and of which case a number is; lists and walls included."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from sqlalchemy import update

from monitor import audit
from monitor.access.scope import Scope
from monitor.db import Database, looking_wide
from monitor.models import Agency, Case, CaseAgency
from monitor.trail.looks import cases_of, looks_at, subjects_of
from tests.builders import Matter, Town, absent, add_user, build_town, person_with_order
from tests.monitor.access.walls import put_up
from tests.monitor.tampering import KEY, NOW

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the same statements on both
ROW, HIDDEN_ROW, UNLISTED = 501, 502, 503


class Place(msgspec.Struct):
    """A privacy officer of the office; a case of theirs with a missed class, and one from which they are walled off."""

    town: Town
    privacy: int
    ours: Matter
    hidden: Matter
    missed: int

    @property
    def listed(self) -> dict[int, int]:
        return {ROW: self.ours.case, HIDDEN_ROW: self.hidden.case}


@pytest.fixture
def place(database: Database) -> Place:
    with database.system("test: an office") as session, session.begin():
        town = build_town(session)
        privacy = add_user(session, town.office, "privacy_officer", "privacy@near.example")
        ours, hidden = (person_with_order(session, town, number=number) for number in ("N-1", "N-2"))
        found = Place(town, privacy, ours, hidden, absent(session, ours, date(2026, 1, 15)).id)
    put_up(database, privacy, hidden.person, town.office)
    return found


def scope(place: Place, agency: int | None = None) -> Scope:
    return Scope(place.privacy, "privacy_officer", agency or place.town.office)


def test_of_which_case_a_number_is(database, place):
    asked = {place.ours.case, place.missed, place.hidden.case, ROW, HIDDEN_ROW, UNLISTED}
    with database.scoped(scope(place)) as session, looking_wide(session, "test: whose"):
        own = {place.ours.case: place.ours.case, place.missed: place.ours.case}
        assert cases_of(session, asked) == own
        assert cases_of(session, asked, place.listed) == own | {ROW: place.ours.case}
        assert cases_of(session, {HIDDEN_ROW, UNLISTED}, place.listed) == {}


def subjects(database, place, number, listed=None, agency=None) -> set[int]:
    with database.scoped(scope(place, agency)) as session, looking_wide(session, "test: under which numbers"):
        return subjects_of(session, agency or place.town.office, number, listed or {})


def test_under_which_numbers_the_trail_is_about_a_case(database, place):
    found = subjects(database, place, "N-1")
    assert {place.ours.case, place.ours.person, place.ours.order, place.missed} <= found
    assert not found & {place.hidden.case, ROW}
    assert subjects(database, place, "N-1", place.listed) == found | {ROW}
    assert subjects(database, place, "N-2", place.listed) == set(), "there is a wall"
    assert subjects(database, place, "N-3", place.listed) == set()


def test_a_case_that_was_shared_once_is_asked_about_still_and_one_that_never_was_is_not(database, place):
    with database.system("test: shared no longer") as session, session.begin():
        session.execute(update(CaseAgency).values(until_on=NOW.date()))
        far = Agency(kind="probation", name="far", code="far", zone="UTC")
        session.add(far)
        session.flush()
        other = far.id
    assert place.ours.case in subjects(database, place, "N-1")
    assert subjects(database, place, "N-1", agency=other) == set()
    assert subjects(database, place, "N-1", place.listed, other) == {ROW}, "on the team's list whoever shares it"


@pytest.mark.parametrize("kind", ["dispatch", "law_enforcement"])
def test_who_shares_no_case_asks_about_any(database, place, kind):
    with database.system("test: dispatch") as session, session.begin():
        own = Agency(kind=kind, name=kind, code=kind, zone="UTC")
        session.add(own)
        session.flush()
        agency = own.id
    assert place.ours.case in subjects(database, place, "N-1", agency=agency)
    assert subjects(database, place, "N-2", agency=agency) == set()


def test_what_the_agencys_people_did_about_a_number_typed_with_spaces(database, place):
    office, program = place.town.office, place.town.program_agency
    for agency, subject in ((office, place.missed), (office, place.hidden.case), (program, place.missed)):
        with database.system("test: a look") as session, session.begin():
            audit.append(session, audit.Act(event="absence.read", agency_id=agency, subjects=(3, subject)), KEY, NOW)
    with database.scoped(scope(place)) as session:
        found = looks_at(session, place.town.office, " N-1 ")
        assert (found.number, len(found.entries), found.cut) == ("N-1", 1, False)
        assert looks_at(session, place.town.office, "N-2").entries == []
        assert looks_at(session, place.town.office, "N-3").entries == []
    with database.system("test: its number", writes=False) as session:
        assert session.get_one(Case, place.ours.case).number == "N-1"
