"""What has been counted for an order so far: the numbers beside its flags."""

from __future__ import annotations

import polars as pl

from rules.scene import Scene

DAY = 86_400_000_000

TALLY = {
    "order": pl.Int64,
    "credited_sessions": pl.Int64,
    "credited_minutes": pl.Int64,
    "excused": pl.Int64,
    "unexcused": pl.Int64,
    "pending": pl.Int64,
    "not_counted": pl.Int64,
    "unreported": pl.Int64,
}


def tally_of(scene: Scene, t: int) -> pl.DataFrame:
    """TALLY at instant `t` (us), in the era that is current then."""
    orders = scene.ground.orders.select("order")
    eras = scene.ground.resets.filter(pl.col("t") <= t).group_by("order").agg(since=pl.col("on").max())

    def current(frame: pl.DataFrame, day: str, moment: str) -> pl.DataFrame:
        seen = frame.filter(pl.col(moment) <= t).join(eras, on="order", how="left")
        return seen.filter(pl.col("since").is_null() | (pl.col(day) >= pl.col("since")))

    credit = (
        current(scene.credits, "on", "t")
        .group_by("order")
        .agg(credited_sessions=pl.len().cast(pl.Int64), credited_minutes=pl.col("minutes").sum())
    )
    word = pl.col("decision")
    absent = (
        current(scene.attendance.absences.filter("in_force"), "on", "t")
        .group_by("order")
        .agg(
            excused=(word == "excused").sum().cast(pl.Int64),
            unexcused=(word == "unexcused").sum().cast(pl.Int64),
            pending=(word == "pending").sum().cast(pl.Int64),
            not_counted=word.is_in(["not_counted", "rescheduled"]).sum().cast(pl.Int64),
        )
    )
    silent = unreported(scene, t)
    out = orders
    for part in (credit, absent, silent):
        out = out.join(part, on="order", how="left", maintain_order="left")
    return out.select(pl.col(c).fill_null(0).cast(k) if c != "order" else pl.col(c) for c, k in TALLY.items())


def unreported(scene: Scene, t: int) -> pl.DataFrame:
    """order, unreported: expected sessions that are over at `t` and nobody told of; the last window goes on in time."""
    over = scene.expected.unanswered.filter((pl.col("over_t") <= t) & (pl.col("until_t") > t)).join(
        scene.ground.orders.select("order", "end_t"), on="order"
    )
    until = pl.min_horizontal(pl.lit(t), pl.col("end_t"))
    more = (until - pl.col("over_t")) // (pl.col("every").cast(pl.Int64) * DAY)
    return over.group_by("order").agg(unreported=(1 + more.fill_null(0)).sum().cast(pl.Int64))
