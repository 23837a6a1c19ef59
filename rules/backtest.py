"""Two sets of packs on one history: what the other set would have flagged, and for whom. Never what it would prevent.

A flag is a stretch in which a certain span holds. Flags of both sets are the same matter if they have the same key
(order, code, program, first triggering fact); where a changed value moves the first fact, if they are of one order,
code and program and overlap in time. The earliest overlapping ones are paired first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final, NamedTuple

import polars as pl

from rules.evaluate import evaluate
from rules.frames import INSTANT, FactFrames
from rules.pack_files import Packs

# classes that come before the court: B at the next review, C to E at a hearing of their own (the response matrix)
BEFORE_THE_COURT: Final = ("B", "C", "D", "E")
SUBJECT: Final = ("order", "code", "program")
FLAGS: Final[dict[str, Any]] = {
    "order": pl.Int64, "person": pl.Int64, "code": pl.String, "program": pl.Int64, "owner": pl.String,
    "response_class": pl.String, "key": pl.String, "first_on": pl.Date, "starts_at": INSTANT, "ends_at": INSTANT,
}  # fmt: skip
# `days`: how many days later the other set flags; below zero: earlier. Null where only one set flags.
DIFFERENCES: Final[dict[str, Any]] = {
    "order": pl.Int64, "person": pl.Int64, "court": pl.Int64, "code": pl.String, "owner": pl.String,
    "program": pl.Int64, "change": pl.String, "ours_on": pl.Date, "theirs_on": pl.Date, "days": pl.Int64,
}  # fmt: skip
# one row for each person and week in which a set would bring the person's matter before the court
LOAD: Final[dict[str, Any]] = {"person": pl.Int64, "packs": pl.String, "week": pl.Date, "dated": pl.Boolean}
HEARINGS: Final[dict[str, Any]] = {"person": pl.Int64, "on": pl.Date}


class Comparison(NamedTuple):
    """`differences` (DIFFERENCES), `load` (LOAD), and how many duties each set could not evaluate."""

    differences: pl.DataFrame
    load: pl.DataFrame
    broken: tuple[int, int]


def backtest(
    facts: FactFrames, ours: Packs, theirs: Packs, since: date, until: date, known_at: datetime,
    hearings: pl.DataFrame | None = None,
) -> Comparison:  # fmt: skip
    """What differs among flags whose first day, by either set, lies from `since` to `until`, both included.

    `hearings`: HEARINGS, days on which people are before the court. Both sets read the record as known at `known_at`.
    """
    spans = [evaluate(facts, packs, known_at, signed=False) for packs in (ours, theirs)]
    both = [flags_of(one) for one in spans]
    placed = facts.orders.select("person", "court").drop_nulls().unique("person", keep="first", maintain_order=True)
    told = compare(both[0], both[1], since, until).join(placed, on="person", how="left", maintain_order="left")
    days = pl.DataFrame(schema=HEARINGS) if hearings is None else hearings
    load = [load_of(flags, name, since, until, days) for flags, name in zip(both, ("ours", "theirs"), strict=True)]
    broken = [one.filter(pl.col("certainty") == "CANNOT_EVALUATE").height for one in spans]
    return Comparison(told.select(list(DIFFERENCES)), pl.concat(load), (broken[0], broken[1]))


def together(parts: Iterable[Comparison]) -> Comparison:
    """One comparison of several over different people."""
    found = list(parts)
    told = pl.concat([pl.DataFrame(schema=DIFFERENCES), *(one.differences for one in found)])
    load = pl.concat([pl.DataFrame(schema=LOAD), *(one.load for one in found)])
    return Comparison(told, load, (sum(one.broken[0] for one in found), sum(one.broken[1] for one in found)))


def flags_of(spans: pl.DataFrame) -> pl.DataFrame:
    """FLAGS: one row a key and stretch; what is not certain is nobody's flag."""
    certain = spans.filter(pl.col("certainty") == "CERTAIN").with_columns(
        pl.col("owner").cast(pl.String), pl.col("response_class").cast(pl.String)
    )
    whole = certain.sort("key", "starts_at").group_by("key", "first_on", maintain_order=True)
    last_end = pl.when(pl.col("ends_at").is_null().any()).then(None).otherwise(pl.col("ends_at").max())
    rest = [c for c in FLAGS if c not in ("key", "first_on", "starts_at", "ends_at")]
    told = whole.agg(*(pl.col(c).first() for c in rest), pl.col("starts_at").min(), ends_at=last_end)
    return told.select(pl.col(c).cast(t) for c, t in FLAGS.items())


