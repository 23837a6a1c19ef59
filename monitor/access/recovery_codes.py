"""Ten codes on paper, for the day when every other authenticator is lost: 80 random bits each, each works once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from monitor.models.authenticator import RecoveryCode
from monitor.sealing import derive_key

CODES = 10
# Crockford's 32 letters: none that looks like another, so five bits each
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH, GROUP = 16, 4
_LOOKS_LIKE = str.maketrans("oil", "011")


def new_recovery_codes(session: Session, site_secret: str, user_id: int, now: datetime) -> list[str]:
    """Ten fresh codes to show once; the ones before them are worth nothing from now on."""
    codes = ["".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(CODES)]
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.add_all(
        RecoveryCode(user_id=user_id, code_hash=_hash(site_secret, user_id, code), made_at=now, used_at=None)
        for code in codes
    )
    return ["-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP)) for code in codes]


def is_recovery_code(typed: str) -> bool:
    """Whether what was typed has the shape of one, and so is not a code of an app."""
    return len(_bare(typed)) == LENGTH


def spend_recovery_code(session: Session, site_secret: str, user_id: int, typed: str, now: datetime) -> bool:
    """Use a code up. False if it is none of the person's, or was used: two posts, one success."""
    which = (RecoveryCode.user_id == user_id) & (RecoveryCode.code_hash == _hash(site_secret, user_id, _bare(typed)))
    statement = update(RecoveryCode).where(which, RecoveryCode.used_at.is_(None)).values(used_at=now)
    result: Any = session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount == 1)


def codes_left(session: Session, user_id: int) -> int:
    """How many still work."""
    unused = (RecoveryCode.user_id == user_id) & RecoveryCode.used_at.is_(None)
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(unused)) or 0


def _bare(typed: str) -> str:
    return "".join(letter for letter in typed.casefold() if letter.isalnum()).translate(_LOOKS_LIKE)


def _hash(site_secret: str, user_id: int, code: str) -> bytes:
    # keyed, so that a copy of the database alone cannot even be guessed at
    return hmac.digest(derive_key(site_secret, "recovery"), f"{user_id}|{code}".encode(), hashlib.sha256)
