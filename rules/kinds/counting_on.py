"""Numbers that grow by one each week while nobody tells of anything, told in one piece however far weeks are laid out.

The weeks up to the day of an evaluation are laid out one by one, those after it are not (rules.expected). What is said
of them must not depend on that day, or nothing could be foreseen: each unbroken run of weeks is one piece.
"""

from __future__ import annotations

import polars as pl

from rules.known import FOREVER
from rules.runs import changed
from rules.scene import Scene


def counted_on(scene: Scene, rows: pl.DataFrame, keys: list[str], number: str) -> pl.DataFrame:
    """Pieces (order, from_t, to_t, `number`, count_every), each run of weeks in one; none overlap in a group.

    Where the order's life ends, the number stands still.
    """
    columns = rows.columns
    cadence = scene.expected.cadence.select("order", "every", "from_day", "to_day")
    clock = scene.ground.orders.select("order", "zone_ix", "end_t").join(cadence, on="order")
    wide = rows.with_row_index("_piece").join(clock, on="order", maintain_order="left")
    wide = in_their_time(scene, wide).drop("_piece")
    plain = rows.join(clock.select("order"), on="order", how="anti")
    if wide.is_empty():
        return plain
    ground, every = scene.ground, pl.col("every")
    wide = stopped(scene, wide, number)
    # what is looked up is worked out once a row: an expression is as often as it stands, and in a group once a group
    wide = wide.with_columns(_day=ground.of_local(pl.col("from_t")), _ends=ground.of_local(pl.col("to_t")))
    ends = pl.col("_ends")
    week = (ground.day_start("_day") == pl.col("from_t")) & (ends - pl.col("_day") == every)
    week = (week & (ground.day_start(ends) == pl.col("to_t"))).fill_null(False)
    wide = wide.with_columns(_whole=week).with_columns(_week=pl.col("_whole") | pl.col("count_every").is_not_null())
    wide = wide.sort(*keys, "from_t")
    wide = wide.with_columns(_base=pl.col("_day") - every * pl.col(number).cast(pl.Int32))
    same = (pl.col("from_t") == pl.col("to_t").shift(1)) & (pl.col("_base") == pl.col("_base").shift(1))
    on = (same & pl.col("_week") & pl.col("_week").shift(1)).fill_null(False)
    wide = wide.with_columns(_weeks=(changed(keys) | ~on).cast(pl.Int64).cum_sum())
    kept = [pl.col(c).first() for c in columns if c not in ("to_t", "count_every")]
    grows = pl.col("_week").first() & ((pl.len() > 1) | ~pl.col("_whole").last())
    last = [pl.col("to_t").last(), grows.alias("_grows")]
    told = wide.group_by("_weeks", maintain_order=True).agg(*kept, *last, pl.col("every").first())
    told = told.with_columns(count_every=pl.when("_grows").then("every"))
    return pl.concat([plain, told.select(columns)])


def in_their_time(scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    """Of pieces beside every cadence of their order, those beside the one whose window was over as they began."""
    if not scene.expected.cadence.get_column("order").is_duplicated().any():
        return rows.drop("from_day", "to_day")
    day = scene.ground.of_local(pl.col("from_t"))
    fits = pl.col("every") == pl.col("count_every")
    fits = fits.fill_null((pl.col("from_day") < day) & (day <= pl.col("to_day")))
    near = rows.with_columns(_fits=fits)
    near = near.sort("_piece", "_fits", "from_day", descending=[False, True, False])
    return near.unique("_piece", keep="first", maintain_order=True).drop("_fits", "from_day", "to_day")


def stopped(scene: Scene, rows: pl.DataFrame, number: str) -> pl.DataFrame:
    """Growing pieces up to the last week that is over before they, or the order's life, end; a still one after that."""
    ground = scene.ground
    still = rows.filter(pl.col("count_every").is_null())
    rows = rows.filter(pl.col("count_every").is_not_null())
    limit = pl.min_horizontal(pl.col("to_t").fill_null(FOREVER), "end_t")
    rows = rows.with_columns(_limit=limit, _day=ground.of_local(pl.col("from_t")))
    endless = rows.filter(pl.col("_limit") >= FOREVER)
    rows = rows.filter(pl.col("_limit") < FOREVER)
    # a week that is over at the very instant at which the order ends lay wholly in its life
    last_on = pl.min_horizontal(
        ground.of_local(pl.when(pl.col("end_t") < FOREVER).then("end_t")), ground.of_local(pl.col("to_t") - 1)
    )
    steps = (last_on - pl.col("_day")) // pl.col("every")
    rows = rows.with_columns(_steps=steps)
    rows = rows.with_columns(_until=ground.day_start(pl.col("_day") + pl.col("_steps") * pl.col("every")))
    grows = rows.filter(pl.col("_steps") > 0).with_columns(to_t="_until")
    after = rows.with_columns(
        (pl.col(number) + pl.col("_steps")).cast(pl.Int64).alias(number),
        from_t=pl.max_horizontal("from_t", "_until"), count_every=pl.lit(None, pl.Int32),
    )  # fmt: skip
    return pl.concat([one.select(still.columns) for one in (still, endless, grows, after)])
