"""Challenges that nobody has to store: 64 bytes that prove by themselves that we made them, for whom and until when.

A stranger who only looks leaves no row (bars B-06). What is stored is that a challenge was answered, so none is
answered twice; the database's primary key decides that, whatever process asks.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from monitor.models.authenticator import SpentChallenge
from monitor.sealing import derive_key

LIVES = timedelta(minutes=5)
RANDOM, UNTIL, PROOF = 24, 8, 32


def new_challenge(site_secret: str, purpose: str, now: datetime, bound_to: bytes = b"") -> bytes:
    """For one purpose (``sign-in``, ``enrol``, ``confirm``), and for one session if its hash is given."""
    body = secrets.token_bytes(RANDOM) + struct.pack(">Q", int((now + LIVES).timestamp()))
    return body + _proof(site_secret, purpose, bound_to, body)


def holds(site_secret: str, challenge: bytes, purpose: str, now: datetime, bound_to: bytes = b"") -> bool:
    """Whether we made it for this, and not longer ago than five minutes."""
    if len(challenge) != RANDOM + UNTIL + PROOF:
        return False
    body, proof = challenge[:-PROOF], challenge[-PROOF:]
    (until,) = struct.unpack(">Q", body[RANDOM:])
    return hmac.compare_digest(proof, _proof(site_secret, purpose, bound_to, body)) and now.timestamp() < until


def spend(session: Session, challenge: bytes, now: datetime) -> bool:
    """Remember that it was answered. False if it was before."""
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    row = dialect.insert(SpentChallenge.__table__).values(digest=hashlib.sha256(challenge).digest(), spent_at=now)
    # the row itself is the answer: a count of inserted rows is gone (-1) with psycopg's closed cursor
    kept = row.on_conflict_do_nothing().returning(SpentChallenge.__table__.c.digest)
    return session.scalar(kept) is not None


def _proof(site_secret: str, purpose: str, bound_to: bytes, body: bytes) -> bytes:
    return hmac.digest(derive_key(site_secret, "challenge"), f"{purpose}|".encode() + bound_to + body, hashlib.sha256)
