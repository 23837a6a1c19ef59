"""Two probation offices, each with a case of its own at its own court: what one has, the other must not even guess."""

from __future__ import annotations

from datetime import date

import msgspec

from monitor.access.scope import Scope
from monitor.access.scoped_session import ScopedSession
from monitor.db import Database
from monitor.models import Contact
from tests.builders import Matter, Town, add_user, at, build_town, person_with_order


class Offices(msgspec.Struct):
    """``ours`` and ``theirs``; each has one contact on record, and ``astray`` is ours on a case of theirs."""

    here: Town
    there: Town
    ours: Matter
    theirs: Matter
    our_contact: int
    their_contact: int
    astray: int
    officer: int

    @property
    def scope(self) -> Scope:
        return Scope(self.officer, "officer", self.here.office)

    @property
    def their_scope(self) -> Scope:
        return Scope(1, "officer", self.there.office)


def two_offices(database: Database) -> Offices:
    """Both offices, on record."""
    with database.system("test: two offices") as session, session.begin():
        here, there = build_town(session, code="near"), build_town(session, code="far")
        ours = person_with_order(session, here, number="NEAR-1")
        theirs = person_with_order(session, there, number="FAR-2")
        officer = add_user(session, here.office, "officer", "officer@near.example")
        contacts = [a_contact(ours.case, here.office), a_contact(theirs.case, there.office)]
        contacts.append(a_contact(theirs.case, here.office))
        session.add_all(contacts)
        session.flush()
        return Offices(here, there, ours, theirs, *(one.id for one in contacts), officer)


def a_contact(case: int, agency: int, **told: object) -> Contact:
    """A contact by telephone."""
    noon = at(date(2026, 1, 12))
    said = {"kind": "DIRECT", "method": "PHONE", "state": "COMPLETED", "place": "OFFICE", "note": "as agreed"} | told
    return Contact(case_id=case, agency_id=agency, recorded_at=noon, occurred_at=noon, **said)


def notes(database: Database, contact: int) -> str | None:
    """What a contact's note says on record."""
    with database.system("test: look", writes=False) as session:
        found = session.get(Contact, contact)
        return found.note if found else None


def opened(database: Database, offices: Offices, *, writes: bool = False) -> ScopedSession:
    """A session of our officer."""
    return database.scoped(offices.scope, writes=writes)
