"""The audit trail: who did what, written in the same transaction as the act, each entry sealed to the one before.

An entry holds ids, never names, never what somebody typed. If it cannot be written, the act is not done.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import LargeBinary, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from monitor.access.scope import trusted_sql
from monitor.models.audit_entry import AuditEntry, AuditHead
from monitor.models.base import random_id
from monitor.sealing import derive_key

START = bytes(32)
BEAT = 100_000
_ENTRY: Table = AuditEntry.__table__  # type: ignore[assignment]
_HEAD: Table = AuditHead.__table__  # type: ignore[assignment]
# what a seal covers, in this order, as JSON with sorted keys
_BODY = (
    "number", "at", "user_id", "agency_id", "event", "outcome", "component", "session_mark", "asked_from", "subjects",
    "detail", "request_id",
)  # fmt: skip
_ENCODER = msgspec.json.Encoder(order="sorted")


def _next_number(dialect: Any) -> Any:
    first = dialect.insert(_HEAD).values(id=1, number=1, seal=START)
    step = first.on_conflict_do_update(index_elements=[_HEAD.c.id], set_={"number": _HEAD.c.number + 1})
    return step.returning(_HEAD.c.number, _HEAD.c.seal)


_NEXT = {"sqlite": _next_number(sqlite), "postgresql": _next_number(postgresql)}
_ADD = _ENTRY.insert()
_SEAL_HEAD = _HEAD.update().where(_HEAD.c.id == 1).values(seal=bindparam("newest", type_=LargeBinary))
_IN_ORDER = (
    select(*(_ENTRY.c[name] for name in (*_BODY, "previous", "seal")))
    .order_by(_ENTRY.c.number)
    .execution_options(yield_per=2000)
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


class Verdict(msgspec.Struct, frozen=True):
    """``entries`` that hold; ``broken_at``: number of the first that does not, with ``why`` in a sentence."""

    entries: int
    head: str
    broken_at: int | None = None
    why: str = ""


def session_mark(token_hash: bytes) -> str:
    """Tells the sessions of one person apart in the trail: the first 64 bits of a hash of what is kept, no token."""
    return hashlib.sha256(b"audit session " + token_hash).hexdigest()[:16]


def audit_key(site_secret: str) -> bytes:
    """The key that seals entries; it lives outside the database."""
    return derive_key(site_secret, "audit")


def append(session: Session, act: Act, key: bytes, now: datetime) -> None:
    """Add an entry to the caller's transaction. Holds the head row until that ends, so call it last."""
    session.flush()  # whatever is pending is checked against the person's own scope first
    with trusted_sql("the audit trail"):
        number, previous = _take_number(session)
        body = (
            number, now, act.user_id, act.agency_id, act.event, act.outcome.value, act.component, act.session_mark,
            act.asked_from, list(act.subjects), dict(act.detail), act.request_id,
        )  # fmt: skip
        seal = _seal(key, previous, body)
        entry = dict(zip(_BODY, body, strict=True), id=random_id(), previous=previous, seal=seal)
        session.execute(_ADD, entry)
        session.execute(_SEAL_HEAD, {"newest": seal})


def head(session: Session) -> tuple[int, str]:
    """Number and seal (hexadecimal) of the newest entry: the anchor to keep outside the system."""
    found = session.execute(select(_HEAD.c.number, _HEAD.c.seal).where(_HEAD.c.id == 1)).first()
    return (found.number, found.seal.hex()) if found else (0, START.hex())


def verify(
    session: Session, key: bytes, anchors: Mapping[int, str] | None = None, beat: Callable[[], object] | None = None
) -> Verdict:
    """Read the whole chain. ``anchors`` (number to seal) kept elsewhere show a chain that was cut short.

    ``beat`` is called every `BEAT` entries, for whoever must say that it is still at work.
    """
    expected = dict(anchors or {})
    number, seal = 0, START
    for row in session.execute(_IN_ORDER):
        if beat and row[0] % BEAT == 0:
            beat()
        if why := _break(row, number + 1, seal, key, expected):
            return Verdict(number, seal.hex(), number + 1, why)
        number, seal = row[0], row[-1]
    return _against_head(session, number, seal, expected)


def _take_number(session: Session) -> tuple[int, bytes]:
    found = session.execute(_NEXT[session.get_bind().dialect.name]).one()
    return found.number, found.seal


def _seal(key: bytes, previous: bytes, body: Sequence[Any]) -> bytes:
    return hmac.digest(key, previous + _ENCODER.encode(body), "sha256")


def _break(row: Sequence[Any], number: int, previous: bytes, key: bytes, anchors: dict[int, str]) -> str:
    *body, before, seal = row
    if body[0] != number:
        return "an entry is missing, or two have changed places"
    if before != previous:
        return "the entry does not follow the one before it"
    if seal != _seal(key, before, body):
        return "the entry was changed after it was written"
    if anchors and anchors.pop(number, seal.hex()) != seal.hex():
        return "the entry is not the one that was anchored"
    return ""


def _against_head(session: Session, number: int, seal: bytes, left: dict[int, str]) -> Verdict:
    if head(session) != (number, seal.hex()):
        return Verdict(number, seal.hex(), number + 1, "the newest entries are missing")
    if left:
        return Verdict(number, seal.hex(), min(left), "an anchored entry is missing")
    return Verdict(number, seal.hex())
