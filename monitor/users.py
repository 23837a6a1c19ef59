"""Accounts: adding, disabling, resetting. Personal ones only; no default account exists (bars A-01)."""

from __future__ import annotations

import secrets
from datetime import date, datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor import audit
from monitor.access import lockout, totp
from monitor.access.auth_sessions import revoke_all
from monitor.access.passwords import hash_password
from monitor.access.roles import KIND_OF, Role, may_hold
from monitor.models.agency import Agency
from monitor.models.user import Membership, User
from monitor.sealing import derive_key


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


class Account(msgspec.Struct, frozen=True):
    """What is handed over in person, once."""

    user_id: int
    email: str
    password: str


def add_user(session: Session, new: NewAccount, site_secret: str, now: datetime, from_on: date) -> Account:
    """Add a person with one role. Raises `AccountError` for an unknown agency, an unfit role or a known address."""
    email = _address(new.email)
    agency = session.scalar(select(Agency).where(Agency.code == new.agency_code))
    if agency is None:
        raise AccountError(f"There is no agency with the code {new.agency_code}.")
    if not may_hold(new.role, agency.kind):
        wanted = KIND_OF.get(new.role, "any")
        raise AccountError(f"Role {new.role} needs an agency of kind {wanted}; {agency.code} is {agency.kind}.")
    if session.scalar(select(User.id).where(User.email == email)) is not None:
        raise AccountError("An account with this e-mail address exists already.")
    password = new.password or made_up_password()
    user = User(email=email, name=new.name, password_hash=hash_password(password), created_at=now)
    session.add(user)
    session.flush()
    if new.totp_secret:
        user.totp_secret = totp.seal_secret(site_secret, user.id, new.totp_secret)
    session.add(Membership(user_id=user.id, agency_id=agency.id, role=new.role.value, from_on=from_on, until_on=None))
    _note(session, "user.added", user.id, site_secret, now)
    return Account(user.id, email, password)


def disable_user(session: Session, email: str, site_secret: str, now: datetime) -> None:
    """End the account: every session stops at its next request."""
    user = _find(session, email)
    user.disabled_at = now
    revoke_all(session, user.id, now)
    _note(session, "user.disabled", user.id, site_secret, now)


def reset_user(session: Session, email: str, site_secret: str, now: datetime) -> Account:
    """Recovery by an administrator: new password, authenticator forgotten, lock released, sessions ended."""
    user = _find(session, email)
    password = made_up_password()
    user.password_hash, user.totp_secret, user.disabled_at = hash_password(password), None, None
    revoke_all(session, user.id, now)
    for subject in lock_subjects(site_secret, user.email, user.id):
        lockout.release(session, subject)
    _note(session, "user.reset", user.id, site_secret, now)
    return Account(user.id, user.email, password)


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
    name, at, domain = address.partition("@")
    if not (name and at and domain) or any(letter.isspace() for letter in address):
        raise AccountError("An e-mail address looks like name@agency.example.")
    return address


def _find(session: Session, email: str) -> User:
    user = session.scalar(select(User).where(User.email == _address(email)))
    if user is None:
        raise AccountError("There is no account with this e-mail address.")
    return user


def _note(session: Session, event: str, user_id: int, site_secret: str, now: datetime) -> None:
    act = audit.Act(event=event, subjects=(user_id,), component="command")
    audit.append(session, act, audit.audit_key(site_secret), now)
