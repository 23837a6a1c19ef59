"""Names of parties, compared in memory and nowhere else: no index, no hash, no log of a protected name (safeguard A).

A protected name is opened for one comparison inside a job and thrown away with it. What comes out are ids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.models import Case, Order, OrderVersion, Person, ProtectedParty
from monitor.name_words import Words, keys_among, words
from monitor.names import Key, last_first
from monitor.sealing import SealError, SealingKeys, seal, sealing_keys, unseal
from monitor.verify.standing import LIVE, Version, standing


class Parties(msgspec.Struct, frozen=True):
    """One order: the case, its person, and both names by each key under which somebody may be known; empty: no name.
    Opaque in text: names are not printed."""

    case_id: int
    person_id: int
    respondent: frozenset[Key]
    protected: frozenset[Key]

    def __repr__(self) -> str:
        return f"<parties of case {self.case_id}>"


def seal_name(secret: str, party_id: int, name: str) -> bytes:
    """A protected name as its row keeps it."""
    return seal(sealing_keys(secret, "names"), name, _place(party_id))


def all_parties(session: Session, secret: str, now: datetime) -> Iterator[Parties]:
    """Every open case with the names of each of its orders, and closed ones with those of orders that still stand."""
    key = sealing_keys(secret, "names")
    found = session.execute(
        select(Case.id, Case.person_id, Person.given_name, Person.family_name, ProtectedParty.id.label("party"),
               ProtectedParty.sealed_name)
        .join(Person, Person.id == Case.person_id).outerjoin(Order, Order.case_id == Case.id)
        .outerjoin(ProtectedParty, ProtectedParty.id == Order.protected_party_id)
        .where(Case.closed_on.is_(None) | Order.id.in_(_outliving(session, now)))
    )  # fmt: skip
    for row in found:
        respondent = keys_among(last_first(row.family_name, row.given_name))
        if respondent:
            yield Parties(row.id, row.person_id, respondent, _opened(key, row.party, row.sealed_name))


def _outliving(session: Session, now: datetime) -> set[int]:
    """Orders in force, or about to be, whose case is closed: closing ends no order."""
    known: dict[int, list[Version]] = defaultdict(list)
    rows = session.scalars(
        select(OrderVersion).join(Case, Case.id == OrderVersion.case_id).where(
            Case.closed_on.is_not(None), OrderVersion.effective_to.is_(None) | (OrderVersion.effective_to > now)
        )
    )  # fmt: skip
    for one in rows:
        known[one.order_id].append(
            Version(one.id, one.change, one.effective_from, one.effective_to, one.expires_at, ())
        )
    return {order for order, versions in known.items() if standing(versions, (), now).verdict in LIVE}


def _opened(key: SealingKeys, party: int | None, sealed: bytes | None) -> frozenset[Key]:
    try:
        return keys_among(unseal(key, sealed, _place(party))) if party and sealed else frozenset()
    except SealError:
        return frozenset()


def party_words(secret: str, party_id: int, sealed: bytes) -> Words | None:
    """One protected name as it compares, for one comparison. None: it cannot be opened, or holds no word."""
    try:
        found = words(unseal(sealing_keys(secret, "names"), sealed, _place(party_id)))
    except SealError:
        return None
    return found if found.letters else None


def _place(party_id: int) -> str:
    return f"protected_party.sealed_name.{party_id}"
