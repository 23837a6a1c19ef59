"""How much a program takes: sessions or minutes, by order, by law's exceptions, and as decisions changed it."""

from __future__ import annotations

from typing import Literal

import msgspec
import polars as pl

from rules.runs import numbered, summed
from rules.scene import Scene
from rules.terms import Duty
from rules.values import ALWAYS


class Test(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One count: the term that sets it, in sessions, or in minutes where the term is in hours."""

    term: str
    counted_in: Literal["sessions", "minutes"]


class Instead(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A statutory exception: orders of that program type in the listed counties take their assessed length."""

    program_type: str
    counties: str
    anchor: str = "assessed_length_weeks"


def needed(duty: Duty, test: Test, instead: Instead | None) -> pl.DataFrame:
    """order, need, counted_in, basis, vid, from_day, to_day."""
    factor = 60 if test.counted_in == "minutes" else 1
    rows = duty.of(test.term).select("order", "basis", "vid", "from_day", "to_day", need=pl.col("n") * factor)
    rows = rows.with_columns(counted_in=pl.lit(test.counted_in))
    if instead is None or test.counted_in != "sessions":
        return rows
    of_type = duty.orders.filter(pl.col("program_type").cast(pl.String) == instead.program_type)
    listed = [
        part.filter(pl.col("county").is_in(counties or []))
        for counties, part in duty.said(of_type, instead.counties, "ordered_on")
    ]
    there = pl.concat(listed)
    special = there.filter(pl.col(instead.anchor).is_not_null())
    special = special.select("order", special=pl.col(instead.anchor).cast(pl.Int64))
    unclear = pl.concat([of_type.filter(pl.col("county").is_null()), there.filter(pl.col(instead.anchor).is_null())])
    rows = rows.join(unclear.select("order"), on="order", how="anti").join(special, on="order", how="left")
    return rows.with_columns(need=pl.coalesce("special", "need")).drop("special")


def ends(scene: Scene, duty: Duty, anchor: str, within: str, rolls: bool) -> pl.DataFrame:
    """The last day as it stood over time: order, from_day, to_day, end_on, start_on, basis, vid.

    A court's good cause, or an extension that was granted, sets a new last day from its date on.
    """
    ground = scene.ground
    starts = scene.anchored(duty.orders, anchor).select("order", "cal", on="on")
    rows = starts.join(duty.of(within), on="order")
    rows = rows.with_columns(end_on=ground.later(rows, "on"), day=pl.col("from_day"))
    granted = (
        ground.laid("decisions")
        .filter((pl.col("kind") == "extension_granted") & pl.col("until").is_not_null())
        .select("order", day="on", end_on=pl.col("until").cast(pl.Int32))
    )
    told = rows.select("order", "cal", start_on="on").unique("order")
    more = granted.join(told, on="order").with_columns(basis=pl.lit("order"), vid=pl.lit(None, pl.Int32))
    columns = ["order", "day", "end_on", "start_on", "cal", "basis", "vid"]
    both = pl.concat([rows.rename({"on": "start_on"}).select(columns), more.select(columns)]).sort("order", "day")
    if rolls:
        both = both.with_columns(end_on=ground.court_days.roll_forward(pl.col("cal"), pl.col("end_on")))
    next_day = pl.when(pl.col("order").shift(-1) == pl.col("order")).then(pl.col("day").shift(-1))
    both = both.with_columns(from_day=pl.col("day"), to_day=next_day.fill_null(ALWAYS))
    return both.filter(pl.col("from_day") < pl.col("to_day")).drop("day")


def outstanding(scene: Scene) -> pl.DataFrame:
    """Scheduled sessions nobody told of, as credits that they might turn out to be: order, on, t, minutes.

    Those to come too, each from when it will be over (`t`): if no word comes, it is outstanding then without news.
    """
    items = scene.expected.silent_schedule
    return items.select("order", on="day", t="over_t", minutes=pl.lit(10**6, pl.Int64))


def running(credits: pl.DataFrame) -> pl.DataFrame:
    """order, on, t, n and total so far, in order of time."""
    rows = credits.select("order", "on", "t", "minutes").sort("order", "t", "on")
    return numbered(rows, ["order"]).with_columns(total=summed("minutes", ["order"]))


def hopeful(scene: Scene, orders: pl.DataFrame) -> pl.DataFrame:
    """Credits of the orders with outstanding scheduled sessions, these taken as attended; empty if there are none."""
    waiting = outstanding(scene).join(orders.select("order"), on="order", how="semi")
    if waiting.is_empty():
        return waiting
    have = scene.credits.join(waiting.select("order").unique(), on="order", how="semi")
    columns = ["order", "on", "t", "minutes"]
    return running(pl.concat([have.select(columns), waiting.select(columns)]))
