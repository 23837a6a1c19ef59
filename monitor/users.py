"""Accounts: adding, roles, disabling, releasing, resetting. Personal ones only; no default account (bars A-01).

What is handed over is a password for the first sign-in alone: it works for 24 hours, and that sign-in replaces it.
"""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from monitor import audit
from monitor.access import lockout, totp
from monitor.access.auth_sessions import revoke_all
from monitor.access.passwords import Profile, hash_password
from monitor.access.roles import KIND_OF, NEVER_TOGETHER, TITLES, Role, may_hold
from monitor.models.agency import Agency
from monitor.models.authenticator import Passkey, RecoveryCode, SignOnIdentity
from monitor.models.user import Membership, User
from monitor.sealing import derive_key

FIRST_SIGN_IN = timedelta(hours=24)
NO_PASSWORD = "!"  # what no hash looks like; its time is over from the beginning, so it is never compared

# one address: no list, no display name, nothing that a mail header could read otherwise, and no letter of another
# script that looks like one of ours: two people may not read the same in a list of accounts
ADDRESS = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]+@[a-z0-9-]+(\.[a-z0-9-]+)*")


class AccountError(ValueError):
    """What was asked cannot be done; the text says why, in one sentence."""


class NewAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account to add. Without ``password`` one is made up for a first sign-in, which then asks for a new one and
    an authenticator app. Demo accounts bring both ``password`` and ``totp_secret`` (base 32)."""

    email: str
    name: str
    role: Role
    agency_code: str
    password: str | None = None
    totp_secret: str | None = None
    ends_on: date | None = None


class Account(msgspec.Struct, frozen=True):
    """What is handed over in person, once."""

    user_id: int
    email: str
    password: str


def add_user(
    session: Session, new: NewAccount, site_secret: str, now: datetime, from_on: date, profile: Profile = "argon2id"
) -> Account:
    """Add a person with one role. Raises `AccountError` for an unknown agency, an unfit role or a known address."""
    email, agency = fitting_new(session, new)
    password = new.password or made_up_password()
    user = User(email=email, name=new.name, password_hash=hash_password(password, profile), created_at=now)
    user.password_until = None if new.password else now + FIRST_SIGN_IN
    user.ends_on = new.ends_on
    session.add(user)
    session.flush()
    if new.totp_secret:
        user.totp_secret = totp.seal_secret(site_secret, user.id, new.totp_secret)
    session.add(Membership(user_id=user.id, agency_id=agency.id, role=new.role.value, from_on=from_on, until_on=None))
    _note(session, "user.added", user.id, site_secret, now)
    return Account(user.id, email, password)


def fitting_new(session: Session, new: NewAccount) -> tuple[str, Agency]:
    """The address and the agency of an account that may be added; raises `AccountError` where it may not."""
    email = _address(new.email)
    agency = _agency(session, new.agency_code, new.role)
    if session.scalar(select(User.id).where(User.email == email)) is not None:
        raise AccountError("An account with this e-mail address exists already.")
    _keep_apart(session, email, new.role)
    return email, agency


def add_without_role(session: Session, new: NewAccount, now: datetime) -> User:
    """Somebody who waits for their role, after `fitting_new`: no password opens the account, and without a role nothing
    in it would."""
    user = User(
        email=_address(new.email), name=new.name, password_hash=NO_PASSWORD, password_until=now, created_at=now,
        ends_on=new.ends_on,
    )  # fmt: skip
    session.add(user)
    session.flush()
    return user


def add_first_agency(session: Session, code: str, zone: str) -> None:
    """On an installation without any account: the agency that the first administrator works for."""
    if not session.scalar(select(func.count()).select_from(User)):
        if session.scalar(select(Agency.id).where(Agency.code == code)) is None:
            session.add(Agency(kind="administration", name=code, code=code, zone=zone))
            session.flush()


def grant_role(
    session: Session, email: str, role: Role, agency_code: str, site_secret: str, now: datetime, from_on: date
) -> None:
    """One more role of a person, by the machine itself; people ask for one (`monitor.role_grants`).

    Raises `AccountError` where two roles can never be one person's (safeguard C1).
    """
    user, agency = fitting(session, email, role, agency_code)
    session.add(Membership(user_id=user.id, agency_id=agency.id, role=role.value, from_on=from_on, until_on=None))
    _note(session, "user.role_granted", user.id, site_secret, now)


def fitting(session: Session, email: str, role: Role, agency_code: str) -> tuple[User, Agency]:
    """The account and the agency, where that role fits both; raises `AccountError` where it does not."""
    user, agency = _find(session, email), _agency(session, agency_code, role)
    _keep_apart(session, user.email, role)
    return user, agency


def disable_user(session: Session, email: str, site_secret: str, now: datetime) -> None:
    """End the account: every session stops at its next request. The address is never given to anybody else."""
    user = _find(session, email)
    user.disabled_at, user.disabled_why = now, "administrator"
    revoke_all(session, user.id, now)
    _note(session, "user.disabled", user.id, site_secret, now)


def release_user(session: Session, email: str, site_secret: str, now: datetime) -> None:
    """Open an account that too many wrong tries have locked; password and authenticators stay as they are."""
    user = _find(session, email)
    _release(session, user, site_secret)
    _note(session, "user.released", user.id, site_secret, now)


def reset_user(
    session: Session, email: str, site_secret: str, now: datetime, profile: Profile = "argon2id", *,
    reopen: bool = False,
) -> Account:  # fmt: skip
    """Recovery by an administrator: new password, every authenticator forgotten, lock released, sessions ended.

    A disabled account is opened again only with ``reopen``: raises `AccountError` without it, and the trail tells both.
    """
    user = _find(session, email)
    if (disabled_at := user.disabled_at) and not reopen:
        why = f"disabled on {disabled_at:%Y-%m-%d} ({user.disabled_why})"
        raise AccountError(f"This account was {why}; to open it again, say so with --reopen.")
    password = made_up_password()
    start_anew(session, user, hash_password(password, profile), site_secret, now)
    _note(session, "user.reset", user.id, site_secret, now, {"reopened": True} if disabled_at else None)
    return Account(user.id, user.email, password)


def start_anew(session: Session, user: User, password_hash: str, site_secret: str, now: datetime) -> None:
    """A password for the next sign-in alone; every authenticator is forgotten, every session ends, the lock opens."""
    user.password_hash, user.totp_secret = password_hash, None
    user.password_until, user.disabled_at, user.disabled_why = now + FIRST_SIGN_IN, None, None
    user.signed_in_at = now
    for table in (Passkey, RecoveryCode, SignOnIdentity):
        session.execute(delete(table).where(table.user_id == user.id))
    revoke_all(session, user.id, now)
    _release(session, user, site_secret)


def lock_subjects(site_secret: str, email: str, user_id: int) -> tuple[bytes, bytes]:
    """What tries are counted under: for the password, and for the code."""
    key = derive_key(site_secret, "lockout")
    return lockout.subject_of(key, "password", email), lockout.subject_of(key, "code", str(user_id))


def made_up_password() -> str:
    """About 100 random bits, easy to read aloud."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(4))


