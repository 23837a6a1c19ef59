"""The audit trail: who did what, written in the same transaction as the act, each entry sealed to the one before.

An entry holds ids, never names, never what somebody typed. If it cannot be written, the act is not done.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

import msgspec
from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from monitor.access.scope import trusted_sql
from monitor.models.audit_entry import AuditEntry, AuditHead
from monitor.models.base import random_id
from monitor.sealing import derive_key

START = bytes(32)
_ENTRY: Table = AuditEntry.__table__  # type: ignore[assignment]
_HEAD: Table = AuditHead.__table__  # type: ignore[assignment]


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered. ``subjects``: ids of the rows concerned. ``detail``: codes and counts only."""

    event: str
    user_id: int | None = None
    agency_id: int | None = None
    subjects: tuple[int, ...] = ()
    detail: Mapping[str, str | int | bool] = msgspec.field(default_factory=dict)
    request_id: str | None = None


class Verdict(msgspec.Struct, frozen=True):
    """``entries`` that hold; ``broken_at``: number of the first that does not, with ``why`` in a sentence."""

    entries: int
    head: str
    broken_at: int | None = None
    why: str = ""


def audit_key(site_secret: str) -> bytes:
    """The key that seals entries; it lives outside the database."""
    return derive_key(site_secret, "audit")


def append(session: Session, act: Act, key: bytes, now: datetime) -> None:
    """Add an entry to the caller's transaction. Holds the head row until that ends, so call it last."""
    session.flush()  # whatever is pending is checked against the person's own scope first
    with trusted_sql("the audit trail"):
        number, previous = _take_number(session)
        row = _row(act, number, previous, now)
        row["seal"] = _seal(key, row)
        session.execute(_ENTRY.insert(), {**row, "id": random_id()})
        session.execute(_HEAD.update().where(_HEAD.c.id == 1).values(seal=row["seal"]))


def head(session: Session) -> tuple[int, str]:
    """Number and seal (hexadecimal) of the newest entry: the anchor to keep outside the system."""
    found = session.execute(select(_HEAD.c.number, _HEAD.c.seal).where(_HEAD.c.id == 1)).first()
    return (found.number, found.seal.hex()) if found else (0, START.hex())


def verify(session: Session, key: bytes, anchors: Mapping[int, str] | None = None) -> Verdict:
    """Read the whole chain. ``anchors`` (number to seal) kept elsewhere show a chain that was cut short."""
    expected, rows = dict(anchors or {}), session.execute(_in_order())
    number, seal = 0, START
    for row in rows.mappings():
        why = _break(cast("Mapping[str, Any]", row), number + 1, seal, key, expected)
        if why:
            return Verdict(number, seal.hex(), number + 1, why)
        number, seal = row["number"], row["seal"]
    return _against_head(session, number, seal, expected)


def read_anchors(lines: Iterable[str]) -> dict[int, str]:
    """Anchors from text, one ``number seal`` a line; lines starting with # are remarks."""
    pairs = (line.split() for line in lines if line.strip() and not line.startswith("#"))
    return {int(pair[0]): pair[1] for pair in pairs}


def _take_number(session: Session) -> tuple[int, bytes]:
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    first = dialect.insert(_HEAD).values(id=1, number=1, seal=START)
    step = first.on_conflict_do_update(index_elements=[_HEAD.c.id], set_={"number": _HEAD.c.number + 1})
    found = session.execute(step.returning(_HEAD.c.number, _HEAD.c.seal)).one()
    return found.number, found.seal


def _row(act: Act, number: int, previous: bytes, now: datetime) -> dict[str, Any]:
    return {
        "number": number, "at": now, "user_id": act.user_id, "agency_id": act.agency_id, "event": act.event,
        "subjects": list(act.subjects), "detail": dict(act.detail), "request_id": act.request_id,
        "previous": previous,
    }  # fmt: skip


def _seal(key: bytes, row: Mapping[str, Any]) -> bytes:
    body = [
        row["number"], row["at"].isoformat(), row["user_id"], row["agency_id"], row["event"], row["subjects"],
        row["detail"], row["request_id"],
    ]  # fmt: skip
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.digest(key, row["previous"] + text.encode(), hashlib.sha256)


def _in_order() -> Any:
    return select(_ENTRY).order_by(_ENTRY.c.number).execution_options(yield_per=2000)


def _break(row: Mapping[str, Any], number: int, previous: bytes, key: bytes, anchors: dict[int, str]) -> str:
    if row["number"] != number:
        return "an entry is missing, or two have changed places"
    if row["previous"] != previous:
        return "the entry does not follow the one before it"
    if not hmac.compare_digest(row["seal"], _seal(key, row)):
        return "the entry was changed after it was written"
    if anchors.pop(number, row["seal"].hex()) != row["seal"].hex():
        return "the entry is not the one that was anchored"
    return ""


def _against_head(session: Session, number: int, seal: bytes, left: dict[int, str]) -> Verdict:
    if head(session) != (number, seal.hex()):
        return Verdict(number, seal.hex(), number + 1, "the newest entries are missing")
    if left:
        return Verdict(number, seal.hex(), min(left), "an anchored entry is missing")
    return Verdict(number, seal.hex())
