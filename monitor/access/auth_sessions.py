"""Signed-in sessions: ours, in a table, with only the hash of the token kept (security/design 2).

A token is always new: at the password, at the code, at a step-up, at a change of role or password. A revoked row is
never written back to life. Idle for 30 minutes it locks, after 12 hours it ends; one that has only the password lives
10 minutes. A person may have `MOST` sessions at once: the next one ends the oldest (bars B-08).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from monitor.access import lockout
from monitor.access.common_passwords import ON_THE_LIST
from monitor.access.door import Door
from monitor.access.identity import Identity
from monitor.access.in_office import holds
from monitor.access.roles import Role
from monitor.case_openings import open_until
from monitor.db import Database
from monitor.models.agency import Agency
from monitor.models.auth_session import AuthSession, SignInAttempt
from monitor.models.authenticator import Passkey, SpentChallenge
from monitor.models.user import Membership, User
from monitor.models.wall import Wall

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
HALF_WAY = timedelta(minutes=10)
SLIDE_EVERY = timedelta(minutes=1)
MOST = 10


UNSYNCED = {"synchronize_session": False}


class SessionOver(PermissionError):
    """The session ended while its request was on the way: what it asked for is not done."""


def hash_of(token: str) -> bytes:
    """What is stored for a token. The token has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


def form_token(key: bytes, session_hash: bytes) -> str:
    """The token a form of this session carries; another session's is worth nothing."""
    return hmac.digest(key, b"form|" + session_hash, hashlib.sha256).hex()


def open_session(
    session: Session, user_id: int, membership_id: int, now: datetime, *, how: str = "", door: Door | None = None
) -> str:
    """Open a session and return its token, which exists nowhere else. Without ``how`` it has the password only."""
    row = AuthSession(user_id=user_id, membership_id=membership_id, created_at=now, seen_at=now, how=how)
    row.mfa_at = now if how else None
    if door is not None:
        row.asked_from, row.browser = door.asked_from, door.browser
    if how:
        _end_beyond(session, user_id, MOST - 1, now)
    return _with_token(session, row)


def renew(
    session: Session, who: Identity, now: datetime, *, how: str = "", membership_id: int | None = None
) -> str:
    """A new token for the session at hand, the old one ended in the same transaction; twelve hours stay twelve.

    ``how``: a factor that was given just now; without it the session is no fresher than it was. Raises `SessionOver`
    where it was ended meanwhile.
    """
    spend(session, who.session, now)
    old = session.get_one(AuthSession, who.session)
    row = AuthSession(
        user_id=who.user_id, membership_id=membership_id or old.membership_id, created_at=old.created_at, seen_at=now,
        mfa_at=now if how else old.mfa_at, how=how or old.how, asked_from=old.asked_from, browser=old.browser,
    )  # fmt: skip
    return _with_token(session, row)


def spend(session: Session, session_hash: bytes, now: datetime) -> None:
    """End the session that another one takes the place of. Raises `SessionOver` where there is nothing to end: whoever
    holds a request back until its session was ended does not get a new one for it (bars B-02)."""
    live = update(AuthSession).where(*_unspent(session_hash, now)).values(revoked_at=now)
    if session.scalar(live.returning(AuthSession.user_id), execution_options=UNSYNCED) is None:
        raise SessionOver


def still_there(database: Database, who: Identity, now: datetime) -> bool:
    """Whether the session of a person is live still, in its role and not locked since, asked again once all of its
    request has come."""
    with database.system("is this session still there", writes=False) as session:
        row = session.execute(_live(who.session, now)).first()
    return row is not None and holds(row, now) and (who.locked or row.locked_at is None)


def lock(session: Session, session_hash: bytes, now: datetime) -> None:
    """Lock the screen of a session: until it is unlocked it reaches nothing else."""
    which = (AuthSession.token_hash == session_hash) & AuthSession.locked_at.is_(None)
    session.execute(update(AuthSession).where(which).values(locked_at=now), execution_options=UNSYNCED)


def revoke_others(session: Session, who: Identity, now: datetime) -> None:
    """End every other session of the person."""
    _revoke(session, (AuthSession.user_id == who.user_id) & (AuthSession.token_hash != who.session), now)


