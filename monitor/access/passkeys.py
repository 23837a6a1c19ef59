"""Passkeys (WebAuthn): enrolling, signing in, confirming. The person is verified by the device, the origin is exact.

A passkey is both factors at once: something held, and a finger or a PIN that the device checks. No lock of the
password stops it (bars A-11), and nobody can be led to give it to another site.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from monitor.access import challenges
from monitor.access.auth_sessions import membership_of, open_session, renew, revoke, revoke_others
from monitor.access.door import Door, record
from monitor.access.identity import Identity
from monitor.models.authenticator import Passkey
from monitor.models.user import User
from monitor.sealing import derive_key

SITE_NAME = "Accountability Monitor"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
MOST = 10
SIGN_IN, ENROL, CONFIRM = "sign-in", "enrol", "confirm"
REQUIRED = UserVerificationRequirement.REQUIRED


class PasskeyError(ValueError):
    """The answer of a device is not worth what it should be; the text is for the audit trail, a code in one word."""


class PasskeyLine(msgspec.Struct, frozen=True):
    """One passkey in a person's list."""

    id: int
    name: str
    added_at: datetime
    used_at: datetime | None


def relying_party(base_url: str) -> tuple[str, str]:
    """Domain and origin that passkeys are bound to. An address in digits has none, so loopback is ``localhost``."""
    base = urlsplit(base_url)
    if base.hostname in LOOPBACK:
        return "localhost", f"{base.scheme}://localhost" + (f":{base.port}" if base.port else "")
    return base.hostname or "", f"{base.scheme}://{base.netloc}"


def enrol_options(door: Door, who: Identity, now: datetime) -> str:
    """What a browser needs to make a passkey for this person, as JSON."""
    with door.database.system("which passkeys are there", writes=False) as session:
        held = session.scalars(select(Passkey.credential_id).where(Passkey.user_id == who.user_id))
        known = [PublicKeyCredentialDescriptor(id=one) for one in held]
    options = generate_registration_options(
        rp_id=relying_party(door.settings.base_url)[0], rp_name=SITE_NAME, user_name=who.email,
        user_display_name=who.name, user_id=_handle(door, who.user_id), exclude_credentials=known,
        challenge=challenges.new_challenge(door.secret, ENROL, now, who.session),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, require_resident_key=True, user_verification=REQUIRED
        ),
    )  # fmt: skip
    return options_to_json(options)


def answer_options(door: Door, who: Identity | None, now: datetime) -> str:
    """What a browser needs to answer with a passkey: to sign in, or, where ``who`` is known, to confirm."""
    purpose, bound, known = (CONFIRM, who.session, _known(door, who)) if who else (SIGN_IN, b"", [])
    options = generate_authentication_options(
        rp_id=relying_party(door.settings.base_url)[0], user_verification=REQUIRED, allow_credentials=known,
        challenge=challenges.new_challenge(door.secret, purpose, now, bound),
    )  # fmt: skip
    return options_to_json(options)


def enrol(door: Door, who: Identity, credential: str, name: str, now: datetime) -> str | None:
    """Keep a new passkey; a token of the session renewed by it, or None if the device's answer does not hold.

    Every other session of the person ends: somebody else may have opened one.
    """
    with door.database.system("a new passkey") as session, session.begin():
        try:
            _spend(session, door, credential, ENROL, who.session, now)
            made = _verified(verify_registration_response, door, credential)
            if session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id)) is not None:
                raise PasskeyError("known")
            if (session.scalar(select(func.count()).where(Passkey.user_id == who.user_id)) or 0) >= MOST:
                raise PasskeyError("too_many")
        except PasskeyError as error:
            record(session, door, "passkey.added", who.user_id, now, refused=True, who=who, why=str(error))
            return None
        row = Passkey(
            user_id=who.user_id, credential_id=made.credential_id, public_key=made.credential_public_key,
            sign_count=made.sign_count, name=name, added_at=now, used_at=None,
        )  # fmt: skip
        session.add(row)
        revoke_others(session, who, now)
        token = renew(session, who, now, how="passkey")
        session.flush()
        record(session, door, "passkey.added", who.user_id, now, who=who, subjects=(row.id,))
        return token


def sign_in(door: Door, credential: str, now: datetime, half_way: Identity | None = None) -> str | None:
    """A token of a signed-in session, or None. No e-mail is typed: the passkey says whose it is."""
    with door.database.system("sign in with a passkey") as session, session.begin():
        try:
            _spend(session, door, credential, SIGN_IN, b"", now)
            row = _answered(session, door, credential, now)
            user = session.get_one(User, row.user_id)
            role = membership_of(session, user.id, now)
            if user.disabled_at is not None or role is None:
                raise PasskeyError("ended")
        except PasskeyError as error:
            _record_refusal(session, door, "session.passkey_refused", None, error, now)
            return None
        if half_way is not None:
            revoke(session, half_way.session, now)
        user.signed_in_at = now
        token = open_session(session, user.id, role, now, how="passkey", door=door)
        record(session, door, "session.opened", user.id, now, subjects=(row.id,), how="passkey")
        return token


