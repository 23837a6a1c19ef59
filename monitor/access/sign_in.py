"""Signing in: a password, then a code. Everything that fails reads the same from outside (bars A-10, A-12)."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor import audit
from monitor.access import lockout, totp
from monitor.access.auth_sessions import membership_of, open_session, revoke, revoke_all
from monitor.access.identity import Identity
from monitor.access.passwords import check_password, hash_password, problems_with
from monitor.db import Database
from monitor.models.user import User
from monitor.sealing import SealError, derive_key, seal, unseal
from monitor.users import lock_subjects


class Door(msgspec.Struct, frozen=True):
    """What signing in needs of the site: its database, its key, and the request it happens in."""

    database: Database
    secret: str
    request_id: str | None = None
    asked_from: str | None = None


class SetUp(msgspec.Struct, frozen=True):
    """First sign-in, or the first after a reset: a new password and a proof that the app holds the secret."""

    password: str
    again: str
    sealed_secret: str
    code: str


def give_password(door: Door, email: str, password: str, now: datetime) -> str | None:
    """A token of a half-way session, or None: unknown, wrong, locked and disabled are not told apart."""
    subject, _ = lock_subjects(door.secret, email, 0)
    with door.database.system("reserve a try") as session, session.begin():
        allowed = lockout.reserve_attempt(session, subject, now)
    with door.database.system("whose password is this", writes=False) as session:
        known = select(User.id, User.password_hash, User.disabled_at)
        user = session.execute(known.where(User.email == email.strip().casefold())).first()
    usable = user is not None and allowed and user.disabled_at is None
    checked = check_password(password, user.password_hash if user is not None and usable else None)
    with door.database.system("the password's outcome") as session, session.begin():
        if user is None or not checked.right or (role := membership_of(session, user.id, now)) is None:
            _note(session, door, "session.refused" if allowed else "session.locked", user.id if user else None, now)
            return None
        lockout.release(session, subject)
        if checked.better_hash:
            session.get_one(User, user.id).password_hash = checked.better_hash
        _note(session, door, "session.password_given", user.id, now)
        return open_session(session, user.id, role, now, mfa=False)


def give_code(door: Door, who: Identity, code: str, now: datetime) -> str | None:
    """A token of a signed-in session, or None. The half-way session ends; a code works once."""
    _, subject = lock_subjects(door.secret, who.email, who.user_id)
    with door.database.system("reserve a try") as session, session.begin():
        allowed = lockout.reserve_attempt(session, subject, now, kind="code")
    with door.database.system("is this the code") as session, session.begin():
        step = _step(session, door, who, code, now) if allowed else None
        if step is None or not totp.spend_step(session, who.user_id, step):
            _note(session, door, "session.code_refused" if allowed else "session.locked", who.user_id, now)
            return None
        lockout.release(session, subject)
        return _open(session, door, who, "session.opened", now)


def demo_code(door: Door, who: Identity, now: datetime) -> str:
    """The code of an invented person in the demo county. The demo runs on this machine's own address only."""
    with door.database.system("demo: an invented person's code", writes=False) as session:
        user = session.get_one(User, who.user_id)
        if user.totp_secret is None:
            return ""
        return totp.code_after(totp.unseal_secret(door.secret, user.id, user.totp_secret), user.last_totp_step, now)


def new_set_up(door: Door, who: Identity) -> tuple[str, str]:
    """A fresh app secret, in the clear to show and sealed to this session to send back."""
    secret = totp.new_secret()
    return secret, seal(_set_up_key(door), secret, _set_up_place(who)).hex()


def shown_secret(door: Door, who: Identity, sealed: str) -> str | None:
    """The app secret that this session was shown; None if the form was changed."""
    try:
        return unseal(_set_up_key(door), bytes.fromhex(sealed), _set_up_place(who))
    except (SealError, ValueError):
        return None


def set_up_problems(door: Door, who: Identity, given: SetUp, now: datetime) -> dict[str, str]:
    """What is wrong with the form, by field; empty when it may be kept."""
    problems = {}
    if found := problems_with(given.password, (who.name, who.email, who.agency_name)):
        problems["password"] = " ".join(found)
    if given.password != given.again:
        problems["again"] = "The two passwords differ. Type the same one twice."
    secret = shown_secret(door, who, given.sealed_secret)
    if secret is None or totp.step_of(secret, given.code, now) is None:
        problems["code"] = "This code does not match. Type the six digits that your app shows now."
    return problems


def keep_set_up(door: Door, who: Identity, given: SetUp, now: datetime) -> str | None:
    """Keep the new password and secret and sign in; None if the account was set up elsewhere meanwhile."""
    secret = shown_secret(door, who, given.sealed_secret) or ""
    step = totp.step_of(secret, given.code, now) or 0
    password_hash = hash_password(given.password)
    with door.database.system("first sign-in") as session, session.begin():
        user = session.get_one(User, who.user_id, with_for_update=True)
        if user.totp_secret is not None:
            return None
        user.password_hash = password_hash
        user.totp_secret = totp.seal_secret(door.secret, user.id, secret)
        user.last_totp_step = step
        revoke_all(session, who.user_id, now)
        return _open(session, door, who, "session.set_up", now)


def sign_out(door: Door, who: Identity, now: datetime) -> None:
    """End this session, also for requests of it still in flight."""
    with door.database.system("sign out") as session, session.begin():
        revoke(session, who.session, now)
        _note(session, door, "session.closed", who.user_id, now)


def _open(session: Session, door: Door, who: Identity, event: str, now: datetime) -> str | None:
    role = membership_of(session, who.user_id, now)
    revoke(session, who.session, now)
    if role is None:
        return None
    token = open_session(session, who.user_id, role, now, mfa=True)
    session.flush()
    _note(session, door, event, who.user_id, now)
    return token


def _step(session: Session, door: Door, who: Identity, code: str, now: datetime) -> int | None:
    sealed = session.scalar(select(User.totp_secret).where(User.id == who.user_id, User.disabled_at.is_(None)))
    return totp.step_of(totp.unseal_secret(door.secret, who.user_id, sealed), code, now) if sealed else None


def _note(session: Session, door: Door, event: str, user_id: int | None, now: datetime) -> None:
    failed = event.endswith(("refused", "locked"))
    act = audit.Act(
        event=event, user_id=user_id, request_id=door.request_id, asked_from=door.asked_from,
        outcome=audit.Outcome.DENIED if failed else audit.Outcome.DONE,
    )  # fmt: skip
    audit.append(session, act, audit.audit_key(door.secret), now)


def _set_up_key(door: Door) -> bytes:
    return derive_key(door.secret, "set-up")


def _set_up_place(who: Identity) -> str:
    return f"set-up.{who.session.hex()}"
