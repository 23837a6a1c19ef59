"""Facts that name an order or a person of whom no order is on record: told of or counted, never dropped unseen.

A fact whose person is known and whose order is not there, or is another person's, is told of on each order of the
person (INPUT_MISSING, CANNOT_EVALUATE). One whose person has no order can be laid at nobody's door: `rules.folder`
counts it, as it does levels and terms of an order that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import polars as pl

from rules.cells import read_as
from rules.frames import FACTS, INSTANT, FactFrames
from rules.partitions import OF_ORDERS


def whose(facts: FactFrames, known_at: datetime | None = None) -> pl.DataFrame:
    """order, person (Int64) of every order on record by `known_at` (None: ever), supervised under or protective."""
    issued = facts.order_events
    if "event" in issued.columns:
        issued = issued.filter(pl.col("event").cast(pl.String) == "issued")
    told = pl.concat([numbers(by_then(frame, known_at)) for frame in (facts.orders, issued)])
    return told.drop_nulls("order").unique("order", keep="first", maintain_order=True)


def by_then(frame: pl.DataFrame, known_at: datetime | None) -> pl.DataFrame:
    """Rows recorded by then, and those of which nobody can read when."""
    if known_at is None or "recorded_at" not in frame.columns:
        return frame
    recorded = read_as(frame.get_column("recorded_at"), INSTANT)
    return frame.filter(recorded.is_null() | (recorded <= known_at))


def numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """order, person (Int64) of a frame as it came: null where there is none, or none that can be read."""
    blank = pl.Series([None]).new_from_index(0, frame.height)
    held = [frame.get_column(c) if c in frame.columns else blank.alias(c) for c in ("order", "person")]
    return pl.DataFrame([one if one.dtype == pl.Int64 else read_as(one, pl.Int64()) for one in held])


def astray(facts: pl.DataFrame, orders: pl.DataFrame, known_at: datetime) -> pl.DataFrame:
    """The facts of a family that name an order which is not there, or not their person's, with `problem`.

    Only those that stand, neither corrected nor withdrawn by `known_at`. `orders`: see `whose`.
    """
    lost = without_order(facts, orders)
    if lost.is_empty():
        return lost
    corrected = facts.filter(pl.col("recorded_at") <= known_at).get_column("supersedes").drop_nulls()
    standing = lost.filter(~pl.col("id").is_in(corrected.implode()) & ~pl.col("retracted"))
    return standing.with_columns(problem=pl.lit("order"))


def without_order(frame: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """Rows bound to an order that is not there, or not their person's."""
    if frame.get_column("order").null_count() == frame.height:
        return frame.clear()
    bound = frame.filter(pl.col("order").is_not_null())
    return bound.join(orders, on=["order", "person"], how="anti", maintain_order="left")


def unplaced(facts: FactFrames) -> Iterator[tuple[str, int]]:
    """Frames with rows that name an order or a person of whom no order is on record, and how many rows."""
    orders, supervised = whose(facts), numbers(facts.orders)
    people = supervised.get_column("person").drop_nulls().unique()
    for name, frame in facts.items():
        many = 0
        if name in OF_ORDERS:
            many = numbers(frame).drop_nulls("order").join(supervised, on="order", how="anti").height
        elif name in FACTS:
            told = numbers(frame).drop_nulls("person")
            known = told.get_column("person").is_in(people.implode())
            many = int((~known).sum()) + without_order(told.filter(known), orders).height
        if many:
            yield name, many


def added(some: dict[str, int], more: dict[str, int]) -> dict[str, int]:
    """Two counts by frame together."""
    return {name: some.get(name, 0) + more.get(name, 0) for name in sorted(some.keys() | more.keys())}