def confirm(session: Session, door: Door, who: Identity, credential: str, now: datetime) -> bool:
    """Whether this very person answered just now, in this session; refusals are recorded here."""
    try:
        _spend(session, door, credential, CONFIRM, who.session, now)
        if _answered(session, door, credential, now).user_id != who.user_id:
            raise PasskeyError("another_person")
    except PasskeyError as error:
        _record_refusal(session, door, "session.passkey_refused", who, error, now)
        return False
    return True


def passkeys_of(session: Session, user_id: int) -> list[PasskeyLine]:
    """A person's passkeys, the oldest first."""
    found = session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.added_at, Passkey.id))
    return [PasskeyLine(row.id, row.name, row.added_at, row.used_at) for row in found]


def rename(door: Door, who: Identity, passkey_id: int, name: str, now: datetime) -> bool:
    """Another name for one's own passkey; False if there is none."""
    with door.database.system("rename a passkey") as session, session.begin():
        row = _own(session, who, passkey_id)
        if row is None:
            return False
        row.name = name
        record(session, door, "passkey.renamed", who.user_id, now, who=who, subjects=(passkey_id,))
        return True


def remove(door: Door, who: Identity, passkey_id: int, now: datetime) -> str | None:
    """Forget one's own passkey and end every other session; a new token, or None if there is none to forget."""
    with door.database.system("remove a passkey") as session, session.begin():
        row = _own(session, who, passkey_id)
        if row is None:
            return None
        session.execute(delete(Passkey).where(Passkey.id == passkey_id))
        revoke_others(session, who, now)
        token = renew(session, who, now)
        record(session, door, "passkey.removed", who.user_id, now, who=who, subjects=(passkey_id,))
        return token


def _own(session: Session, who: Identity, passkey_id: int) -> Passkey | None:
    return session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == who.user_id))


def _known(door: Door, who: Identity) -> list[PublicKeyCredentialDescriptor]:
    with door.database.system("which passkeys may answer", writes=False) as session:
        held = session.scalars(select(Passkey.credential_id).where(Passkey.user_id == who.user_id))
        return [PublicKeyCredentialDescriptor(id=one) for one in held]


def _spend(session: Session, door: Door, credential: str, purpose: str, bound: bytes, now: datetime) -> None:
    """The challenge that the device answered: ours, for this, in time, and for the first time."""
    challenge = _challenge_in(credential)
    if not challenges.holds(door.secret, challenge, purpose, now, bound):
        raise PasskeyError("challenge")
    if not challenges.spend(session, challenge, now):
        raise PasskeyError("replayed")


def _answered(session: Session, door: Door, credential: str, now: datetime) -> Passkey:
    """The passkey that answered, its count moved on. Raises `PasskeyError`."""
    known = Passkey.credential_id == _credential_id(credential)
    row = session.scalar(select(Passkey).where(known).with_for_update())
    if row is None:
        raise PasskeyError("unknown")
    given = _verified(
        verify_authentication_response, door, credential, credential_public_key=row.public_key,
        credential_current_sign_count=0,
    )  # fmt: skip
    if given.new_sign_count <= row.sign_count and (given.new_sign_count or row.sign_count):
        raise PasskeyError("sign_count")  # the key exists twice: told of as an alert
    row.sign_count, row.used_at = given.new_sign_count, now
    return row


def _verified(verify: Callable[..., Any], door: Door, credential: str, **more: Any) -> Any:
    domain, origin = relying_party(door.settings.base_url)
    try:
        return verify(
            credential=credential, expected_challenge=_challenge_in(credential), expected_rp_id=domain,
            expected_origin=origin, require_user_verification=True, **more,
        )  # fmt: skip
    except (WebAuthnException, ValueError, TypeError, KeyError, RecursionError):
        raise PasskeyError("answer") from None


def _challenge_in(credential: str) -> bytes:
    try:
        response = json.loads(credential)["response"]
        told = json.loads(base64url_to_bytes(response["clientDataJSON"]))
        return base64url_to_bytes(told["challenge"])
    except (ValueError, TypeError, KeyError, RecursionError):  # text nested a thousand deep is no answer
        raise PasskeyError("unreadable") from None


def _credential_id(credential: str) -> bytes:
    try:
        return base64url_to_bytes(json.loads(credential)["rawId"])
    except (ValueError, TypeError, KeyError, RecursionError):  # text nested a thousand deep is no answer
        raise PasskeyError("unreadable") from None


def _record_refusal(
    session: Session, door: Door, event: str, who: Identity | None, error: PasskeyError, now: datetime
) -> None:
    user_id = who.user_id if who else None
    record(session, door, event, user_id, now, refused=True, who=who, why=str(error))
    if str(error) == "sign_count":
        record(session, door, "passkey.cloned", user_id, now, refused=True, who=who)


def _handle(door: Door, user_id: int) -> bytes:
    """What a device keeps to tell people apart: it says nothing of the number that we know the person by."""
    return hmac.digest(derive_key(door.secret, "passkeys"), str(user_id).encode(), hashlib.sha256)