def _address(email: str) -> str:
    address = email.strip().casefold()
    if ADDRESS.fullmatch(address) is None:
        raise AccountError("An e-mail address looks like name@agency.example.")
    return address


def _agency(session: Session, code: str, role: Role) -> Agency:
    agency = session.scalar(select(Agency).where(Agency.code == code))
    if agency is None:
        raise AccountError(f"There is no agency with the code {code}.")
    if not may_hold(role, agency.kind):
        wanted = KIND_OF.get(role, "any")
        raise AccountError(f"Role {role} needs an agency of kind {wanted}; {agency.code} is {agency.kind}.")
    return agency


def _keep_apart(session: Session, email: str, role: Role) -> None:
    """Safeguard C1: what an advocate knows and what must be disclosed never sit with one person."""
    others = {other for pair in NEVER_TOGETHER if role in pair for other in pair - {role}}
    if not others:
        return
    held = select(User.email, Membership.role).join(Membership, Membership.user_id == User.id)
    for theirs, other in session.execute(held.where(Membership.role.in_([one.value for one in others]))):
        if _mailbox(theirs) == _mailbox(email):
            raise AccountError(f"One person cannot be {TITLES[role]} and {TITLES[Role(other)]} (safeguard C1).")


def _mailbox(email: str) -> str:
    """Whose mail it is: what stands behind a plus sign before the @ only sorts it."""
    name, _, domain = email.partition("@")
    return f"{name.partition('+')[0].replace('.', '')}@{domain}"


def _release(session: Session, user: User, site_secret: str) -> None:
    for subject in lock_subjects(site_secret, user.email, user.id):
        lockout.release(session, subject)


def _find(session: Session, email: str) -> User:
    user = session.scalar(select(User).where(User.email == _address(email)))
    if user is None:
        raise AccountError("There is no account with this e-mail address.")
    return user


def _note(
    session: Session, event: str, user_id: int, site_secret: str, now: datetime, detail: dict[str, Any] | None = None
) -> None:
    act = audit.Act(event=event, subjects=(user_id,), component="command", detail=detail or {})
    audit.append(session, act, audit.audit_key(site_secret), now)
