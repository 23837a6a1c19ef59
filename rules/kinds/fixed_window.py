"""FIXED_WINDOW: so many in each window that is over; windows follow one another or the calendar.

A window that nobody reported on is UNVERIFIED, and never a miss.
"""

from __future__ import annotations

from typing import Literal

import msgspec
import polars as pl

from rules.kinds import contact_windows
from rules.known import FOREVER
from rules.pieces import NOTHING
from rules.runs import changed, in_order
from rules.scene import Scene
from rules.terms import Duty


class AttendanceSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="attendance"):
    """One session record in every attendance window that a roster covers."""

    every: str


class DaysSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="days"):
    """An act on each scheduled day."""

    condition: str | None = None
    of: Literal["check_in"] = "check_in"


Spec = AttendanceSpec | DaysSpec | contact_windows.ContactSpec


def pieces(scene: Scene, duty: Duty, spec: Spec) -> pl.DataFrame:
    """Pieces of spans for one duty."""
    if isinstance(spec, AttendanceSpec):
        return attendance(scene, duty)
    if isinstance(spec, DaysSpec):
        return days(scene, duty, spec)
    return contact_windows.pieces(scene, duty, spec)


def attendance(scene: Scene, duty: Duty) -> pl.DataFrame:
    """Missed windows one by one, and one UNVERIFIED stretch per order from the first window nobody told of."""
    windows = scene.expected.windows.join(duty.orders.select("order"), on="order", how="semi")
    silent = windows.filter(pl.col("record_t").is_null())
    missed = silent.filter(pl.col("cover_t").is_not_null()).select(
        "order", "day", from_t="over_t", to_t="until_t", window_from="day", window_to="over_on",
        certainty=pl.lit("CERTAIN"),
    )  # fmt: skip
    unknown = (
        silent.filter(pl.col("cover_t").is_null())
        .group_by("order")
        .agg(pl.col("day").min(), from_t=pl.col("over_t").min(), to_t=pl.col("until_t").max())
        .with_columns(
            certainty=pl.lit("UNVERIFIED"), window_from=pl.lit(None, pl.Int32), window_to=pl.lit(None, pl.Int32)
        )
    )
    said = scene.expected.said.select("order", "basis", "vid", "from_day", "to_day")
    rows = pl.concat([missed, unknown.select(missed.columns)]).join(said, on="order")
    return rows.filter((pl.col("from_day") <= pl.col("day")) & (pl.col("day") < pl.col("to_day"))).drop(
        "day", "from_day", "to_day"
    )


def days(scene: Scene, duty: Duty, spec: DaysSpec) -> pl.DataFrame:
    """A scheduled day without the act; UNVERIFIED where our own system was down for part of that day."""
    ground = scene.ground
    orders = duty.orders.filter(pl.col("conditions").list.contains(spec.condition)) if spec.condition else duty.orders
    set_for = (
        ground.laid("schedules").filter(pl.col("of") == spec.of).join(orders.select("order"), on="order", how="semi")
    )
    if set_for.is_empty():
        return NOTHING
    due = set_for.select(
        "order", "id", "zone_ix", "start_t", "end_t", due_on=pl.col("expected_on").cast(pl.Int32)
    )
    due = in_order(due, "order", "due_on", "id").filter(changed(["order", "due_on"]))
    begins, ends = ground.day_start("due_on"), ground.day_start(pl.col("due_on") + 1)
    over = ground.endings(orders, spec.of).rename({"end_t": "over_t"})
    due = due.join(over, on="order", how="left").with_columns(begins=begins, ends=ends)
    due = due.filter((pl.col("ends") > pl.col("start_t")) & (pl.col("begins") < pl.min_horizontal("end_t", "over_t")))
    done = ground.laid("check_ins").select("order", due_on="on")
    open_days = due.join(done, on=["order", "due_on"], how="anti").select("order", "due_on", "begins", "ends")
    held = touching(open_days, ground.pauses.filter(pl.col("kind").is_in(["custody"])), whole_days=True)
    held = pl.concat([held, touching(open_days, ground.suspended_for("bip", spec.of), whole_days=True)])
    free = open_days.join(held, on=["order", "due_on"], how="anti")
    down = touching(free, ground.pauses.filter(pl.col("kind") == "system_outage"), whole_days=False)
    free = free.join(down.with_columns(certainty=pl.lit("UNVERIFIED")), on=["order", "due_on"], how="left")
    return free.select("order", "due_on", from_t="ends", keyed=pl.col("due_on").cast(pl.Int64), certainty="certainty")


def touching(days: pl.DataFrame, stretches: pl.DataFrame, whole_days: bool) -> pl.DataFrame:
    """Days inside a stretch (by date), or touched by any part of it (by instant)."""
    pairs = days.join(stretches.select("order", "from_on", "to_on", "from_t", "to_t"), on="order")
    if whole_days:
        inside = (pl.col("from_on") <= pl.col("due_on")) & (pl.col("due_on") < pl.col("to_on").fill_null(2**30))
    else:
        inside = (pl.col("from_t") < pl.col("ends")) & (pl.col("begins") < pl.col("to_t").fill_null(FOREVER))
    return pairs.filter(inside).select("order", "due_on").unique()
