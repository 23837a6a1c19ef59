"""One more role for somebody: one asks, somebody else says yes, and only then is it given (safeguard D7)."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor import audit
from monitor.access import second_person
from monitor.access.door import Door, record
from monitor.access.identity import Identity
from monitor.access.in_office import roles_held
from monitor.access.roles import TITLES, Role
from monitor.access.second_person import Ask, Asker, NotYours, does
from monitor.clock import local_day
from monitor.models import Agency, ApprovalRequest, Membership, User
from monitor.users import AccountError, fitting

ACT = "role.grant"
MAY_ASK = frozenset({Role.ADMINISTRATOR})
NOBODY = (
    "Nobody is left who could say yes: it takes an administrator, or a privacy officer of that agency, besides you and "
    "the person whom it serves."
)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Who gets which role where, and why."""

    email: str
    role: Role
    agency_code: str
    why: str


def ask_grant(session: Session, who: Asker, wanted: Wanted, secret: str, now: datetime) -> int:
    """Keep the request; its id. Raises `AccountError` where it does not fit, or nobody else could say yes."""
    user, agency = fitting(session, wanted.email, wanted.role, wanted.agency_code)
    if not wanted.why.strip():
        raise AccountError("Say in a few words why.")
    if _holds(session, user.id, wanted.role, agency.id, now):
        raise AccountError("They have that role there already.")
    here = frozenset({who.agency_id, agency.id})
    if not second_person.able(session, ACT, who.user_id, now, here, without=(user.id,)):
        raise AccountError(NOBODY)
    return second_person.ask(
        session, who,
        Ask(
            act=ACT, subject_id=user.id, beneficiary_id=user.id,
            detail={"role": wanted.role.value, "agency": agency.id},
            why=f"{TITLES[wanted.role]}, {agency.name}. {wanted.why.strip()}", agencies=here,
        ),
        secret, now,
    )  # fmt: skip


def ask_as(door: Door, who: Identity, wanted: Wanted, now: datetime) -> None:
    """On the screen. Raises `AccountError` as `ask_grant`."""
    with door.database.system("asking for a role") as session, session.begin():
        asked = ask_grant(session, who, wanted, door.secret, now)
        record(session, door, "user.role_asked", who.user_id, now, who=who, subjects=(asked,), role=wanted.role.value)


def ask_in_words(session: Session, by: str, wanted: Wanted, secret: str, now: datetime) -> None:
    """On the command line, where ``by`` is the address of the administrator who asks; the trail is told, too."""
    who = _asker(session, by, now)
    asked = ask_grant(session, who, wanted, secret, now)
    act = audit.Act(
        event="user.role_asked", user_id=who.user_id, agency_id=who.agency_id, subjects=(asked,), component="command",
        detail={"role": wanted.role.value},
    )  # fmt: skip
    audit.append(session, act, audit.audit_key(secret), now)


@does(ACT)
def give(session: Session, request: ApprovalRequest, now: datetime) -> None:
    """The role is theirs from today, if it still fits: another one may have come in between (safeguard C1)."""
    user = session.get_one(User, request.subject_id)
    if user.disabled_at is not None:
        raise NotYours("That account is disabled. Decline; it can be asked for again once the account is open.")
    agency, role = session.get_one(Agency, request.detail["agency"]), Role(request.detail["role"])
    try:
        fitting(session, user.email, role, agency.code)
    except AccountError as fault:
        raise NotYours(str(fault)) from None
    if not _holds(session, user.id, role, agency.id, now):
        _hold(session, user.id, agency.id, role, local_day(now, agency.zone))


def _hold(session: Session, user: int, agency: int, role: Role, today: date) -> None:
    """From today; one that began and ended today goes on."""
    same = Membership.user_id == user, Membership.agency_id == agency, Membership.role == role.value
    begun = session.scalar(select(Membership).where(*same, Membership.from_on == today))
    if begun is None:
        session.add(Membership(user_id=user, agency_id=agency, role=role.value, from_on=today, until_on=None))
    else:
        begun.until_on = begun.reviewed_at = None


def _holds(session: Session, user: int, role: Role, agency: int, now: datetime) -> bool:
    today = local_day(now, session.get_one(Agency, agency).zone)
    live = Membership.until_on.is_(None) | (Membership.until_on > today)
    held = select(Membership.id).where(
        Membership.user_id == user, Membership.agency_id == agency, Membership.role == role.value, live
    )
    return session.scalar(held.limit(1)) is not None


def _asker(session: Session, email: str, now: datetime) -> Membership:
    held = roles_held(session, email, MAY_ASK, now)
    if not held:
        raise AccountError("Only an administrator with a live account asks for this: --by their address.")
    return held[0]
