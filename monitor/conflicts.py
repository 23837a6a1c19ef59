"""Somebody who works here bears the name of a party: two people outside that agency look into it (safeguard D2).

Nothing is blocked and nobody else is told, least of all the person or their chain of command. What an alert says is
sealed; its notice says that there is one item, and no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from monitor import walls
from monitor.access.identity import Identity
from monitor.access.in_office import in_office
from monitor.access.reach import walled_cases
from monitor.access.roles import Role
from monitor.access.scoped_session import ScopedSession
from monitor.db import looking_wide
from monitor.models import Agency, Case, ConflictAlert, Membership, Outbox, User, Wall
from monitor.models.base import random_id
from monitor.name_words import keys_among
from monitor.names import Key
from monitor.one_at_a_time import one_at_a_time
from monitor.outbox.notice import notice
from monitor.party_names import Parties
from monitor.sealing import SealingKeys, seal, sealing_keys, unseal

DESIGNATED = 2
PARTIES = {"RESPONDENT": "the person under order", "PROTECTED": "the person an order protects"}


class Match(msgspec.Struct, frozen=True):
    """What an alert says, and nothing of the names themselves."""

    user: int
    person: int
    party: str


class AlertLine(msgspec.Struct, frozen=True):
    """One alert as the designated person sees it."""

    id: int
    who: str
    agency: str
    party: str
    number: str


def raise_alerts(session: Session, parties: Iterable[Parties], secret: str, now: datetime) -> int:
    """Compare everybody who works here with every party, and tell two people of each new match; how many there were.

    A match that was told once is not told again, whatever was made of it; where nobody looked at it, and none of
    those who were told is in office any more, it is told to others.
    """
    officers = sorted(in_office(session, {Role.PRIVACY_OFFICER}, now), key=lambda one: (one.from_on, one.user_id))
    there = {(one.user_id, one.agency_id) for one in officers}
    told = {
        match for row, match in _known(session, secret) if row.handled_at or (row.recipient_id, row.agency_id) in there
    }
    told |= {
        Match(user, person, party)
        for user, person in session.execute(select(Wall.user_id, Wall.person_id).where(Wall.ended_at.is_(None)))
        for party in PARTIES
    }
    fresh = sorted(_matches(session, parties) - told, key=lambda match: (match.user, match.person, match.party))
    for match in fresh:
        for recipient, agency in _designated(session, match, officers):
            _tell(session, match, recipient, agency, secret, now)
    return len(fresh)


def alerts_of(session: ScopedSession, user_id: int, secret: str) -> list[AlertLine]:
    """Alerts that this designated person has still to look into; none about themselves."""
    mine = select(ConflictAlert).where(ConflictAlert.recipient_id == user_id, ConflictAlert.handled_at.is_(None))
    opened = [(row, _opened(row, secret)) for row in session.scalars(mine.order_by(ConflictAlert.raised_at))]
    with looking_wide(session, "an alert's account and case"):
        lines = [_line(session, row, match) for row, match in opened if match.user != user_id]
    return [line for line in lines if line is not None]


def handle(
    session: ScopedSession, who: Identity, alert_id: int, wall: bool, secret: str, now: datetime
) -> bool:  # fmt: skip
    """Put up a wall, or keep that it is somebody else. The other designated person looks for themself.

    Whoever was walled off from that person since has no such alert any more.
    """
    row = session.get(ConflictAlert, alert_id)
    if row is None or row.recipient_id != who.user_id or row.handled_at is not None:
        return False
    match = _opened(row, secret)
    with looking_wide(session, "whether this wall stands already"):
        if match.user == who.user_id or _line(session, row, match) is None:
            return False
        one_at_a_time(session, match.person)
        stands = session.scalar(
            select(Wall.id).where(
                Wall.user_id == match.user, Wall.person_id == match.person, Wall.ended_at.is_(None)
            )
        )  # fmt: skip
    row.handled_at = now
    if wall and stands is None:
        walls.put_up(session, who, match.user, match.person, "Bears the name of a party.", secret, now)
    return True


def forget(session: Session, person: int, secret: str) -> int:
    """Remove every alert about a person who leaves the record; how many."""
    rows = [row for row, match in _known(session, secret) if match.person == person]
    for row in rows:
        session.delete(row)
        session.execute(delete(Outbox).where(Outbox.key == f"conflict:{row.id}"))
    session.flush()
    return len(rows)


def people_of_alerts(session: Session, secret: str) -> dict[int, int]:
    """Whom each alert is about, by its id; for copies, which seal it with that person's cases."""
    return {row.id: match.person for row, match in _known(session, secret)}


def _matches(session: Session, parties: Iterable[Parties]) -> set[Match]:
    """By every key of both: an alert costs a look, a miss costs a wall."""
    staff: dict[Key, list[int]] = {}
    for row in session.execute(select(User.id, User.name).where(User.disabled_at.is_(None))):
        for key in keys_among(row.name):
            staff.setdefault(key, []).append(row.id)
    return {
        Match(user, one.person_id, party) for one in parties
        for party, keys in (("RESPONDENT", one.respondent), ("PROTECTED", one.protected))
        for key in keys for user in staff.get(key, ())
    }  # fmt: skip


def _designated(session: Session, match: Match, officers: list[Any]) -> list[tuple[int, int]]:
    """Two privacy officers of agencies that the user does not belong to, the longest in office first.

    Nobody who is walled from the person: there is nothing that they could look at.
    """
    own = set(session.scalars(select(Membership.agency_id).where(Membership.user_id == match.user)))
    walled = set(session.scalars(select(Wall.user_id).where(Wall.person_id == match.person, Wall.ended_at.is_(None))))
    able = {
        one.user_id: one.agency_id for one in reversed(officers)
        if one.agency_id not in own and one.user_id != match.user and one.user_id not in walled
    }  # fmt: skip
    return list(reversed(able.items()))[:DESIGNATED]


def _tell(session: Session, match: Match, recipient: int, agency: int, secret: str, now: datetime) -> None:
    alert = ConflictAlert(id=random_id(), agency_id=agency, recipient_id=recipient, raised_at=now, sealed=b"")
    alert.sealed = seal(_key(secret), msgspec.json.encode(match).decode(), _place(alert.id))
    session.add_all([alert, notice(f"conflict:{alert.id}", recipient, now)])


def _known(session: Session, secret: str) -> list[tuple[ConflictAlert, Match]]:
    return [(row, _opened(row, secret)) for row in session.scalars(select(ConflictAlert))]


def _line(session: ScopedSession, row: ConflictAlert, match: Match) -> AlertLine | None:
    there = Case.person_id == match.person, Case.id.not_in(walled_cases(session.scope.user_id))
    number = session.scalar(select(Case.number).where(*there).order_by(Case.opened_on.desc()))
    user = session.execute(
        select(User.name, Agency.name.label("agency")).join(Membership, Membership.user_id == User.id)
        .join(Agency, Agency.id == Membership.agency_id).where(User.id == match.user)
    ).first()  # fmt: skip
    if number is None or user is None:
        return None
    return AlertLine(row.id, user.name, user.agency, PARTIES[match.party], number)


def _opened(row: ConflictAlert, secret: str) -> Match:
    return msgspec.json.decode(unseal(_key(secret), row.sealed, _place(row.id)), type=Match)


def _key(secret: str) -> SealingKeys:
    return sealing_keys(secret, "conflict")


def _place(alert_id: int) -> str:
    return f"conflict_alert.sealed.{alert_id}"