def live_sessions(session: Session, user_id: int, now: datetime) -> list[AuthSession]:
    """The sessions that a person could go on with, the newest first."""
    live = (AuthSession.user_id == user_id, AuthSession.revoked_at.is_(None), AuthSession.mfa_at.is_not(None))
    fresh = AuthSession.created_at > now - ABSOLUTE
    return list(session.scalars(select(AuthSession).where(*live, fresh).order_by(AuthSession.created_at.desc())))


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
    if row is None or not holds(row, now):
        return None
    locked = row.locked_at is not None or row.seen_at <= now - IDLE
    if slide and not locked and row.seen_at <= now - SLIDE_EVERY and not _slide(database, session_hash, now):
        return None
    return Identity(
        row.user_id, row.name, row.email, Role(row.role), row.agency_id, row.agency_name, row.zone, session_hash,
        row.mfa_at, row.totp_secret is not None, has_passkey=row.has_passkey, how=row.how, locked=locked,
        membership_id=row.membership_id, opened_until=row.opened_until,
        must_change_password=row.password_list == ON_THE_LIST, wall=row.wall,
        agency_code=row.agency_code,
    )  # fmt: skip


def memberships_of(session: Session, user_id: int, now: datetime) -> list[Any]:
    """The roles that a person holds now (id, role, agency_id), the one held longest first."""
    found = session.execute(
        select(
            Membership.id, Membership.role, Membership.agency_id, Membership.from_on, Membership.until_on, Agency.zone,
            User.ends_on,
        )
        .join(Agency, Agency.id == Membership.agency_id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.user_id == user_id)
        .order_by(Membership.from_on, Membership.id)
    )  # fmt: skip
    return [row for row in found if holds(row, now)]


def membership_of(session: Session, user_id: int, now: datetime) -> int | None:
    """The id of the role that a person signs in with: the one held longest."""
    return next((row.id for row in memberships_of(session, user_id, now)), None)


def forget_ended(session: Session, now: datetime) -> int:
    """Delete sessions that cannot come back, and counts of tries that no longer matter; how many rows went.

    The audit trail keeps that they existed. A locked account stays locked: only an administrator releases it.
    """
    ended = delete(AuthSession).where(or_(AuthSession.created_at <= now - ABSOLUTE, AuthSession.revoked_at <= now))
    stale = SignInAttempt.window_started_at <= now - lockout.WINDOW
    counts = delete(SignInAttempt).where(stale, SignInAttempt.attempts < lockout.LOCKED)
    spent = delete(SpentChallenge).where(SpentChallenge.spent_at <= now - ABSOLUTE)
    results: list[Any] = [session.execute(statement) for statement in (ended, counts, spent)]
    return sum(result.rowcount for result in results)


def _live(session_hash: bytes, now: datetime) -> Any:
    half_way = (AuthSession.created_at > now - HALF_WAY) & (AuthSession.seen_at > now - IDLE)
    return (
        select(
            User.id.label("user_id"), User.name, User.email, User.totp_secret, Membership.role, Membership.agency_id,
            Membership.from_on, Membership.until_on, Agency.name.label("agency_name"), Agency.zone,
            Agency.code.label("agency_code"),
            AuthSession.seen_at, AuthSession.mfa_at, AuthSession.how, AuthSession.locked_at, AuthSession.membership_id,
            exists().where(Passkey.user_id == User.id).label("has_passkey"), User.ends_on,
            User.password_list, open_until(User.id, now).label("opened_until"),
            exists().where(Wall.user_id == User.id, Wall.ended_at.is_(None)).label("wall"),
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
        AuthSession.created_at > now - ABSOLUTE,
    )


def _slide(database: Database, session_hash: bytes, now: datetime) -> bool:
    with database.system("move the idle clock") as session, session.begin():
        result: Any = session.execute(
            update(AuthSession)
            .where(*_unspent(session_hash, now), AuthSession.seen_at > now - IDLE, AuthSession.locked_at.is_(None))
            .values(seen_at=now),
            execution_options=UNSYNCED,
        )
    return bool(result.rowcount == 1)


def _revoke(session: Session, which: Any, now: datetime) -> None:
    session.execute(
        update(AuthSession).where(which, AuthSession.revoked_at.is_(None)).values(revoked_at=now),
        execution_options=UNSYNCED,
    )


def _with_token(session: Session, row: AuthSession) -> str:
    token = secrets.token_urlsafe(32)
    row.token_hash = hash_of(token)
    session.add(row)
    return token


def _end_beyond(session: Session, user_id: int, kept: int, now: datetime) -> None:
    for row in live_sessions(session, user_id, now)[kept:]:
        revoke(session, row.token_hash, now)
