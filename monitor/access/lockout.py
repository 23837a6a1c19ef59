"""Tries are counted before the password is looked at, in one statement, so the count holds across processes.

Profile ``cjis`` (CJIS AC-7): five in fifteen minutes; the sixth locks until an administrator releases the account.
Profile ``nist`` (SP 800-63B): after five, each try has to wait, longer and longer; a hundred in a row lock.
No right password opens a lock. A passkey or the agency's sign-on is not counted here and still works.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from monitor.models.auth_session import SignInAttempt

Profile = Literal["cjis", "nist"]

TRIES = 5
WINDOW = timedelta(minutes=15)
LOCKED = TRIES + 1
# profile nist: from so many tries in a row on, a wait of so long before the next
WAITS = ((50, timedelta(minutes=15)), (20, timedelta(minutes=5)), (10, timedelta(minutes=1)),
         (TRIES, timedelta(seconds=15)))  # fmt: skip
MOST_IN_A_ROW = 100
# more accounts locked at once than typing errors explain
MASS_LOCKED, MASS_WINDOW = 20, timedelta(minutes=10)


def subject_of(key: bytes, kind: str, name: str) -> bytes:
    """What attempts are counted under: a keyed hash, since people type passwords where the address belongs."""
    return hmac.digest(key, f"{kind}|{name.strip().casefold()}".encode(errors="replace"), hashlib.sha256)


def take_try(session: Session, subject: bytes, now: datetime, kind: str, profile: Profile) -> int | None:
    """Take one try; commit before using it. Its number in its window (profile ``nist``: in a row).

    None: locked, or too early; the password must not be looked at.
    """
    if profile == "nist":
        return session.execute(_reserve_after_a_wait(session, subject, now, kind)).scalar_one_or_none()
    attempts: int = session.execute(_reserve(session, subject, now, kind)).scalar_one()
    return attempts if attempts < LOCKED else None


def release(session: Session, subject: bytes) -> None:
    """Start counting anew: after a right password, or by an administrator."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.subject == subject))


def used_up_lately(session: Session, now: datetime) -> int:
    """How many people's tries were used up in the last minutes: more than `MASS_LOCKED` is an attack."""
    recent = (SignInAttempt.attempts >= TRIES) & (SignInAttempt.window_started_at > now - MASS_WINDOW)
    return session.scalar(select(func.count()).select_from(SignInAttempt).where(recent)) or 0


def _reserve(session: Session, subject: bytes, now: datetime, kind: str) -> Any:
    insert, old = _first_try(session, subject, now, kind)
    over, locked = old.window_started_at <= now - WINDOW, old.attempts >= LOCKED
    return insert.on_conflict_do_update(
        index_elements=[old.subject],
        set_={
            "attempts": case((locked, LOCKED), (over, 1), else_=old.attempts + 1),
            "window_started_at": case((locked, old.window_started_at), (over, now), else_=old.window_started_at),
        },
    ).returning(old.attempts)


def _reserve_after_a_wait(session: Session, subject: bytes, now: datetime, kind: str) -> Any:
    insert, old = _first_try(session, subject, now, kind)
    waited = case(
        *((old.attempts >= tries, old.window_started_at <= now - wait) for tries, wait in WAITS), else_=True
    )
    return insert.on_conflict_do_update(
        index_elements=[old.subject],
        set_={"attempts": old.attempts + 1, "window_started_at": now},
        where=waited & (old.attempts < MOST_IN_A_ROW),
    ).returning(old.attempts)


def _first_try(session: Session, subject: bytes, now: datetime, kind: str) -> tuple[Any, Any]:
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    table = SignInAttempt.__table__
    return dialect.insert(table).values(subject=subject, window_started_at=now, attempts=1, kind=kind), table.c
