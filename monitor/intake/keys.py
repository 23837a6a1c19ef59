"""Once under a key: a sheet that is sent again is answered as before, and never brought in twice.

The row of the key is taken first in the transaction that brings the sheet in. A second sender of the same key waits
there for the first, and then finds its answer; if the first one dies, so does its row, and the second does the work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from monitor.access.scope import trusted_sql
from monitor.models import KeptAnswer
from monitor.models.base import random_id

KEPT = timedelta(days=7)
_TABLE: Table = KeptAnswer.__table__  # type: ignore[assignment]


class OtherBody(ValueError):
    """The key was used before, for something else."""


class Key(msgspec.Struct, frozen=True):
    """Who sent it under which key (``sender``: "machine 42" or "folder 7"), and all that was sent."""

    agency_id: int
    key_hash: bytes
    body_hash: bytes


def key_of(agency_id: int, sender: str, key: str, body: Iterable[bytes]) -> Key:
    """A key as it is kept; parts of the body are told apart by their lengths."""
    return Key(agency_id, _hash([sender.encode(), key.encode()]), _hash(body))


def take(session: Session, key: Key, now: datetime) -> bytes | None:
    """None: the key is ours, bring the sheet in and `keep` the answer. Else what was answered before.

    Raises `OtherBody`. Call it first in a write transaction; waits for whoever holds the same key.
    """
    values = {
        "id": random_id(), "agency_id": key.agency_id, "key_hash": key.key_hash, "body_hash": key.body_hash,
        "content": b"", "made_at": now,
    }  # fmt: skip
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    with trusted_sql("the key of what a machine sent, of its own agency"):
        added = dialect.insert(_TABLE).values(**values)
        added = added.on_conflict_do_nothing(index_elements=["agency_id", "key_hash"]).returning(_TABLE.c.id)
        if session.execute(added).first() is not None:
            return None
    row = session.execute(select(KeptAnswer.body_hash, KeptAnswer.content).where(*_is(key))).one()
    if row.body_hash != key.body_hash:
        raise OtherBody
    return bytes(row.content)


def keep(session: Session, key: Key, upload_id: int | None, content: bytes) -> None:
    """Keep the answer in the transaction that did the work."""
    session.execute(
        update(KeptAnswer).where(*_is(key)).values(upload_id=upload_id, content=content),
        execution_options={"synchronize_session": False},
    )


def forget_answers(session: Session, now: datetime) -> int:
    """Delete answers kept long enough; how many."""
    done: Any = session.execute(delete(KeptAnswer).where(KeptAnswer.made_at <= now - KEPT))
    return int(done.rowcount)


def _is(key: Key) -> tuple[Any, ...]:
    return (KeptAnswer.agency_id == key.agency_id, KeptAnswer.key_hash == key.key_hash)


def _hash(parts: Iterable[bytes]) -> bytes:
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8) + part)
    return found.digest()
