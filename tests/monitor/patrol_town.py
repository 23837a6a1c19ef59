"""A court with protective orders, an officer who supervises, a dispatch room and a sheriff that share none of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.compliance.evaluation import evaluate_now, switched_on
from monitor.db import Database
from monitor.models import (
    Agency,
    Assignment,
    Case,
    Condition,
    Flag,
    Order,
    OrderStep,
    OrderVersion,
    Person,
    ProtectedParty,
    Service,
    random_id,
)
from monitor.party_names import seal_name
from tests.builders import ORDERED_ON, Matter, Town, add_user, build_town, person_with_order

SECRET = "a secret of the test site, long enough"
PARTY = "Quillonwick, Marabel"
NAME, NUMBER = "O'Neal, Dwayne", "24-PO-0201"
REPORT = {
    "words": NAME, "born": "1990-05-17", "number": "26-1187", "touched": "05", "offence": "273.6", "weapon": "NO",
    "strangulation": "NOT_ASKED", "accounts": "YES",
}  # fmt: skip


class Place(msgspec.Struct):
    """Ids. ``order``: the protective order of the one case, beside the order that probation supervises."""

    database: Database
    town: Town
    dispatch: int
    sheriff: int
    matter: Matter
    officer: int
    order: int

    def rows(self, entity: Any, *where: Any) -> list[Any]:
        """Rows as the machine reads them."""
        with self.database.system("test: rows", writes=False) as session:
            return list(session.scalars(select(entity).where(*where)))

    def evaluate(self, now: datetime | None = None) -> None:
        """What the minute's job does."""
        evaluate_now(self.database, switched_on(), now or datetime.now(UTC))

    def codes(self) -> set[str]:
        """The codes of flags that are open."""
        return {one.code for one in self.rows(Flag, Flag.state == "OPEN")}

    def assign(self, user: int) -> None:
        """The case is this officer's."""
        with self.database.system("test: assigned") as session, session.begin():
            for one in session.scalars(select(Assignment)):
                one.user_id = user


def build_place(database: Database, *, served: bool = True, signed: datetime | None = None) -> Place:
    """Everything, committed: O'Neal under supervision, and under an order of no contact and no firearm."""
    signed = signed or datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    with database.system("test: a place") as session, session.begin():
        town = build_town(session)
        dispatch, sheriff = (
            Agency(id=random_id(), kind=kind, name=name, code=code, zone=town.zone)
            for kind, name, code in (("dispatch", "Riverbend 911", "room"), ("law_enforcement", "Sheriff", "sheriff"))
        )
        session.add_all([dispatch, sheriff])
        matter = person_with_order(session, town, number="23-CR-0007")
        person = session.get_one(Person, matter.person)
        person.family_name, person.given_name = NAME.split(", ")
        officer = add_user(session, town.office, "officer", "reyes@agency.example")
        session.add(Assignment(case_id=matter.case, agency_id=town.office, user_id=officer, from_on=ORDERED_ON,
                               until_on=None))  # fmt: skip
        session.flush()
        order = protect(session, matter, signed, served=served)
        return Place(database, town, dispatch.id, sheriff.id, matter, officer, order)


def protect(session: Session, matter: Matter, signed: datetime, *, served: bool, codes: tuple[str, ...] = ("05", "07"),
            number: str = NUMBER, expires_at: datetime | None = None) -> int:  # fmt: skip
    """A protective order in the case, signed at an instant; not served: it waits for an officer."""
    agency = matter.town.court_agency
    party = ProtectedParty(id=random_id(), agency_id=agency, sealed_name=b"")
    party.sealed_name = seal_name(SECRET, party.id, PARTY)
    order = Order(id=random_id(), case_id=matter.case, agency_id=agency, kind="CRIMINAL_NO_CONTACT", number=number,
                  protected_party_id=party.id)  # fmt: skip
    version = OrderVersion(
        id=random_id(), case_id=matter.case, agency_id=agency, order_id=order.id, version_no=1, change="NEW",
        ordered_on=signed.date(), effective_from=signed, expires_at=expires_at, recorded_at=signed, facts={},
    )  # fmt: skip
    session.add_all([party, order, version])
    session.flush()
    session.add_all(
        Condition(case_id=matter.case, agency_id=agency, order_version_id=version.id, line=line, code=code,
                  text="GOLDEN-PLACE 300 yd", exceptions=[])
        for line, code in enumerate(codes, start=1)
    )  # fmt: skip
    told = {"case_id": matter.case, "agency_id": agency, "order_id": order.id, "recorded_at": signed}
    if served:
        session.add(Service(id=random_id(), occurred_at=signed + timedelta(hours=2, minutes=20), method="PERSONAL",
                            server="Deputy Cho", **told))  # fmt: skip
    else:
        session.add(OrderStep(id=random_id(), order_version_id=version.id, kind="TO_SERVE", occurred_at=signed,
                              recorded_by_id=None, **told))  # fmt: skip
    session.flush()
    return order.id


def another(session: Session, town: Town, name: str, number: str) -> Matter:
    """Somebody else under supervision, with an order of their own that waits for service."""
    matter = person_with_order(session, town, number=f"{number}-CR")
    person = session.get_one(Person, matter.person)
    person.family_name, person.given_name = name.split(", ")
    session.flush()
    protect(session, matter, datetime.now(UTC) - timedelta(days=1), served=False, number=number)
    assert session.get_one(Case, matter.case)
    return matter
