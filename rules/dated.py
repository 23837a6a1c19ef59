"""Orders that date each of their duties: a duty holds on its own days, and no clock of it runs from before.

`orders.duties` lists such days. Where it is null an order's `conditions` hold for its whole life, as in scenarios.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from rules.catalogue import OF_PROGRAM
from rules.ground import Ground
from rules.known import FOREVER
from rules.pieces import PIECE

STAYS: Final = ("PROHIBITION", "COUNT_IN_WINDOW", "CONSECUTIVE", "FIXED_WINDOW")  # what happened stays what happened
DAYS: Final = ("ordered_on", "effective_on", "granted_on", "convicted_on", "start_on")
MOMENTS: Final = ("from_on", "from_t", "to_on", "to_t")
INSTANTS: Final = ("effective_at", "served_at")


def conditions_of(code: str, spec: dict[str, Any]) -> tuple[str, ...]:
    """The duties that a code asks about; () for what is about the order, the record or danger."""
    if code == "REVIEW_HEARING_OVERDUE":
        return ("review",)
    if code in OF_PROGRAM:
        return ("bip",)
    return tuple(spec.get("conditions") or ([spec["condition"]] if spec.get("condition") else ()))


def days_of(ground: Ground, conditions: tuple[str, ...]) -> pl.DataFrame:
    """order, zone_ix, since, until (Int32 days, until null = still): the days on which one of those duties held."""
    told = ground.orders.filter(pl.col("duties").is_not_null()).select("order", "zone_ix", "duties").explode("duties")
    parts = told.with_columns(pl.col("duties").str.split(" "))
    day = [pl.col("duties").list.get(n, null_on_oob=True).str.to_date(strict=False).cast(pl.Int32) for n in (1, 2)]
    parts = parts.filter(pl.col("duties").list.get(0, null_on_oob=True).is_in(conditions))
    return parts.select("order", "zone_ix", since=day[0], until=day[1])


def orders_with(ground: Ground, orders: pl.DataFrame, conditions: tuple[str, ...]) -> pl.DataFrame:
    """Orders that have one of those duties; what is dated in them begins no earlier than the duty itself.

    A duty that was put back runs from then. An instant is moved to the end of the first day: nobody is late early.
    """
    if not conditions or not dated(ground):
        return orders
    begun = days_of(ground, conditions).group_by("order").agg(since=pl.col("since").max())
    rows = orders.join(begun, on="order", how="left", maintain_order="left")
    rows = rows.filter(pl.col("duties").is_null() | pl.col("since").is_not_null())
    next_t = ground.day_start(pl.col("since") + 1)
    later = [pl.when(pl.col(c) < pl.col("since")).then("since").otherwise(c).alias(c) for c in DAYS]
    for name in INSTANTS:
        before = pl.col(name).cast(pl.Int64) < ground.day_start("since")
        moved = pl.when(before).then(next_t).otherwise(pl.col(name).cast(pl.Int64))
        later.append(moved.cast(rows.schema[name]).alias(name))
    return rows.with_columns(later).drop("since")


def within_days(ground: Ground, code: str, spec: dict[str, Any], kind: str, pieces: pl.DataFrame) -> pl.DataFrame:
    """Pieces of spans that begin while the duty held; what is still to be done ends with the duty."""
    conditions = conditions_of(code, spec)
    if not conditions or pieces.is_empty() or not dated(ground):
        return pieces
    unsaid = [pl.lit(None, PIECE[c]).alias(c) for c in MOMENTS if c not in pieces.columns]
    pieces = pieces.with_columns(unsaid)
    named = ground.orders.filter(pl.col("duties").is_not_null()).select("order")
    loose, bound = pieces.join(named, on="order", how="anti"), pieces.join(named, on="order", how="semi")
    days = days_of(ground, conditions)
    days = days.select("order", "zone_ix", on_t=ground.day_start("since"), off_t=ground.day_start("until"))
    bound = bound.join(days, on="order")
    starts = pl.coalesce("from_t", ground.day_start("from_on"))
    begins, off = pl.max_horizontal(starts, "on_t"), pl.col("off_t").fill_null(FOREVER)
    ends = pl.coalesce("to_t", ground.day_start("to_on"))
    bound = bound.with_columns(from_t=begins, to_t=ends if kind in STAYS else pl.min_horizontal(ends, "off_t"))
    bound = bound.filter((pl.col("from_t") < off) & (pl.col("to_t").fill_null(FOREVER) > pl.col("from_t")))
    return pl.concat([loose, bound.select(loose.columns)])


def dated(ground: Ground) -> bool:
    """Whether any order dates its duties."""
    return ground.orders.get_column("duties").null_count() < ground.orders.height
