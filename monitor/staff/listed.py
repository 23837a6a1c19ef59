"""Who has an account here, as an administrator reads it: state, last sign-in, roles. Nothing of any case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.roles import TITLES, Role
from monitor.db import Database
from monitor.models import Agency, ApprovalRequest, Membership, User
from monitor.staff.first_password import ACT as RESET

LONG_UNUSED: Final = timedelta(days=60)  # a month before such an account ends by itself (`monitor.access.inactive`)
# what can be asked for on the list, in the order in which somebody has to do something
STATES: Final = {
    "locked": "Locked by wrong tries", "asked": "Waits for a second person", "no_role": "Has no role",
    "reset": "A new password is agreed to", "anew": "Has not used its new password yet",
    "first": "Waits for its first sign-in", "unused": "Not used for 60 days", "ready": "Ready", "disabled": "Disabled",
}  # fmt: skip


class AccountLine(msgspec.Struct, frozen=True):
    """One person. ``roles``: title and agency of each that holds. ``state``: one of `STATES`. ``ends_on``: first day
    without the account."""

    user_id: int
    name: str
    email: str
    roles: list[tuple[str, str]]
    state: str
    signed_in_at: datetime | None
    ends_on: date | None

    @property
    def told(self) -> str:
        """The state in words."""
        return STATES[self.state]


def accounts_listed(
    session: Session, asked: Mapping[int, set[str]], locked: Iterable[int], now: datetime, *, agency: str = "",
) -> list[AccountLine]:  # fmt: skip
    """Everybody, or who has a role at ``agency`` (its code); by name. ``asked``: what `open_requests` found."""
    roles, shut = _roles(session, now), frozenset(locked)
    lines = []
    for user in session.scalars(select(User).order_by(User.name, User.id)):
        held = roles.get(user.id, [])
        if not agency or agency in {code for _role, _name, code in held}:
            state = _state(user, held, asked.get(user.id, set()), user.id in shut, now)
            lines.append(_line(user, held, state))
    return lines


def open_requests(database: Database, reader: int, now: datetime) -> Mapping[int, set[str]]:
    """Of each account what waits for a second person (its act), and "reset" where the reader may make a password."""
    asked = (
        select(
            ApprovalRequest.beneficiary_id, ApprovalRequest.act, ApprovalRequest.outcome, ApprovalRequest.asked_by_id
        ).where(ApprovalRequest.act.in_(("role.grant", RESET)), ApprovalRequest.until_at > now)
    )  # fmt: skip
    with database.system("what waits for accounts", writes=False) as session:
        found = session.execute(asked).all()
    told: dict[int, set[str]] = {}
    for user_id, act, outcome, asked_by in found:
        if user_id is not None and outcome is None:
            told.setdefault(user_id, set()).add(act)
        elif user_id is not None and (act, outcome, asked_by) == (RESET, "APPROVED", reader):
            told.setdefault(user_id, set()).add("reset")
    return told


def agencies_listed(session: Session) -> list[tuple[str, str]]:
    """Code and name of every agency, by name."""
    return [(code, name) for code, name in session.execute(select(Agency.code, Agency.name).order_by(Agency.name))]


def counted(lines: Iterable[AccountLine]) -> list[tuple[str, str, int]]:
    """How many are in each state: its code, its words, the number; those that there are."""
    held = [line.state for line in lines]
    return [(code, told, held.count(code)) for code, told in STATES.items() if code in held]


def _roles(session: Session, now: datetime) -> Mapping[int, list[tuple[str, str, str]]]:
    today = now.date()
    found = session.execute(
        select(Membership.user_id, Membership.role, Agency.name, Agency.code)
        .join(Agency, Agency.id == Membership.agency_id)
        .where(Membership.until_on.is_(None) | (Membership.until_on > today))
        .order_by(Membership.from_on, Membership.id)
    )
    roles: dict[int, list[tuple[str, str, str]]] = {}
    for user_id, role, name, code in found:
        roles.setdefault(user_id, []).append((role, name, code))
    return roles


def _line(user: User, held: list[tuple[str, str, str]], state: str) -> AccountLine:
    named = [(TITLES[Role(role)], name) for role, name, _code in held]
    return AccountLine(user.id, user.name, user.email, named, state, user.signed_in_at, user.ends_on)


def _state(user: User, held: list[tuple[str, str, str]], asked: set[str], locked: bool, now: datetime) -> str:
    last = user.signed_in_at or user.created_at
    states = {
        "disabled": user.disabled_at is not None, "reset": "reset" in asked, "locked": locked,
        "asked": RESET in asked or ("role.grant" in asked and not held), "no_role": not held,
        "anew": user.password_until is not None and user.signed_in_at is not None,
        "first": user.password_until is not None, "unused": last <= now - LONG_UNUSED,
    }  # fmt: skip
    return next((state for state, so in states.items() if so), "ready")
