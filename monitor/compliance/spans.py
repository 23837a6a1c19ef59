"""Spans kept on the known axis: what an evaluation no longer says is closed, what it says anew is added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.compliance.columns import Asked, read_columns
from monitor.compliance.inserts import add_rows, change_rows
from monitor.models import Span, random_ids
from rules.frames import SPANS

IDS: Final = ("about", "program", "evidence", "counter")
OUTSIDE: Final = ("person", "order", "key", "version")
# What a span says in columns of the table, beside its id, its content and the known axis. `version` is a hash of all of
# it, but flags and screens read the columns: they are compared, too.
SHOWN: Final = (
    "case_id", "order_id", "starts_on", "about_id", "response_class", "key", "version", "code", "owner", "severity",
    "certainty", "starts_at", "ends_at", "due_on", "clears_on",
)  # fmt: skip
_CURRENT: Any = select(
    Span.id, Span.case_id.label("person"), Span.known_from,
    *(getattr(Span, name) for name in SHOWN if name != "case_id"),
).where(Span.known_until.is_(None))  # fmt: skip


class Changes(msgspec.Struct):
    """How many spans an evaluation closed and added; zero of both when it agrees with what is kept.

    ``current``: the current spans after it, as `read_kept` would read them.
    """

    current: pl.DataFrame
    closed: int = 0
    added: int = 0

    def __bool__(self) -> bool:
        return bool(self.closed or self.added)


def read_kept(session: Session, cases: Sequence[int]) -> pl.DataFrame:
    """The current spans of ``cases``: ``id``, ``person``, ``known_from`` and the columns of `SHOWN`."""
    return read_columns(session, _CURRENT, Asked(cases)).with_columns(case_id="person")


def keep_spans(session: Session, kept: pl.DataFrame, spans: pl.DataFrame, now: datetime) -> Changes:
    """Bring ``kept``, the current spans of some cases, to what ``spans`` says of them, as known from ``now`` on."""
    gone, fresh = differences(kept, spans)
    # the known axis runs one way, even if the clock of this machine is behind that of the last
    moment = max([now, *kept.select(pl.col("known_from").max()).to_series().drop_nulls()])
    change_rows(session, Span, gone["id"].to_list(), known_until=moment)
    current = kept.join(gone, on="id", how="anti") if gone.height else kept
    if not fresh.is_empty():
        rows = as_rows(fresh, moment)
        add_rows(session, Span, rows)
        current = pl.concat([current, rows.with_columns(person="case_id").select(current.columns)])
    return Changes(current, gone.height, fresh.height)


def differences(kept: pl.DataFrame, spans: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of ``kept`` that ``spans`` no longer says, and those of ``spans`` that are not kept."""
    said = as_shown(spans).with_row_index("row")
    gone = kept.join(said, on=SHOWN, how="anti", nulls_equal=True)
    fresh = said.join(kept, on=SHOWN, how="anti", nulls_equal=True, maintain_order="left")
    return gone, spans[fresh["row"]]


def as_shown(spans: pl.DataFrame) -> pl.DataFrame:
    """What spans say in columns of the table: all but ``id``, ``content`` and the known axis."""
    plain = ("key", "version", "code", "owner", "severity", "certainty", "starts_at", "ends_at", "due_on", "clears_on")
    of_class = pl.col("response_class").cast(pl.String)
    return spans.select(
        case_id="person", order_id="order", starts_on="first_on", about_id="about",
        response_class=pl.when(of_class != "none").then(of_class), **{name: name for name in plain},
    ).cast({pl.Enum: pl.String})  # fmt: skip


def as_rows(spans: pl.DataFrame, known_from: datetime) -> pl.DataFrame:
    """Spans as the table keeps them, each with an id."""
    ids = pl.Series("id", random_ids(spans.height), pl.Int64)
    known = pl.lit(known_from, pl.Datetime("us", "UTC")).alias("known_from")
    return as_shown(spans).with_columns(ids, content_of(spans), known)


def content_of(spans: pl.DataFrame) -> pl.Series:
    """Everything the rule said, as JSON without what is empty; ids as text, so that no reader loses digits."""
    said = [_said(name) for name in SPANS if name not in OUTSIDE]
    fields = pl.concat_str(said, separator=",", ignore_nulls=True)
    return spans.select(content=pl.concat_str(pl.lit("{"), fields, pl.lit("}"))).to_series()


def _said(name: str) -> pl.Expr:
    """``"name":value``, or null where there is nothing to say."""
    kind, value = SPANS[name], pl.col(name)
    if name in IDS:
        value = value.cast(pl.List(pl.String) if isinstance(kind, pl.List) else pl.String)
    elif isinstance(kind, pl.Datetime):
        value = value.dt.to_string("%Y-%m-%dT%H:%M:%S%.fZ")
    empty = value.list.len() == 0 if isinstance(kind, pl.List) else pl.lit(False)
    whole = pl.struct(value.alias(name)).struct.json_encode()
    return pl.when(value.is_not_null() & ~empty).then(whole.str.slice(1, whole.str.len_chars() - 2))
