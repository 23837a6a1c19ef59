"""A fresh factor for what matters: whoever does it proves to be there now, not half an hour ago (bars A-13)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from monitor.access import lockout, passkeys
from monitor.access.auth_sessions import lock, renew
from monitor.access.door import Door, record
from monitor.access.identity import Identity
from monitor.access.passwords import compare, one_at_work
from monitor.access.sign_in import note_refusal, spend_code, take_try
from monitor.models.user import User
from monitor.sealing import SealError, SealingKeys, seal, sealing_keys, unseal
from monitor.users import lock_subjects


def confirm(door: Door, who: Identity, code: str, credential: str, now: datetime) -> str | None:
    """A new token of this session, fresh from now on; None if neither the code nor the passkey holds."""
    if credential:
        return _by_passkey(door, who, credential, "session.step_up", now)
    _, subject = lock_subjects(door.secret, who.email, who.user_id)
    number = take_try(door, subject, "code", now)
    with door.database.system("a fresh factor") as session, session.begin():
        how = spend_code(session, door, who, code, now) if number else None
        if how is None:
            note_refusal(session, door, "session.step_up_refused", who.user_id, number, now)
            return None
        lockout.release(session, subject)
        token = renew(session, who, now, how=how)
        record(session, door, "session.step_up", who.user_id, now, who=who, how=how)
        return token


def lock_screen(door: Door, who: Identity, now: datetime) -> None:
    """Conceal what is open here until the person is back."""
    with door.database.system("lock the screen") as session, session.begin():
        lock(session, who.session, now)
        record(session, door, "session.screen_locked", who.user_id, now, who=who)


def unlock(door: Door, who: Identity, password: str, credential: str, now: datetime) -> str | None:
    """A new token of a locked session, no fresher than it was; None if neither password nor passkey holds."""
    if credential:
        return _by_passkey(door, who, credential, "session.unlocked", now)
    subject, _ = lock_subjects(door.secret, who.email, who.user_id)
    with one_at_work():
        number = take_try(door, subject, "account", now)
        with door.database.system("whose screen is this", writes=False) as session:
            stored = session.get_one(User, who.user_id).password_hash if number else None
        right = compare(password, stored, door.settings.password_profile).right
    with door.database.system("unlock the screen") as session, session.begin():
        if not right:
            note_refusal(session, door, "session.unlock_refused", who.user_id, number, now)
            return None
        lockout.release(session, subject)
        token = renew(session, who, now)
        record(session, door, "session.unlocked", who.user_id, now, who=who, how="password")
        return token


def carry(door: Door, who: Identity, path: str, fields: Sequence[tuple[str, str]]) -> str:
    """A form on its way through the confirmation, sealed for this session and this path. Never secrets."""
    return seal(_key(door), json.dumps(list(fields)), _place(who, path)).hex()


def carried(door: Door, who: Identity, path: str, sealed: str) -> list[tuple[str, str]] | None:
    """The form again; None if it is not one that this session sent to this path."""
    try:
        found = json.loads(unseal(_key(door), bytes.fromhex(sealed), _place(who, path)))
    except (SealError, ValueError):
        return None
    return [(name, text) for name, text in found]


def _by_passkey(door: Door, who: Identity, credential: str, event: str, now: datetime) -> str | None:
    with door.database.system("a passkey confirms") as session, session.begin():
        if not passkeys.confirm(session, door, who, credential, now):
            return None
        token = renew(session, who, now, how="passkey")
        record(session, door, event, who.user_id, now, who=who, how="passkey")
        return token


def _key(door: Door) -> SealingKeys:
    return sealing_keys(door.secret, "carried")


def _place(who: Identity, path: str) -> str:
    return f"carried.{who.session.hex()}.{path}"
