"""Signing in: a password, then a code. Everything that fails reads the same from outside (bars A-10, A-12)."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access import lockout, totp
from monitor.access.auth_sessions import membership_of, open_session, revoke, revoke_others, spend
from monitor.access.common_passwords import ON_THE_LIST, is_common
from monitor.access.common_passwords import VERSION as LIST_VERSION
from monitor.access.door import Door, record
from monitor.access.identity import Identity
from monitor.access.passwords import compare, hash_password, one_at_work, problems_with
from monitor.access.recovery_codes import is_recovery_code, spend_recovery_code
from monitor.models.user import User
from monitor.sealing import SealError, SealingKeys, seal, sealing_keys, unseal
from monitor.users import lock_subjects


class SetUp(msgspec.Struct, frozen=True):
    """First sign-in, or the first after a reset: a new password and a proof that the app holds the secret."""

    password: str
    again: str
    sealed_secret: str
    code: str


def give_password(door: Door, email: str, password: str, now: datetime) -> str | None:
    """A token of a half-way session, or None: unknown, wrong, locked and disabled are not told apart.

    The turn at hashing comes first and the try is taken inside it: who is sent away as busy has used none.
    """
    subject, _ = lock_subjects(door.secret, email, 0)
    with one_at_work():
        number = take_try(door, subject, "account", now)
        with door.database.system("whose password is this", writes=False) as session:
            known = select(User.id, User.password_hash, User.disabled_at, User.password_until)
            user = session.execute(known.where(User.email == email.strip().casefold())).first()
        usable = user is not None and number and user.disabled_at is None and _still(user.password_until, now)
        stored = user.password_hash if user is not None and usable else None
        checked = compare(password, stored, door.settings.password_profile)
    with door.database.system("the password's outcome") as session, session.begin():
        if user is None or not checked.right or (role := membership_of(session, user.id, now)) is None:
            note_refusal(session, door, "session.refused", user.id if user else None, number, now)
            return None
        lockout.release(session, subject)
        held = session.get_one(User, user.id)
        if checked.better_hash:
            held.password_hash = checked.better_hash
        look_up_again(session, door, held, password, now)
        token = open_session(session, user.id, role, now, door=door)
        record(session, door, "session.password_given", user.id, now)
        return token


def look_up_again(session: Session, door: Door, user: User, password: str, now: datetime) -> None:
    """Hold a password that was kept under an older list against today's; one that is on it has to be changed (A-08)."""
    if user.password_list in (LIST_VERSION, ON_THE_LIST):
        return
    user.password_list = ON_THE_LIST if is_common(password) else LIST_VERSION
    if user.password_list == ON_THE_LIST:
        record(session, door, "password.on_list", user.id, now)


def take_try(door: Door, subject: bytes, kind: str, now: datetime) -> int | None:
    """Take one try and keep that, whatever comes of it: its number, or None if it may not be made."""
    with door.database.system("reserve a try") as session, session.begin():
        return lockout.take_try(session, subject, now, kind, door.settings.lockout_profile)


def note_refusal(
    session: Session, door: Door, event: str, user_id: int | None, number: int | None, now: datetime
) -> None:
    """Record a try that failed; and when it was the last one, that the account is locked now (bars A-11)."""
    record(session, door, event if number else "session.locked", user_id, now, refused=True)
    if number == lockout.TRIES:
        record(session, door, "account.locked", user_id, now, refused=True, profile=door.settings.lockout_profile)
        if lockout.used_up_lately(session, now) > lockout.MASS_LOCKED:
            record(session, door, "account.mass_lock", None, now, refused=True)


def give_code(door: Door, who: Identity, code: str, now: datetime) -> str | None:
    """A token of a signed-in session, or None. The half-way session ends; a code works once."""
    _, subject = lock_subjects(door.secret, who.email, who.user_id)
    number = take_try(door, subject, "code", now)
    with door.database.system("is this the code") as session, session.begin():
        how = spend_code(session, door, who, code, now) if number else None
        if how is None:
            note_refusal(session, door, "session.code_refused", who.user_id, number, now)
            return None
        lockout.release(session, subject)
        return open_signed_in(session, door, who, "session.opened", now, how)


def spend_code(session: Session, door: Door, who: Identity, code: str, now: datetime) -> str | None:
    """Use up a code of the app, or one from the paper; which it was, or None if it is neither."""
    if is_recovery_code(code):
        return "recovery" if spend_recovery_code(session, door.secret, who.user_id, code, now) else None
    step = _step(session, door, who, code, now)
    return "totp" if step is not None and totp.spend_step(session, who.user_id, step) else None


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
    password_hash = hash_password(given.password, door.settings.password_profile)
    with door.database.system("first sign-in") as session, session.begin():
        user = session.get_one(User, who.user_id, with_for_update=True)
        if user.totp_secret is not None:
            return None
        user.password_hash, user.password_until, user.password_list = password_hash, None, LIST_VERSION
        user.totp_secret = totp.seal_secret(door.secret, user.id, secret)
        user.last_totp_step = step
        revoke_others(session, who, now)
        return open_signed_in(session, door, who, "session.set_up", now, "totp")


def sign_out(door: Door, who: Identity, now: datetime) -> None:
    """End this session, also for requests of it still in flight."""
    with door.database.system("sign out") as session, session.begin():
        revoke(session, who.session, now)
        record(session, door, "session.closed", who.user_id, now, who=who)


def open_signed_in(
    session: Session, door: Door, who: Identity, event: str, now: datetime, how: str
) -> str | None:
    """End the session at hand and open a signed-in one; None if the person holds no role now.

    Raises `SessionOver` where the one at hand was ended meanwhile.
    """
    role = membership_of(session, who.user_id, now)
    spend(session, who.session, now)
    if role is None:
        record(session, door, "session.refused", who.user_id, now, refused=True, who=who)
        return None
    token = open_session(session, who.user_id, role, now, how=how, door=door)
    session.get_one(User, who.user_id).signed_in_at = now
    record(session, door, event, who.user_id, now, who=who, how=how)
    return token


def _step(session: Session, door: Door, who: Identity, code: str, now: datetime) -> int | None:
    sealed = session.scalar(select(User.totp_secret).where(User.id == who.user_id, User.disabled_at.is_(None)))
    return totp.step_of(totp.unseal_secret(door.secret, who.user_id, sealed), code, now) if sealed else None


def _still(until: datetime | None, now: datetime) -> bool:
    return until is None or now < until


def _set_up_key(door: Door) -> SealingKeys:
    return sealing_keys(door.secret, "set-up")


def _set_up_place(who: Identity) -> str:
    return f"set-up.{who.session.hex()}"
