"""People read again as they stood on record: once for each stretch of time in which nothing came too late.

Each stretch of a person becomes a person of its own, with the records that were there before its end. Ids are numbered
anew, in the same order, for a correction in one stretch must not reach into another.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import polars as pl

from rules.frames import SCHEMAS, FactFrames
from rules.intervals import START
from rules.known import FOREVER

# Everything that says when a session was to be expected, and what was told of it and decided on it.
READ: Final = (
    "sessions", "adjudications", "submissions", "schedules", "leaves", "pauses", "order_events", "certificates",
    "enrollments", "transfers",
)  # fmt: skip


def stretches_between(cuts: pl.DataFrame) -> pl.DataFrame:
    """one, person, begin_t, finish_t: the stretches of each person of `cuts` (person, t), numbered through."""
    begins = pl.concat([cuts.select("person", "t"), cuts.select("person", t=pl.lit(START, pl.Int64))])
    begins = begins.unique().sort("person", "t")
    after = pl.when(pl.col("person").shift(-1) == pl.col("person")).then(pl.col("t").shift(-1))
    return begins.select("person", begin_t="t", finish_t=after.fill_null(FOREVER)).with_row_index("one").select(
        pl.col("one").cast(pl.Int64), "person", "begin_t", "finish_t"
    )  # fmt: skip


class Replay(NamedTuple):
    """Facts of each stretch as of a person of its own, and the way back from them.

    `back`: order, real (order), begin_t, finish_t. `ids`: the real id at place n // `stretches` of a number n.
    """

    facts: FactFrames
    back: pl.DataFrame
    ids: pl.Series
    stretches: int

    def real(self, column: str) -> pl.Expr:
        """The ids that stand behind the numbers in a column."""
        return pl.lit(self.ids).gather(pl.col(column) // self.stretches).alias(column)

    def clipped_back(self, pieces: pl.DataFrame) -> pl.DataFrame:
        """`pieces` (order, from_t, to_t; null = without end) inside their stretches, at the orders that are meant."""
        rows = pieces.join(self.back, on="order").with_columns(
            order="real", from_t=pl.max_horizontal("from_t", "begin_t"),
            to_t=pl.min_horizontal(pl.col("to_t").fill_null(FOREVER), "finish_t"),
        )  # fmt: skip
        rows = rows.filter(pl.col("from_t") < pl.col("to_t"))
        return rows.with_columns(to_t=pl.when(pl.col("to_t") < FOREVER).then("to_t")).select(pieces.columns)


def replayed(facts: FactFrames, stretches: pl.DataFrame) -> Replay:
    """The people of `stretches`, each stretch as a person of its own."""
    known = facts.orders.join(stretches, on="person").filter(_in_time())
    orders = known.select("one", real="order", begin_t="begin_t", finish_t="finish_t").unique(["one", "real"])
    orders = orders.sort("one", "real").with_row_index("order").with_columns(pl.col("order").cast(pl.Int64))
    frames = {"orders": _as_own_people(known, orders).select(list(SCHEMAS["orders"]))}
    terms = facts.terms.join(orders.rename({"order": "own"}), left_on="order", right_on="real").filter(_in_time())
    frames["terms"] = terms.with_columns(order="own").select(list(SCHEMAS["terms"]))
    levels = facts.levels.join(orders.rename({"order": "own"}), left_on="order", right_on="real")
    levels = levels.filter(pl.col("recorded_at").is_null() | _in_time())
    frames["levels"] = levels.with_columns(order="own").select(list(SCHEMAS["levels"]))
    told = {name: frame for name, frame in facts.items() if name in READ and not frame.is_empty()}
    rows = {name: frame.join(stretches, on="person").filter(_in_time()) for name, frame in told.items()}
    ids = pl.concat([pl.Series(dtype=pl.Int64), *(one.get_column(c) for one in rows.values() for c in _numbered(one))])
    ids = ids.drop_nulls().unique().sort()
    for name, one in rows.items():
        own = _with_own_ids(_as_own_people(one, orders), ids, stretches.height)
        frames[name] = own.select(list(SCHEMAS[name]))
    back = orders.select("order", "real", "begin_t", "finish_t")
    return Replay(FactFrames.of(frames), back, ids, stretches.height)


def _in_time() -> pl.Expr:
    return pl.col("recorded_at").cast(pl.Int64) < pl.col("finish_t")


def _as_own_people(rows: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """Rows at the order and the person of their stretch; what is bound to an order of nobody's falls out."""
    mine = orders.select("one", order="real", own="order")
    found = rows.join(mine, on=["one", "order"], how="left", maintain_order="left")
    found = found.filter(pl.col("own").is_not_null() | pl.col("order").is_null())
    return found.with_columns(order="own", person="one")


def _numbered(rows: pl.DataFrame) -> list[str]:
    """The columns that hold ids of records. (`of` of a schedule is a word.)"""
    return [c for c in ("id", "supersedes", "of") if rows.schema.get(c) == pl.Int64]


def _with_own_ids(rows: pl.DataFrame, ids: pl.Series, stretches: int) -> pl.DataFrame:
    """Ids numbered anew, apart by stretch, in the order in which they were."""
    def own(column: str) -> pl.Expr:
        number = pl.lit(ids).search_sorted(pl.col(column)).cast(pl.Int64)
        return pl.when(pl.col(column).is_not_null()).then(number * stretches + pl.col("one")).alias(column)

    return rows.with_columns(own(column) for column in _numbered(rows))
