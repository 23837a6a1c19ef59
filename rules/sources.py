"""How a rule names where something comes from: an anchor of the order, or facts whose columns hold given words."""

from __future__ import annotations

from typing import Any, Final

import msgspec
import polars as pl


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"is_": "is"}):
    """Where something comes from: an anchor of the order, or a family of facts whose columns hold given words."""

    anchor: str | None = None
    event: str | None = None
    is_: dict[str, list[str]] = {}


EVENT: Final[dict[str, Any]] = {
    "order": pl.Int64, "id": pl.Int64, "about": pl.Int64, "shown": pl.Int64, "named": pl.Int64, "program": pl.Int64,
    "on": pl.Int32, "t": pl.Int64, "zone_ix": pl.Int32, "cal": pl.Int32,
    "start_t": pl.Int64, "end_t": pl.Int64,
}  # fmt: skip


def as_event(frame: pl.DataFrame) -> pl.DataFrame:
    """The EVENT columns of a frame."""
    return frame.select(pl.col(c).cast(k) for c, k in EVENT.items())


def one_of(frame: pl.DataFrame, column: str, words: list[str]) -> pl.Expr:
    """Whether a column holds one of these words. Closed lists are compared by number; a word outside one is nowhere."""
    kind = frame.schema[column]
    if isinstance(kind, pl.Enum):
        known = set(kind.categories)
        return pl.any_horizontal([pl.lit(False), *(pl.col(column) == word for word in words if word in known)])
    return pl.col(column).cast(pl.String).is_in(words)


def same_program(one: str, other: str) -> pl.Expr:
    """Whether two records are of one program, as far as both say of which they are."""
    told = pl.col(one).is_not_null() & pl.col(other).is_not_null()
    return ~told | pl.col(one).eq_missing(pl.col(other))
