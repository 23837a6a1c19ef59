"""One's own account: password, authenticator app, recovery codes, sessions, the role one works in."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access import lockout, totp
from monitor.access.auth_sessions import (
    live_sessions,
    memberships_of,
    renew,
    revoke,
    revoke_others,
)
from monitor.access.common_passwords import VERSION as LIST_VERSION
from monitor.access.door import Door, record
from monitor.access.identity import Identity
from monitor.access.passkeys import PasskeyLine, passkeys_of
from monitor.access.passwords import hash_password, problems_with
from monitor.access.recovery_codes import codes_left, new_recovery_codes
from monitor.access.roles import TITLES, Role
from monitor.access.sign_in import shown_secret
from monitor.access.sign_on import providers
from monitor.models.agency import Agency
from monitor.models.authenticator import SignOnIdentity
from monitor.models.user import User
from monitor.users import lock_subjects


class SessionLine(msgspec.Struct, frozen=True):
    """One browser that is signed in."""

    id: int
    browser: str
    asked_from: str | None
    since_at: datetime
    seen_at: datetime
    here: bool


class RoleLine(msgspec.Struct, frozen=True):
    """One role that the person may work in."""

    membership_id: int
    title: str
    agency: str
    now: bool


class Account(msgspec.Struct, frozen=True):
    """The account page."""

    has_totp: bool
    passkeys: list[PasskeyLine]
    codes_left: int
    sign_ons: list[str]
    agencies: list[tuple[str, str]]
    sessions: list[SessionLine]
    roles: list[RoleLine]
    digest: bool


def account_of(door: Door, who: Identity, now: datetime) -> Account:
    """Everything on the page. Only ever one's own."""
    with door.database.system("one's own account", writes=False) as session:
        sign_ons = select(SignOnIdentity.issuer).where(SignOnIdentity.user_id == who.user_id)
        return Account(
            who.has_totp, passkeys_of(session, who.user_id), codes_left(session, who.user_id),
            list(session.scalars(sign_ons)), [(code, one.name) for code, one in providers(door).items()],
            _sessions(session, who, now), _roles(session, who, now), session.get_one(User, who.user_id).digest,
        )  # fmt: skip


def want_digest(door: Door, who: Identity, wanted: bool, now: datetime) -> None:
    """Turn the morning's letter on or off."""
    with door.database.system("one's own morning letter") as session, session.begin():
        session.get_one(User, who.user_id).digest = wanted
        record(session, door, "account.digest", who.user_id, now, who=who)


def change_password(door: Door, who: Identity, password: str, again: str, now: datetime) -> str | dict[str, str]:
    """A new token, or what is wrong with the form by field. Every other session ends; a lock is released."""
    problems = {}
    if found := problems_with(password, (who.name, who.email, who.agency_name)):
        problems["password"] = " ".join(found)
    if password != again:
        problems["again"] = "The two passwords differ. Type the same one twice."
    if problems:
        with door.database.system("a password that will not do") as session, session.begin():
            record(session, door, "password.changed", who.user_id, now, refused=True, who=who)
        return problems
    password_hash = hash_password(password, door.settings.password_profile)
    with door.database.system("a new password") as session, session.begin():
        user = session.get_one(User, who.user_id)
        user.password_hash, user.password_until, user.password_list = password_hash, None, LIST_VERSION
        lockout.release(session, lock_subjects(door.secret, who.email, who.user_id)[0])
        return _renewed(session, door, who, "password.changed", now)


def change_app(door: Door, who: Identity, sealed_secret: str, code: str, now: datetime) -> str | None:
    """A new token once another authenticator app answers; None if its code does not match."""
    secret = shown_secret(door, who, sealed_secret)
    step = totp.step_of(secret, code, now) if secret else None
    with door.database.system("another authenticator app") as session, session.begin():
        if secret is None or step is None:
            record(session, door, "authenticator.changed", who.user_id, now, refused=True, who=who)
            return None
        user = session.get_one(User, who.user_id)
        user.totp_secret, user.last_totp_step = totp.seal_secret(door.secret, user.id, secret), step
        return _renewed(session, door, who, "authenticator.changed", now)


def make_recovery_codes(door: Door, who: Identity, now: datetime) -> tuple[str, list[str]]:
    """A new token, and ten codes to show once."""
    with door.database.system("new recovery codes") as session, session.begin():
        codes = new_recovery_codes(session, door.secret, who.user_id, now)
        return _renewed(session, door, who, "recovery_codes.made", now), codes


def end_session(door: Door, who: Identity, session_id: int, now: datetime) -> bool:
    """End one of one's own sessions; False if there is none of that number."""
    with door.database.system("end a session of one's own") as session, session.begin():
        row = next((one for one in live_sessions(session, who.user_id, now) if one.id == session_id), None)
        if row is None:
            return False
        revoke(session, row.token_hash, now)
        record(session, door, "session.ended", who.user_id, now, who=who, subjects=(session_id,))
        return True


def end_others(door: Door, who: Identity, now: datetime) -> None:
    """End every session of one's own but this one."""
    with door.database.system("end one's other sessions") as session, session.begin():
        revoke_others(session, who, now)
        record(session, door, "session.others_ended", who.user_id, now, who=who)


def switch_role(door: Door, who: Identity, membership_id: int, now: datetime) -> str | None:
    """A new token in another role of one's own; None if one does not hold it now."""
    with door.database.system("work in another role") as session, session.begin():
        held = {one.id for one in memberships_of(session, who.user_id, now)}
        if membership_id not in held:
            record(session, door, "session.role_switched", who.user_id, now, refused=True, who=who)
            return None
        token = renew(session, who, now, membership_id=membership_id)
        record(session, door, "session.role_switched", who.user_id, now, who=who, subjects=(membership_id,))
        return token


def _renewed(session: Session, door: Door, who: Identity, event: str, now: datetime) -> str:
    revoke_others(session, who, now)
    token = renew(session, who, now)
    record(session, door, event, who.user_id, now, who=who)
    return token


def _sessions(session: Session, who: Identity, now: datetime) -> list[SessionLine]:
    return [
        SessionLine(
            row.id, row.browser or "A browser", row.asked_from, row.created_at, row.seen_at,
            row.token_hash == who.session,
        )
        for row in live_sessions(session, who.user_id, now)
    ]  # fmt: skip


def _roles(session: Session, who: Identity, now: datetime) -> list[RoleLine]:
    agencies = {row.id: row.name for row in session.execute(select(Agency.id, Agency.name))}
    return [
        RoleLine(one.id, TITLES[Role(one.role)], agencies[one.agency_id], one.id == who.membership_id)
        for one in memberships_of(session, who.user_id, now)
    ]
