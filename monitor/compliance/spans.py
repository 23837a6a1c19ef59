"""Spans kept on the known axis: what an evaluation no longer says is closed, what it says anew is added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
import polars as pl
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from monitor.compliance.chunks import parts
from monitor.models import Span, random_id

Row = dict[str, Any]
Place = tuple[str, datetime]
# rows go in as they are, without mapped objects: many, and nobody looks at them here
TABLE: Any = Span.__table__
PLAIN = ("key", "version", "code", "owner", "severity", "certainty", "clears_on")
IDS = ("about", "program", "evidence", "counter")
OUTSIDE = ("person", "order", "key", "version")


class Changes(msgspec.Struct):
    """How many spans an evaluation closed and added; zero of both when it agrees with what is kept."""

    closed: int = 0
    added: int = 0

    def __bool__(self) -> bool:
        return bool(self.closed or self.added)


def keep_spans(session: Session, cases: Sequence[int], spans: pl.DataFrame, now: datetime) -> Changes:
    """Bring the kept spans of ``cases`` to what ``spans`` says, as known from ``now`` on."""
    kept = {(row.key, row.starts_at): row for row in kept_spans(session, cases)}
    gone, fresh = differences(kept, spans)
    # the known axis runs one way, even if the clock of this machine is behind that of the last
    moment = max([now, *(row.known_from for row in kept.values())])
    for part in parts(gone):
        session.execute(update(Span).where(Span.id.in_(part)).values(known_until=moment))
    if fresh:
        session.execute(insert(TABLE), [_kept(row, moment) for row in fresh])
    return Changes(len(gone), len(fresh))


def kept_spans(session: Session, cases: Sequence[int]) -> Iterable[Any]:
    """The current spans of ``cases``: id, case_id, key, starts_at, ends_at, version, known_from."""
    columns = (Span.id, Span.case_id, Span.key, Span.starts_at, Span.ends_at, Span.version, Span.known_from)
    for part in parts(cases):
        yield from session.execute(select(*columns).where(Span.case_id.in_(part), Span.known_until.is_(None)))


def differences(kept: dict[Place, Any], spans: pl.DataFrame) -> tuple[list[int], list[Row]]:
    """The ids of kept spans that ``spans`` no longer says, and the rows of ``spans`` that are not kept."""
    said = {place: version for place, version in _places(spans)}
    gone = [row.id for place, row in kept.items() if said.get(place) != row.version]
    fresh = [
        number for number, (place, version) in enumerate(_places(spans))
        if place not in kept or kept[place].version != version
    ]  # fmt: skip
    return gone, spans[fresh].to_dicts()


def _places(spans: pl.DataFrame) -> Iterable[tuple[Place, str]]:
    # the version is a hash of all that a span says, its end included
    for key, starts_at, version in spans.select("key", "starts_at", "version").iter_rows():
        yield (key, starts_at), version


def _kept(row: Row, known_from: datetime) -> Row:
    response = row["response_class"]
    return {
        "id": random_id(), "case_id": row["person"], "order_id": row["order"], "starts_on": row["first_on"],
        "starts_at": row["starts_at"], "ends_at": row["ends_at"], "due_on": row["due_on"], "about_id": row["about"],
        "response_class": None if response in (None, "none") else response, "content": content_of(row),
        "known_from": known_from, "known_until": None, **{name: row[name] for name in PLAIN},
    }  # fmt: skip


def content_of(row: Row) -> Row:
    """Everything the rule said, as JSON; ids as text, so that no reader loses digits."""
    said = {name: value for name, value in row.items() if value not in (None, []) and name not in OUTSIDE}
    plain: Row = msgspec.to_builtins(said)
    for name in IDS:
        if name in plain:
            value = plain[name]
            plain[name] = [str(one) for one in value] if isinstance(value, list) else str(value)
    return plain
