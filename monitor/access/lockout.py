"""Five tries in fifteen minutes, counted before the password is looked at (CJIS AC-7).

One statement reserves a try, so the count holds across threads and processes on both databases. The sixth try locks
until an administrator releases the account: no wait, and no right password, opens it.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from monitor.models.auth_session import SignInAttempt

TRIES = 5
WINDOW = timedelta(minutes=15)
LOCKED = TRIES + 1


def subject_of(key: bytes, kind: str, name: str) -> bytes:
    """What attempts are counted under: a keyed hash, since people type passwords where the address belongs."""
    return hmac.digest(key, f"{kind}|{name.strip().casefold()}".encode(), hashlib.sha256)


def reserve_attempt(session: Session, subject: bytes, now: datetime, kind: str = "account") -> bool:
    """Take one try; commit before using it. False: locked, the password must not be looked at."""
    attempts = session.execute(_reserve(session, subject, now, kind)).scalar_one()
    return bool(attempts < LOCKED)


def release(session: Session, subject: bytes) -> None:
    """Start counting anew: after a right password, or by an administrator."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.subject == subject))


def _reserve(session: Session, subject: bytes, now: datetime, kind: str) -> Any:
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    table = SignInAttempt.__table__
    insert = dialect.insert(table).values(subject=subject, window_started_at=now, attempts=1, kind=kind)
    old, over = table.c, table.c.window_started_at <= now - WINDOW
    locked = old.attempts >= LOCKED
    return insert.on_conflict_do_update(
        index_elements=[old.subject],
        set_={
            "attempts": case((locked, LOCKED), (over, 1), else_=old.attempts + 1),
            "window_started_at": case((locked, old.window_started_at), (over, now), else_=old.window_started_at),
        },
    ).returning(old.attempts)
