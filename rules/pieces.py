"""What a kind hands back: pieces of spans, with only the columns that it has something to say in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

# What a kind may fill of a piece. Times: from/to as days (`_on`) or instants (`_t`); the rest as in rules.frames.SPANS.
PIECE: Final[dict[str, Any]] = {
    "order": pl.Int64, "under": pl.Int64, "about": pl.Int64, "program": pl.Int64, "keyed": pl.Int64,
    "from_on": pl.Int32, "from_t": pl.Int64, "to_on": pl.Int32, "to_t": pl.Int64, "first_on": pl.Int32,
    "first_t": pl.Int64, "due_on": pl.Int32, "due_at_t": pl.Int64, "done_on": pl.Int32, "clears_on": pl.Int32,
    "earliest": pl.Int32, "window_from": pl.Int32, "window_to": pl.Int32, "count": pl.Int64, "count_most": pl.Int64,
    "count_every": pl.Int32, "limit": pl.Int64, "have": pl.Int64, "need": pl.Int64, "counted_in": pl.String,
    "severity": pl.String, "response_class": pl.String, "basis": pl.String, "of_code": pl.String,
    "mitigation": pl.List(pl.String), "remedy": pl.List(pl.String), "evidence": pl.List(pl.Int64),
    "counter": pl.List(pl.Int64), "counter_why": pl.List(pl.String), "certainty": pl.String, "note": pl.String,
    "vid": pl.Int32,
}  # fmt: skip


# What a kind finds where nobody has what it is about; it need not look further.
NOTHING: Final = pl.DataFrame(schema={"order": pl.Int64})


def all_because(word: str) -> pl.Expr:
    """`counter_why` where every row of `counter` has the same reason."""
    return pl.lit(word).repeat_by(pl.col("counter").list.len())


def as_pieces(frame: pl.DataFrame) -> pl.DataFrame:
    """A kind's findings as columns of PIECE; what it does not fill it need not have."""
    told = frame.schema
    return frame.select(
        pl.col(name) if told[name] == kind else pl.col(name).cast(kind) for name, kind in PIECE.items() if name in told
    )


def together(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Findings of several duties (`duty`: which), with every column of PIECE."""
    return pl.concat([pl.DataFrame(schema=PIECE | {"duty": pl.UInt32}), *parts], how="diagonal")
