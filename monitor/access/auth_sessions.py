"""Signed-in sessions: ours, in a table, with only the hash of the token kept (security/design 2).

A token is always new: at the password and again at the code. A revoked row is never written back to life. Idle 30
minutes, 12 hours at most; a session that has only the password lives 10 minutes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from monitor.access import lockout
from monitor.access.identity import Identity
from monitor.access.roles import Role
from monitor.clock import local_day
from monitor.db import Database
from monitor.models.agency import Agency
from monitor.models.auth_session import AuthSession, SignInAttempt
from monitor.models.user import Membership, User

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
HALF_WAY = timedelta(minutes=10)
SLIDE_EVERY = timedelta(minutes=1)


def hash_of(token: str) -> bytes:
    """What is stored for a token. The token has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def form_token(key: bytes, session_hash: bytes) -> str:
    """The token a form of this session carries; another session's is worth nothing."""
    return hmac.digest(key, b"form|" + session_hash, hashlib.sha256).hex()


def open_session(session: Session, user_id: int, membership_id: int, now: datetime, *, mfa: bool) -> str:
    """Open a signed-in session and return its token, which exists nowhere else."""
    token = secrets.token_urlsafe(32)
    row = AuthSession(token_hash=hash_of(token), user_id=user_id, membership_id=membership_id, created_at=now)
    row.seen_at, row.mfa_at, row.revoked_at = now, (now if mfa else None), None
    session.add(row)
    return token


def revoke(session: Session, session_hash: bytes, now: datetime) -> None:
    """End one session, whatever else of it is in flight."""
    _revoke(session, AuthSession.token_hash == session_hash, now)


def revoke_all(session: Session, user_id: int, now: datetime) -> None:
    """End every session of a person: disabled, reset, new password."""
    _revoke(session, AuthSession.user_id == user_id, now)


def identify(database: Database, token: str, now: datetime, *, slide: bool = True) -> Identity | None:
    """Whose live session the token is, if any; moves its idle clock at most once a minute."""
    session_hash = hash_of(token)
    with database.system("whose session is this", writes=False) as session:
        row = session.execute(_live(session_hash, now)).first()
    if row is None or not _holds(row, now):
        return None
    if slide and row.seen_at <= now - SLIDE_EVERY and not _slide(database, session_hash, now):
        return None
    return Identity(
        row.user_id, row.name, row.email, Role(row.role), row.agency_id, row.agency_name, row.zone, session_hash,
        row.mfa_at, row.totp_secret is not None,
    )  # fmt: skip


def membership_of(session: Session, user_id: int, now: datetime) -> int | None:
    """The id of the role that a person signs in with: the one held longest."""
    found = session.execute(
        select(Membership.id, Membership.from_on, Membership.until_on, Agency.zone)
        .join(Agency, Agency.id == Membership.agency_id)
        .where(Membership.user_id == user_id)
        .order_by(Membership.from_on, Membership.id)
    )
    return next((row.id for row in found if _holds(row, now)), None)


def forget_ended(session: Session, now: datetime) -> int:
    """Delete sessions that cannot come back, and counts of tries that no longer matter; how many rows went.

    The audit trail keeps that they existed. A locked account stays locked: only an administrator releases it.
    """
    ended = delete(AuthSession).where(or_(AuthSession.created_at <= now - ABSOLUTE, AuthSession.revoked_at <= now))
    stale = SignInAttempt.window_started_at <= now - lockout.WINDOW
    counts = delete(SignInAttempt).where(stale, SignInAttempt.attempts < lockout.LOCKED)
    results: list[Any] = [session.execute(statement) for statement in (ended, counts)]
    return sum(result.rowcount for result in results)


def _live(session_hash: bytes, now: datetime) -> Any:
    half_way = AuthSession.created_at > now - HALF_WAY
    return (
        select(
            User.id.label("user_id"), User.name, User.email, User.totp_secret, Membership.role, Membership.agency_id,
            Membership.from_on, Membership.until_on, Agency.name.label("agency_name"), Agency.zone,
            AuthSession.seen_at, AuthSession.mfa_at,
        )
        .select_from(AuthSession)
        .join(User, User.id == AuthSession.user_id)
        .join(Membership, Membership.id == AuthSession.membership_id)
        .join(Agency, Agency.id == Membership.agency_id)
        .where(*_unspent(session_hash, now), User.disabled_at.is_(None))
        .where(or_(AuthSession.mfa_at.is_not(None), half_way))
    )  # fmt: skip


def _unspent(session_hash: bytes, now: datetime) -> tuple[Any, ...]:
    return (
        AuthSession.token_hash == session_hash,
        AuthSession.revoked_at.is_(None),
        AuthSession.seen_at > now - IDLE,
        AuthSession.created_at > now - ABSOLUTE,
    )


def _holds(row: Any, now: datetime) -> bool:
    today = local_day(now, row.zone)
    return bool(row.from_on <= today and (row.until_on is None or today < row.until_on))


def _slide(database: Database, session_hash: bytes, now: datetime) -> bool:
    with database.system("move the idle clock") as session, session.begin():
        result: Any = session.execute(
            update(AuthSession).where(*_unspent(session_hash, now)).values(seen_at=now),
            execution_options={"synchronize_session": False},
        )
    return bool(result.rowcount == 1)


def _revoke(session: Session, which: Any, now: datetime) -> None:
    session.execute(
        update(AuthSession).where(which, AuthSession.revoked_at.is_(None)).values(revoked_at=now),
        execution_options={"synchronize_session": False},
    )
