"""A court with protective orders, and a dispatch room that shares none of its cases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from monitor.access.scope import Scope
from monitor.access.scoped_session import ScopedSession
from monitor.db import Database
from monitor.models import Agency, Condition, Order, OrderVersion, Person, ProtectedParty, Service, random_id
from monitor.party_names import seal_name
from monitor.verify.answer import Answer
from monitor.verify.asked import Asked
from monitor.verify.verifying import verify
from tests.builders import Matter, Town, add_user, build_town, person_with_order

SECRET = "a secret of the test site, long enough"
NOW = datetime(2026, 3, 4, 10, 14, tzinfo=UTC)  # 02:14 local time
PLACES = "GOLDEN-PLACE 300 yd"  # as an order's text may say; no answer may hold it
PARTY = "Quillonwick, Marabel"


class Room(msgspec.Struct):
    """The dispatch room, and the court whose orders it asks about."""

    database: Database
    town: Town
    agency: int
    user: int

    def scoped(self, role: str = "dispatch") -> ScopedSession:
        """A session of the dispatcher, as a request has it."""
        return self.database.scoped(Scope(user_id=self.user, role=role, agency_id=self.agency), writes=True)

    def order(
        self, name: str = "O'Neal, Dwayne", number: str = "24-PO-0201", *, born: date = date(1979, 12, 30),
        codes: tuple[str, ...] = ("05", "07"), exceptions: tuple[str, ...] = (), served: bool = True,
        change: str = "NEW", **anchors: Any,
    ) -> Matter:  # fmt: skip
        """A protective order on somebody."""
        with self.database.system("test: an order") as session, session.begin():
            matter = person_with_order(session, self.town, number=number, **anchors)
            person = session.get_one(Person, matter.person)
            person.family_name, person.given_name = name.split(", ")
            person.born_on = born
            self._terms(session, matter, codes, exceptions, change)
            if not served:
                session.execute(delete(Service).where(Service.order_id == matter.order))
            return matter

    def _terms(
        self, session: Session, matter: Matter, codes: tuple[str, ...], exceptions: tuple[str, ...], change: str
    ) -> None:
        version = session.scalars(select(OrderVersion).where(OrderVersion.order_id == matter.order)).one()
        version.change = change
        party = ProtectedParty(id=random_id(), agency_id=self.town.court_agency, sealed_name=b"")
        party.sealed_name = seal_name(SECRET, party.id, PARTY)
        session.add(party)
        session.flush()
        session.get_one(Order, matter.order).protected_party_id = party.id
        for line, code in enumerate(codes, start=11):
            session.add(
                Condition(case_id=matter.case, agency_id=self.town.court_agency, order_version_id=version.id, line=line,
                          code=code, text=PLACES, exceptions=list(exceptions))
            )  # fmt: skip


def build_room(database: Database) -> Room:
    """Everything, committed."""
    with database.system("test: a room") as session, session.begin():
        town = build_town(session)
        agency = Agency(id=random_id(), kind="dispatch", name="Riverbend 911", code="room", zone=town.zone)
        session.add(agency)
        session.flush()
        return Room(database, town, agency.id, add_user(session, agency.id, "dispatch", "room@agency.example"))


def ask(room: Room, words: str, born: date | None = None) -> Answer:
    """What a dispatcher of the room is told."""
    with room.scoped() as session:
        return verify(session, Asked(words, born), NOW)[0]