def compare(ours: pl.DataFrame, theirs: pl.DataFrame, since: date, until: date) -> pl.DataFrame:
    """DIFFERENCES without `court`, of two frames of FLAGS."""
    sides = (numbered(ours), numbered(theirs))
    pairs = by_key(*sides)
    while not (more := by_overlap(unpaired(sides[0], pairs, "o"), unpaired(sides[1], pairs, "t"))).is_empty():
        pairs = pl.concat([pairs, more])
    return told_of(*sides, pairs, since, until)


def numbered(flags: pl.DataFrame) -> pl.DataFrame:
    """Flags in order of time, with `n`, and `nth` of their key."""
    rows = flags.sort("order", "code", "program", "starts_at", "key").with_row_index("n")
    return rows.with_columns(nth=pl.col("n").rank("ordinal").over("key"))


def unpaired(side: pl.DataFrame, pairs: pl.DataFrame, own: str) -> pl.DataFrame:
    """The flags of one side that no pair has; `own`: its column in `pairs`."""
    return side.join(pairs.select(n=own), on="n", how="anti", maintain_order="left")


def by_key(ours: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """Pairs (`o`, `t`) of one key, the first stretch with the first."""
    here = ours.select("key", "nth", o="n").join(theirs.select("key", "nth", t="n"), on=["key", "nth"])
    return here.select("o", "t")


def by_overlap(ours: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """Pairs of one subject that overlap in time and are each the earliest such of the other."""
    columns = [*SUBJECT, "starts_at", "ends_at"]
    met = ours.select(*columns, o="n").join(
        theirs.select(*columns, t="n"), on=list(SUBJECT), nulls_equal=True, suffix="_t"
    )
    before = pl.col("starts_at") < pl.col("ends_at_t")
    after = pl.col("starts_at_t") < pl.col("ends_at")
    met = met.filter(before.fill_null(True) & after.fill_null(True)).select("o", "t")
    first = (pl.col("t") == pl.col("t").min().over("o")) & (pl.col("o") == pl.col("o").min().over("t"))
    return met.filter(first)


def told_of(
    ours: pl.DataFrame, theirs: pl.DataFrame, pairs: pl.DataFrame, since: date, until: date
) -> pl.DataFrame:
    """What pairs and flags without a pair say."""
    their_days = theirs.select("n", theirs_on="first_on")
    both = pairs.join(ours, left_on="o", right_on="n").join(their_days, left_on="t", right_on="n")
    both = both.rename({"first_on": "ours_on"}).filter(pl.col("ours_on") != pl.col("theirs_on"))
    gone = unpaired(ours, pairs, "o").rename({"first_on": "ours_on"}).with_columns(theirs_on=pl.lit(None, pl.Date))
    new = unpaired(theirs, pairs, "t").rename({"first_on": "theirs_on"}).with_columns(ours_on=pl.lit(None, pl.Date))
    rest = [c for c in DIFFERENCES if c not in ("court", "change", "days")]
    rows = pl.concat([one.select(rest) for one in (both, gone, new)])
    inside = [pl.col(c).is_between(since, until).fill_null(False) for c in ("ours_on", "theirs_on")]
    days = (pl.col("theirs_on") - pl.col("ours_on")).dt.total_days()
    change = (
        pl.when(pl.col("ours_on").is_null()).then(pl.lit("newly"))
        .when(pl.col("theirs_on").is_null()).then(pl.lit("no_longer"))
        .when(days < 0).then(pl.lit("earlier")).otherwise(pl.lit("later"))
    )  # fmt: skip
    found = rows.filter(inside[0] | inside[1]).with_columns(days=days, change=change)
    return found.sort("order", "code", "program", pl.coalesce("theirs_on", "ours_on"), "change")


def load_of(flags: pl.DataFrame, name: str, since: date, until: date, hearings: pl.DataFrame) -> pl.DataFrame:
    """LOAD of one set: each person's week of the next hearing on or after the flag's first day, else of that day."""
    wanted = (pl.col("owner") == "offender") & pl.col("response_class").is_in(BEFORE_THE_COURT)
    mine = flags.filter(wanted & pl.col("first_on").is_between(since, until)).select("person", "first_on")
    next_ones = hearings.select("person", "on").drop_nulls().sort("on")
    laid = mine.sort("first_on").join_asof(
        next_ones, left_on="first_on", right_on="on", by="person", strategy="forward", check_sortedness=False
    )
    week = pl.coalesce("on", "first_on").dt.truncate("1w")
    rows = laid.select("person", packs=pl.lit(name), week=week, dated=pl.col("on").is_not_null())
    return rows.unique().sort("person", "week", "dated").select(pl.col(c).cast(t) for c, t in LOAD.items())
