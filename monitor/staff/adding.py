"""Accounts for people who have none: an administrator asks, somebody else agrees to each role (safeguard D7).

Whoever is asked for stands on record at once, without a role and without a password, so that nobody is asked for twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from monitor.access import second_person
from monitor.access.door import Door, record
from monitor.access.identity import Identity
from monitor.role_grants import ACT, NOBODY, Wanted, ask_grant
from monitor.staff.wanted import Line
from monitor.users import AccountError, NewAccount, add_without_role, fitting_new

AT_ONCE = "Somebody else added one of these people in the same moment. Check the list once more."


class Outcome(msgspec.Struct, frozen=True):
    """What becomes, or became, of one line. ``fault`` "": it is asked for."""

    line: Line
    fault: str


def check(door: Door, who: Identity, lines: Sequence[Line], why: str, now: datetime) -> list[Outcome]:
    """What asking would do with each line; nothing is kept."""
    with door.database.system("would these accounts be asked for?") as session:
        outcomes = _all(session, door, who, lines, why, now)
        session.rollback()
    return outcomes


def ask_for(door: Door, who: Identity, lines: Sequence[Line], why: str, now: datetime) -> list[Outcome]:
    """Ask for every line that has no fault; those that have one are left, and said."""
    try:
        with door.database.system("asking for accounts") as session, session.begin():
            return _all(session, door, who, lines, why, now)
    except IntegrityError:
        raise AccountError(AT_ONCE) from None


def _all(
    session: Session, door: Door, who: Identity, lines: Sequence[Line], why: str, now: datetime
) -> list[Outcome]:
    if not why.strip():
        raise AccountError("Say in a few words why.")
    return [Outcome(line, line.fault or _one(session, door, who, line.person, why, now)) for line in lines]


def _one(session: Session, door: Door, who: Identity, new: NewAccount | None, why: str, now: datetime) -> str:
    assert new is not None, "a line without a fault names a person"
    try:
        _email, agency = fitting_new(session, new)
    except AccountError as fault:
        return str(fault)
    if not second_person.able(session, ACT, who.user_id, now, {who.agency_id, agency.id}):
        return NOBODY
    user = add_without_role(session, new, now)
    wanted = Wanted(email=new.email, role=new.role, agency_code=new.agency_code, why=f"New account. {why.strip()}")
    asked = ask_grant(session, who, wanted, door.secret, now)
    record(session, door, "user.asked", who.user_id, now, who=who, subjects=(user.id, asked), role=new.role.value)
    return ""
