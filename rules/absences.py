"""Absences laid out for counting: which orders, which lanes, which eras, and what protects one of them."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from rules.runs import numbered
from rules.scene import Scene
from rules.terms import Duty

ROW: Final[dict[str, Any]] = {
    "order": pl.Int64, "lane": pl.Int64, "program": pl.Int64, "era": pl.Int32, "era_end_t": pl.Int64, "id": pl.Int64,
    "on": pl.Int32, "t": pl.Int64, "decision": pl.String, "protected": pl.Boolean, "counts": pl.Boolean,
    "every": pl.Int32,  # of a window nobody told of: the same again each so many days
}  # fmt: skip
NEVER_T: Final = -(2**62)


def looked_at(scene: Scene, duty: Duty, lateness: str | None, per: str) -> pl.DataFrame:
    """ROW per absence (and late arrival, where the pack counts one as an absence); outside the order: not_in_force."""
    absent = scene.attendance.absences
    if lateness:
        late = scene.attendance.with_era(scene.late_as_absent(duty, lateness))
        late = late.with_columns(decision=pl.coalesce("decision", pl.lit("late")))
        absent = pl.concat([absent, late], how="diagonal_relaxed")
    rows = absent.join(duty.orders.select("order"), on="order", how="semi").with_columns(
        decision=pl.when("in_force").then("decision").otherwise(pl.lit("not_in_force"))
    )
    rows = rows.with_columns(
        lane=pl.col("program") if per == "program" else pl.lit(0, pl.Int64),
        protected=pl.lit(False),
        counts=pl.lit(True),
        every=pl.lit(None, pl.Int32),
    )
    return rows.select(pl.col(c).cast(k) for c, k in ROW.items())


def unreported(scene: Scene, duty: Duty, per: str, ahead: int = 0) -> pl.DataFrame:
    """ROW per expected session that nobody told of; its instant is when it is over. `ahead`: so many windows to come
    one by one, as far as a count can matter; the last of them stands for the rest."""
    rows = scene.once(f"unreported {per} {ahead}", lambda: _unreported(scene, per, ahead))
    return rows.join(duty.orders.select("order"), on="order", how="semi")


def _unreported(scene: Scene, per: str, ahead: int) -> pl.DataFrame:
    """The same of all orders."""
    items = one_by_one(scene, scene.silent, ahead).with_row_index("row")
    items = items.with_columns(
        id=-1 - pl.col("row").cast(pl.Int64), on=pl.col("day"), t=pl.col("over_t"), decision=pl.lit("unreported"),
        protected=pl.lit(False), counts=pl.lit(True),
    )  # fmt: skip
    items = items.join(scene.last_program, on="order", how="left").with_columns(
        program=pl.coalesce("program", "last_program")
    )
    items = scene.attendance.with_era(items)
    lane = pl.col("program").fill_null(0) if per == "program" else pl.lit(0, pl.Int64)
    return items.with_columns(lane=lane).select(pl.col(c).cast(k) for c, k in ROW.items())


def one_by_one(scene: Scene, items: pl.DataFrame, ahead: int) -> pl.DataFrame:
    """The first window to come of each order, and `ahead` more after it, as long as the order lives."""
    zones = scene.ground.orders.select("order", "zone_ix")
    tail = items.filter(pl.col("every").is_not_null()).join(zones, on="order")
    tail = tail.with_columns(more=pl.int_ranges(0, pl.lit(ahead + 1), dtype=pl.Int32)).explode("more")
    later = pl.col("more") * pl.col("every")
    tail = tail.with_columns(day=pl.col("day") + later, over_on=pl.col("over_on") + later)
    tail = tail.with_columns(
        over_t=scene.ground.day_start("over_on"), every=pl.when(pl.col("more") == ahead).then("every")
    )
    tail = tail.filter(pl.col("over_t") <= pl.col("end_t"))
    return pl.concat([items.filter(pl.col("every").is_null()), tail.select(items.columns)])


def in_steps(scene: Scene, rows: pl.DataFrame, at: str = "t") -> pl.DataFrame:
    """`step_t`: the instant (`at`) of each row, but one and the same for all up to the order's last class told of.

    So what is unknown grows from then on as time goes by, and needs no evaluation to be read.
    """
    theirs = scene.attendance.sessions.select("order", "t")
    theirs = theirs.filter(pl.col("order").is_in(rows.get_column("order").unique().implode()))
    last = theirs.group_by("order").agg(told_t=pl.col("t").max())
    told = rows.join(last, on="order", how="left", maintain_order="left")
    return told.with_columns(
        step_t=pl.when(pl.col(at) > pl.col("told_t").fill_null(NEVER_T)).then(at).otherwise(pl.lit(NEVER_T))
    ).drop("told_t")


def protected(scene: Scene, duty: Duty, rows: pl.DataFrame, limit: str, approvers: str) -> pl.DataFrame:
    """Absences covered by a leave that all `approvers` (a term, as of the day covered) gave before the absence that
    would otherwise end participation.

    Source: FORMAT/CODES, ABSENCE_TERMINATION_THRESHOLD. Which absence that is moves as earlier ones are protected, so
    this is repeated until nothing more is.
    """
    leaves = approved_leaves(scene, duty, rows, approvers)
    if leaves.is_empty():
        return rows
    keys = ["order", "lane", "era"]
    limits = duty.of(limit).select("order", limit="n").unique("order")
    for _ in range(len(leaves) + 1):
        counting = numbered(rows.filter(pl.col("counts") & ~pl.col("protected")).sort(*keys, "t", "id"), keys)
        last = counting.join(limits, on="order").filter(pl.col("n") == pl.col("limit")).select(*keys, last_on="on")
        fresh = rows.filter(pl.col("counts") & ~pl.col("protected")).join(last, on=keys, nulls_equal=True)
        fresh = fresh.join(leaves, left_on=["order", "on"], right_on=["order", "covers"]).filter(
            (pl.col("whole_on") < pl.col("last_on")) & (pl.col("on") <= pl.col("last_on"))
        )
        if fresh.is_empty():
            break
        saved = fresh.select("order", "id", saved=True).unique()
        rows = (
            rows.join(saved, on=["order", "id"], how="left")
            .with_columns(protected=pl.col("protected") | pl.col("saved").fill_null(False))
            .drop("saved")
        )
    return rows.with_columns(counts=pl.col("counts") & ~pl.col("protected"))


def approved_leaves(scene: Scene, duty: Duty, rows: pl.DataFrame, approvers: str) -> pl.DataFrame:
    """order, covers (day), whole_on: the day on which the last of the approvers needed had given approval."""
    leaves = scene.ground.laid("leaves").join(rows.select("order").unique(), on="order", how="semi")
    given = leaves.select("order", "on", covers=pl.col("covers_on").cast(pl.Int32), by="approved_by").explode("by")
    found = [given.select("order", "covers", whole_on="on").clear()]
    for needed, part in duty.said(given, approvers, "covers"):
        told = part.filter(pl.col("by").is_in(needed or [])).group_by("order", "covers", "by").agg(pl.col("on").min())
        whole = told.group_by("order", "covers").agg(whole_on=pl.col("on").max(), who=pl.len())
        found.append(whole.filter(pl.col("who") == len(needed or [])).drop("who"))
    return pl.concat(found)
