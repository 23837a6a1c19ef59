"""REPORTING: somebody owes a report, a notice or a decision, and its lack is the finding, about them.

A lapse of a program, an officer, a prosecutor or a court is never the person's.
"""

from __future__ import annotations

import msgspec
import polars as pl

from rules import clocks
from rules.kinds import silence
from rules.known import FOREVER
from rules.pending import pending_stretches
from rules.pieces import all_because
from rules.scene import Scene
from rules.sources import Source
from rules.terms import Duty


class DecisionSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="decision"):
    """A recorded absence must be decided in time, or by the day on which evidence was due."""

    within: str


class IntervalSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="interval"):
    """A report again and again: at the latest so long after the last one, or after the start."""

    every: str
    start: Source
    report: Source
    rolls: bool = False


class CountedSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="counted"):
    """A report that is due between two session counts. One before the lower count does not count."""

    no_sooner_than: str
    before: str
    report: Source


Spec = clocks.ClockSpec | DecisionSpec | IntervalSpec | CountedSpec | silence.SilenceSpec


def pieces(scene: Scene, duty: Duty, spec: Spec) -> pl.DataFrame:
    """Pieces of spans for one duty."""
    if isinstance(spec, clocks.ClockSpec):
        return clocks.pieces(scene, duty, spec)
    if isinstance(spec, silence.SilenceSpec):
        return silence.pieces(scene, duty, spec)
    if isinstance(spec, DecisionSpec):
        return undecided(scene, duty, spec)
    return intervals(scene, duty, spec) if isinstance(spec, IntervalSpec) else counted(scene, duty, spec)


def undecided(scene: Scene, duty: Duty, spec: DecisionSpec) -> pl.DataFrame:
    """From the day after `due` to the decision, one flag per absence."""
    rows = pending_stretches(scene).drop("first_t")
    rows = duty.at(rows, spec.within, "rec_on")
    rows = rows.with_columns(due_on=pl.coalesce("evidence_due", scene.ground.later(rows, "rec_on")))
    late_t = scene.ground.day_start(pl.col("due_on") + 1)
    rows = rows.with_columns(from_t=pl.max_horizontal("from_t", late_t)).filter(pl.col("from_t") < pl.col("to_t"))
    return rows.select("order", "from_t", "to_t", "due_on", "basis", "vid", first_t=late_t, about="id")


def intervals(scene: Scene, duty: Duty, spec: IntervalSpec) -> pl.DataFrame:
    """From the day after each due date to the next report."""
    orders = duty.orders
    start = scene.anchored(orders, spec.start.anchor or "treatment_started_on").with_columns(rank=pl.lit(0))
    told = scene.events(spec.report).join(start.select("order", begun_t="t"), on="order")
    told = told.filter(pl.col("t") >= pl.col("begun_t")).with_columns(rank=pl.lit(1)).drop("begun_t")
    rows = pl.concat([start, told.select(start.columns)]).sort("order", "t", "rank", "id")
    rows = rows.with_columns(
        next_t=pl.when(pl.col("order").shift(-1) == pl.col("order")).then(pl.col("t").shift(-1)).fill_null(FOREVER)
    )
    rows = duty.at(rows, spec.every)
    rows = rows.with_columns(due_on=scene.ground.later(rows, "on"))
    if spec.rolls and duty.rolls:
        rows = rows.with_columns(due_on=scene.ground.court_days.roll_forward(pl.col("cal"), pl.col("due_on")))
    rows = rows.with_columns(
        from_t=scene.ground.day_start(pl.col("due_on") + 1), to_t=pl.min_horizontal("next_t", "end_t")
    )
    done = scene.ground.laid("certificates").group_by("order").agg(done_on=pl.col("on").min())
    rows = rows.join(done, on="order", how="left").filter(
        (pl.col("from_t") < pl.col("to_t")) & (pl.col("done_on").is_null() | (pl.col("done_on") > pl.col("due_on")))
    )
    return rows.select("order", "from_t", "to_t", "due_on", "basis", "vid", keyed=pl.col("on").cast(pl.Int64))


def counted(scene: Scene, duty: Duty, spec: CountedSpec) -> pl.DataFrame:
    """From the session at the upper count to the first report after the lower one."""
    credits = scene.credits.join(duty.orders.select("order"), on="order", how="semi")
    low = duty.at(credits, spec.no_sooner_than).filter(pl.col("n") == pl.col("n_right"))
    high = duty.at(credits, spec.before).filter(pl.col("n") == pl.col("n_right"))
    rows = high.select("order", "basis", "vid", from_t="t", from_on="on", last="id").join(
        low.select("order", low_on="on"), on="order"
    )
    told = scene.events(spec.report).select("order", "id", told_on="on", told_t="t")
    pairs = rows.select("order", "low_on", "from_t").join(told, on="order")
    good = pairs.filter(pl.col("told_on") >= pl.col("low_on")).group_by("order").agg(to_t=pl.col("told_t").min())
    early = pairs.filter((pl.col("told_on") < pl.col("low_on")) & (pl.col("told_t") <= pl.col("from_t")))
    early = early.sort("order", "told_t", "id").group_by("order", maintain_order=True).agg(counter="id")
    early = early.with_columns(counter_why=all_because("too_early"))
    rows = rows.join(good, on="order", how="left").join(early, on="order", how="left")
    return rows.filter(pl.col("from_t") < pl.col("to_t").fill_null(FOREVER)).with_columns(
        from_on=pl.lit(None, pl.Int32), keyed="last"
    )
