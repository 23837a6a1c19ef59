"""What an administrator does with somebody's account, and what the locks and alerts look like. Nothing of any case."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access import lockout
from monitor.access.auth_sessions import revoke_all
from monitor.access.door import Door, record
from monitor.access.identity import Identity
from monitor.models.audit_entry import AuditEntry
from monitor.models.auth_session import SignInAttempt
from monitor.models.user import User
from monitor.trail.wording import event_in_words
from monitor.users import lock_subjects

# what an administrator should hear of without asking (bars)
ALERTS = (
    "account.locked", "account.mass_lock", "passkey.cloned", "user.disabled_inactive", "user.disabled_ended",
)  # fmt: skip
ALERTS_KEPT = timedelta(days=14)
ALERTS_SHOWN = 50


class AlertLine(msgspec.Struct, frozen=True):
    """One thing to look into. ``name``: whose account, where one is known."""

    at: datetime
    told: str
    name: str


class AccountsState(msgspec.Struct, frozen=True):
    """Ids of locked accounts, and alerts of the last two weeks, the newest first."""

    locked: frozenset[int]
    alerts: list[AlertLine]


def state_of(door: Door, now: datetime) -> AccountsState:
    """What is locked now and what happened lately."""
    with door.database.system("locks and alerts of accounts", writes=False) as session:
        return AccountsState(_locked(session, door), _alerts(session, now))


def locked(door: Door) -> frozenset[int]:
    """Ids of the accounts that are locked now, without the alerts."""
    with door.database.system("locks of accounts", writes=False) as session:
        return _locked(session, door)


def release(door: Door, who: Identity, user_id: int, now: datetime) -> bool:
    """Open a locked account; False if there is none of that number."""
    with door.database.system("release an account") as session, session.begin():
        user = session.get(User, user_id)
        if user is None:
            return False
        for subject in lock_subjects(door.secret, user.email, user.id):
            lockout.release(session, subject)
        record(session, door, "user.released", who.user_id, now, who=who, subjects=(user_id,))
        return True


def end_sessions(door: Door, who: Identity, user_id: int, now: datetime) -> bool:
    """Sign a person out everywhere; False if there is none of that number."""
    with door.database.system("end somebody's sessions") as session, session.begin():
        if session.get(User, user_id) is None:
            return False
        revoke_all(session, user_id, now)
        record(session, door, "user.sessions_ended", who.user_id, now, who=who, subjects=(user_id,))
        return True


def disable(door: Door, who: Identity, user_id: int, now: datetime) -> bool:
    """End an account at once, never one's own; False if there is none to end.

    Of two who end each other's in one instant the second no longer may: somebody is left to open the site to people.
    """
    with door.database.system("disable an account") as session, session.begin():
        both = select(User).where(User.id.in_((who.user_id, user_id)), User.disabled_at.is_(None))
        there = {one.id: one for one in session.scalars(both.order_by(User.id).with_for_update())}
        if user_id == who.user_id or there.keys() != {who.user_id, user_id}:
            return False
        user = there[user_id]
        user.disabled_at, user.disabled_why = now, "administrator"
        revoke_all(session, user_id, now)
        record(session, door, "user.disabled", who.user_id, now, who=who, subjects=(user_id,))
        return True


def _locked(session: Session, door: Door) -> frozenset[int]:
    # subjects are keyed hashes, so it is asked the other way round: which accounts have a locked one?
    full = set(session.scalars(select(SignInAttempt.subject).where(SignInAttempt.attempts >= lockout.TRIES)))
    if not full:
        return frozenset()
    people = session.execute(select(User.id, User.email))
    return frozenset(user_id for user_id, email in people if full & set(lock_subjects(door.secret, email, user_id)))


def _alerts(session: Session, now: datetime) -> list[AlertLine]:
    found = session.execute(
        select(AuditEntry.at, AuditEntry.event, User.name)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(AuditEntry.event.in_(ALERTS), AuditEntry.at > now - ALERTS_KEPT)
        .order_by(AuditEntry.number.desc())
        .limit(ALERTS_SHOWN)
    )
    return [AlertLine(at, event_in_words(event), name or "") for at, event, name in found]
