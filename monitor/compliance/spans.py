"""Spans kept on the known axis: what an evaluation no longer says is closed, what it says anew is added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
import polars as pl
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from monitor.models import Span, random_id

Row = dict[str, Any]
PLAIN = ("key", "version", "code", "owner", "severity", "certainty", "clears_on")
IDS = ("about", "program", "evidence", "counter")


class Changes(msgspec.Struct):
    """How many spans an evaluation closed and added; zero of both when it agrees with what is kept."""

    closed: int = 0
    added: int = 0

    def __bool__(self) -> bool:
        return bool(self.closed or self.added)


def keep_spans(session: Session, cases: Sequence[int], spans: pl.DataFrame, now: datetime) -> Changes:
    """Bring the kept spans of ``cases`` to what ``spans`` says, as known from ``now`` on."""
    kept = {(row.key, row.starts_at): row for part in _parts(cases) for row in _current(session, part)}
    said = {(row["key"], row["starts_at"]): row for row in spans.iter_rows(named=True)}
    gone = [row.id for place, row in kept.items() if place not in said or not _same(row, said[place])]
    fresh = [row for place, row in said.items() if place not in kept or not _same(kept[place], row)]
    for part in _parts(gone):
        session.execute(update(Span).where(Span.id.in_(part)).values(known_until=now))
    if fresh:
        session.execute(insert(Span), [_kept(row, now) for row in fresh])
    return Changes(len(gone), len(fresh))


def _current(session: Session, cases: Sequence[int]) -> Iterable[Any]:
    columns = (Span.id, Span.key, Span.starts_at, Span.ends_at, Span.version)
    return session.execute(select(*columns).where(Span.case_id.in_(cases), Span.known_until.is_(None)))


def _same(kept: Any, said: Row) -> bool:
    return bool(kept.version == said["version"] and kept.ends_at == said["ends_at"])


def _kept(row: Row, now: datetime) -> Row:
    response = row["response_class"]
    return {
        "id": random_id(), "case_id": row["person"], "order_id": row["order"], "starts_on": row["first_on"],
        "starts_at": row["starts_at"], "ends_at": row["ends_at"], "due_on": row["due_on"], "about_id": row["about"],
        "response_class": None if response in (None, "none") else response, "content": _content(row),
        "known_from": now, **{name: row[name] for name in PLAIN},
    }  # fmt: skip


def _content(row: Row) -> Row:
    """Everything the rule said, as JSON; ids as text, so that no reader loses digits."""
    plain: Row = msgspec.to_builtins({name: value for name, value in row.items() if value not in (None, [])})
    for name in IDS:
        if name in plain:
            value = plain[name]
            plain[name] = [str(one) for one in value] if isinstance(value, list) else str(value)
    return {name: value for name, value in plain.items() if name not in ("person", "order", "key", "version")}


def _parts(ids: Sequence[int], size: int = 5_000) -> Iterable[Sequence[int]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
