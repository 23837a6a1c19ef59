"""Nobody told of an expected session: the form of REPORTING in which silence itself is the finding.

What was outstanding on a day is read from the record: a sheet that comes later does not rewrite that day.
"""

from __future__ import annotations

import msgspec
import polars as pl

from rules.kinds.counting_on import counted_on
from rules.known import FOREVER
from rules.runs import changed, next_in_group, whole
from rules.scene import Scene
from rules.terms import Duty

LANE = ["order", "program"]
ISLAND = [*LANE, "island"]


class SilenceSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="silence"):
    """One flag per program, with the number of sessions outstanding."""

    every: str


def pieces(scene: Scene, duty: Duty, spec: SilenceSpec) -> pl.DataFrame:
    """A piece per number outstanding; a stretch lasts while its first outstanding session is the same."""
    rows = counted_on(scene, as_told(scene, duty.orders), [*LANE, "first_on"], "count")
    return rows.with_columns(basis=pl.lit("law"), keyed=pl.col("first_on").cast(pl.Int64))


def as_told(scene: Scene, orders: pl.DataFrame) -> pl.DataFrame:
    """What was outstanding by the record of each day: of most people as it reads now."""
    if scene.rewritten is None:
        return outstanding(scene, orders)
    people, as_it_stood, replay = scene.rewritten
    rows = outstanding(scene, orders.filter(~pl.col("person").is_in(people.implode())))
    mine = replay.back.join(orders.select(real="order"), on="real", how="semi")
    again = whole(replay.clipped_back(outstanding(as_it_stood, mine)), [*LANE, "count", "count_every", "first_on"])
    return pl.concat([rows, again.select(rows.columns)])


def outstanding(scene: Scene, orders: pl.DataFrame) -> pl.DataFrame:
    """order, program, from_t, to_t, count, count_every, first_on of these orders, by what is on record now."""
    items = scene.expected.items.join(orders.select("order"), on="order", how="semi")
    items = items.with_columns(
        from_t=pl.col("owed_t"), to_t=pl.min_horizontal("record_t", "cover_t", "until_t").fill_null(FOREVER)
    ).filter(pl.col("from_t") < pl.col("to_t"))
    return joined_first(islands(within_life(scene, items)))


def within_life(scene: Scene, items: pl.DataFrame) -> pl.DataFrame:
    """The count grows only as long as the order lives."""
    ends = scene.ground.orders.select("order", "end_t")
    tail = pl.col("every").is_not_null()
    items = items.join(ends, on="order").filter(~tail | (pl.col("from_t") <= pl.col("end_t")))
    return items.with_columns(count_every="every")


def islands(items: pl.DataFrame) -> pl.DataFrame:
    """Items that overlap in time share an island; per island one row for each instant at which the number changes."""
    rows = items.sort(*LANE, "from_t", "over_on", nulls_last=True)
    reach = pl.col("to_t").cum_max().over(LANE)
    apart = changed(LANE) | (pl.col("from_t") >= reach.shift(1).over(LANE)).fill_null(True)
    rows = rows.with_columns(island=apart.cast(pl.Int64).cum_sum())
    alone = ~pl.col("island").is_duplicated()
    single = rows.filter(alone).with_columns(count=pl.lit(1, pl.Int64), first_on="over_on")
    crowd = rows.filter(~alone)
    turns = pl.concat([crowd.select(*ISLAND, t="from_t"), crowd.select(*ISLAND, t="to_t")]).unique().sort(*ISLAND, "t")
    turns = next_in_group(turns, ISLAND, "t", "next_t").drop_nulls("next_t")
    active = turns.join(crowd.select("island", "from_t", "to_t", "over_on", "count_every"), on="island")
    active = active.filter((pl.col("from_t") <= pl.col("t")) & (pl.col("t") < pl.col("to_t")))
    many = active.group_by(*ISLAND, "t", "next_t").agg(
        count=pl.len().cast(pl.Int64), first_on=pl.col("over_on").min(), count_every=pl.col("count_every").max()
    )
    columns = ["order", "program", "from_t", "to_t", "count", "count_every", "first_on"]
    many = many.rename({"t": "from_t", "next_t": "to_t"})
    return pl.concat([single.select(columns), many.select(columns)]).sort(*LANE, "from_t")


def joined_first(rows: pl.DataFrame) -> pl.DataFrame:
    """Open ends as null."""
    return rows.with_columns(to_t=pl.when(pl.col("to_t") < FOREVER).then("to_t"))
