"""The audit trail: who did what, written in the same transaction as the act, and sealed.

On SQLite, where one writes at a time anyway, each entry is sealed to the one before. On PostgreSQL each bears a seal of
its own, and blocks of those whose transactions are over are sealed one to the other.

An entry holds ids, never names, never what somebody typed. If it cannot be written, the act is not done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import Connection, LargeBinary, Table, bindparam, literal_column
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from monitor.access.scope import trusted_sql
from monitor.models.audit_entry import AuditEntry, AuditHead
from monitor.models.base import random_id
from monitor.prepared import prepared
from monitor.sealing import derive_key
from monitor.trail.seals import BODY, IN_BLOCKS, START, entry_seal
from monitor.trail.verdict import CLUSTER, Verdict, head, verify

__all__ = ("Act", "Outcome", "Verdict", "append", "audit_key", "head", "session_mark", "verify", "write")
_ENTRY: Table = AuditEntry.__table__  # type: ignore[assignment]
_HEAD: Table = AuditHead.__table__  # type: ignore[assignment]
_FIRST = sqlite.insert(_HEAD).values(id=1, number=1, seal=START)
_NEXT = prepared(
    _FIRST.on_conflict_do_update(index_elements=[_HEAD.c.id], set_={"number": _HEAD.c.number + 1})
    .returning(_HEAD.c.number, _HEAD.c.seal)
)  # fmt: skip
_CHAINED = prepared(_ENTRY.insert().values({name: bindparam(name) for name in ("id", *BODY, "previous", "seal")}))
_COPIED = prepared(
    _ENTRY.insert().values({name: bindparam(name) for name in ("id", *BODY, "previous", "seal", "xid", "cluster")})
)
_SEAL_HEAD = prepared(_HEAD.update().where(_HEAD.c.id == 1).values(seal=bindparam("newest", type_=LargeBinary)))
# on PostgreSQL nobody waits: the number comes from a sequence, and a block seals what is over (`monitor.trail.blocks`)
_ADD_LOOSE = _ENTRY.insert().values(
    number=literal_column("nextval('audit_entry_number')"), xid=literal_column("pg_current_xact_id()::text::bigint")
)


class Outcome(StrEnum):
    """What became of an act: done; not for this role; nothing there for this person; an error of ours."""

    DONE = "done"
    DENIED = "denied"
    ABSENT = "absent"
    FAILED = "failed"


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered. ``subjects``: ids of the rows concerned. ``detail``: codes and counts only.

    ``asked_from``, ``session_mark`` and ``request_id`` say where it came from (CJIS AU-3).
    """

    event: str
    user_id: int | None = None
    agency_id: int | None = None
    subjects: tuple[int, ...] = ()
    detail: Mapping[str, str | int | bool] = msgspec.field(default_factory=dict)
    request_id: str | None = None
    outcome: Outcome = Outcome.DONE
    component: str = "web"
    session_mark: str | None = None
    asked_from: str | None = None


def session_mark(token_hash: bytes) -> str:
    """Tells the sessions of one person apart in the trail: the first 64 bits of a hash of what is kept, no token."""
    return hashlib.sha256(b"audit session " + token_hash).hexdigest()[:16]


def audit_key(site_secret: str) -> bytes:
    """The key that seals entries; it lives outside the database."""
    return derive_key(site_secret, "audit")


def append(session: Session, act: Act, key: bytes, now: datetime) -> None:
    """Add an entry to the caller's transaction. SQLite holds the head row until that ends, so call it last."""
    session.flush()  # whatever is pending is checked against the person's own scope first
    with trusted_sql("the audit trail"):
        write(session.connection(), act, key, now)


def write(connection: Connection, act: Act, key: bytes, now: datetime) -> None:
    """`append` for a trusted connection: every page about people passes here, so it does without a session."""
    body = (
        now, act.user_id, act.agency_id, act.event, act.outcome.value, act.component, act.session_mark,
        act.asked_from, list(act.subjects), dict(act.detail), act.request_id,
    )  # fmt: skip
    add = _write_loose if connection.dialect.name == "postgresql" else _write_chained
    add(connection, body, key)


def _write_loose(connection: Connection, body: Sequence[Any], key: bytes) -> None:
    entry_id = random_id()
    entry = dict(zip(BODY[1:], body, strict=True), id=entry_id, cluster=_cluster(connection), previous=b"")
    connection.execute(_ADD_LOOSE, entry | {"seal": entry_seal(key, b"", (entry_id, *body))})


def _write_chained(connection: Connection, body: Sequence[Any], key: bytes) -> None:
    head_row = _NEXT(connection, {}).one()
    number, previous = head_row.number, head_row.seal
    if previous == IN_BLOCKS:  # a copy of a PostgreSQL database: it goes on as it was
        entry_id = random_id()
        entry = dict(zip(BODY[1:], body, strict=True), id=entry_id, number=number, xid=number, cluster=0, previous=b"")
        _COPIED(connection, entry | {"seal": entry_seal(key, b"", (entry_id, *body))})
        return
    seal = entry_seal(key, previous, (number, *body))
    entry = dict(zip(BODY, (number, *body), strict=True), id=random_id(), previous=previous, seal=seal)
    _CHAINED(connection, entry)
    _SEAL_HEAD(connection, {"newest": seal})


def _cluster(connection: Connection) -> int:
    """Whose transaction numbers these are; asked once a connection."""
    kept = connection.info
    if "cluster" not in kept:
        kept["cluster"] = connection.scalar(CLUSTER)
    return int(kept["cluster"])
