"""Which flags may not say what their kept spans say at an instant: a look at columns, before anything is written.

`monitor.compliance.flags` decides and writes for these keys, one by one; of most cases on most days there is none.
What is named here without need costs time only; what is left out wrongly would stay open, or never open: the nightly
check looks at all of them (`monitor.compliance.referee`), and a test holds both against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from monitor.compliance.columns import Asked, read_columns
from monitor.models import Flag, Span
from monitor.models.base import UtcInstant
from rules.frames import INSTANT

# an answer that is not known is nobody's flag; the reporter's own flag says what is missing
FLAGGED = ("CERTAIN", "CANNOT_EVALUATE")
_BEGUN: Any = select(
    Span.id, Span.case_id.label("person"), Span.key, Span.version, Span.owner, Span.certainty, Span.starts_at,
    Span.ends_at, Span.known_from,
).where(
    Span.known_until.is_(None), Span.certainty.in_(FLAGGED), Span.starts_at <= bindparam("now", type_=UtcInstant)
)  # fmt: skip
_FLAGS: Any = select(
    Flag.id.label("flag"), Flag.case_id.label("person"), Flag.key, Flag.state, Flag.version.label("shown"),
    Flag.span_id, Flag.agency_id, Flag.closed_at,
)  # fmt: skip


def read_begun(session: Session, cases: Sequence[int], now: datetime) -> pl.DataFrame:
    """The current spans of ``cases`` that may be flags and have begun at ``now``."""
    return read_columns(session, _BEGUN, Asked(cases), now=now)


def read_flags(session: Session, cases: Sequence[int]) -> pl.DataFrame:
    """Every flag of ``cases``, as far as `unsettled` asks."""
    return read_columns(session, _FLAGS, Asked(cases))


def unsettled(
    kept: pl.DataFrame, flags: pl.DataFrame, desks: pl.DataFrame, now: datetime, since: datetime | None = None
) -> pl.DataFrame:
    """The keys whose flags need a change: ``key``, ``person``, ``flag`` (null: none yet), ``spans`` (that began).

    ``kept``: the current spans of some cases, or those that began; ``flags`` and ``desks``: of the same cases.
    ``since``: a sweep's high-water mark; what began and ended after it, unseen, is to leave a flag too.
    """
    begun = kept.filter((pl.col("starts_at") <= now) & pl.col("certainty").is_in(FLAGGED))
    last = begun.sort("starts_at", "id").unique("key", keep="last")
    both = last.join(flags, on="key", how="full", coalesce=True).with_columns(pl.coalesce("person", "person_right"))
    found = both.join(desks, on="person", how="left").filter(_may_change(now, since))
    lives = begun.join(found, on="key", how="semi").group_by("key").agg(spans="id")
    return found.select("key", "person", "flag").join(lives, on="key", how="left")


def _may_change(now: datetime, since: datetime | None) -> pl.Expr:
    """By columns what `flags` asks of one flag and one span."""
    moment, mark = pl.lit(now, INSTANT), pl.lit(since, INSTANT)
    new, over, open_ = pl.col("flag").is_null(), pl.col("ends_at") <= moment, pl.col("closed_at").is_null()
    decided = pl.col("state").is_in(["DISMISSED", "EXCUSED"])
    by_court = (pl.col("owner") == "court") & (pl.col("certainty") == "CERTAIN")
    desk = pl.when(by_court).then("court").otherwise("office")
    other = pl.col("version") != pl.col("shown")
    moved = (pl.col("span_id") != pl.col("id")) | (pl.col("agency_id") != desk)
    unseen = (pl.col("ends_at") > mark) & (pl.col("known_from") < pl.col("ends_at"))
    again = pl.col("closed_at") <= pl.col("starts_at")
    return (
        pl.when(pl.col("id").is_null()).then(pl.when(decided).then(open_).otherwise(pl.col("state") != "WITHDRAWN"))
        .when(new).then(~over.fill_null(False) | unseen)
        .when(over).then(other | open_ | (again & mark.is_not_null()))
        .otherwise(other | moved | ~open_)
    )  # fmt: skip
