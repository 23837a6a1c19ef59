"""DEADLINE_ONCE: something must be done once, by a day or an instant.

Silence is the finding where the record that would show the act is complete (the court's file, our own record).
"""

from __future__ import annotations

import msgspec
import polars as pl

from rules import clocks
from rules.pieces import NOTHING
from rules.scene import Scene
from rules.terms import Duty


class ShortfallSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="shortfall"):
    """Missed sessions whose make-up time ran out, counted."""

    within: str


Spec = clocks.ClockSpec | ShortfallSpec


def pieces(scene: Scene, duty: Duty, spec: Spec) -> pl.DataFrame:
    """Pieces of spans for one duty."""
    if isinstance(spec, ShortfallSpec):
        return shortfall(scene, duty, spec)
    return clocks.pieces(scene, duty, spec)


def shortfall(scene: Scene, duty: Duty, spec: ShortfallSpec) -> pl.DataFrame:
    """One flag per order: how many missed sessions were not made up inside the time."""
    missed = scene.attendance.absences.filter(
        pl.col("in_force") & ~pl.col("decision").is_in(["not_counted", "rescheduled", "attended_not_complied"])
    )
    if missed.is_empty():
        return NOTHING
    timed = duty.at(missed.select("order", "program", "id", "on", "era_end_t"), spec.within)
    made = scene.attendance.makeups(scene.makeup_days).select("order", id="missed")
    late = (
        timed.join(made, on=["order", "id"], how="anti")
        .with_columns(from_on=pl.col("on") + pl.col("n").cast(pl.Int32) + 1)
        .sort("order", "from_on", "id")
    )
    late = late.with_columns(
        count=(pl.int_range(pl.len()) + 1).over("order").cast(pl.Int64),
        first_on=pl.col("from_on").first().over("order"),
        keyed=pl.col("id").first().over("order"),
        evidence=pl.col("id").cumulative_eval(pl.element().implode()).over("order"),
        to_on=pl.col("from_on").shift(-1).over("order"),
    )
    return late.filter(pl.col("from_on") < pl.col("to_on").fill_null(2**30)).drop("program")
