"""Contacts in calendar weeks and quarters: the form of FIXED_WINDOW that is the officer's duty.

Source: rules/scenarios/FORMAT.md section 2.5. A level that begins inside a week or quarter starts with the next
whole one.
"""

from __future__ import annotations

from typing import Literal

import msgspec
import polars as pl

from rules.calendar_table import week_start
from rules.known import FOREVER
from rules.scene import Scene
from rules.terms import Duty

SHORT = {
    "order": pl.Int64, "window_from": pl.Int32, "window_to": pl.Int32, "have": pl.Int64, "need": pl.Int64,
    "counted_in": pl.String, "basis": pl.String, "vid": pl.Int32,
}  # fmt: skip


class Count(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many contacts of a sort as the term says; or one in each month of the window."""

    term: str
    pick: dict[str, list[str]]
    counted_in: str | None = None
    by_month: bool = False


class ContactSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="contacts"):
    """Closed windows of orders at a level, and what each must hold; per unit the first count that is short is told."""

    window: Literal["week", "quarter"]
    level: str
    counts: list[Count]
    suspended_by: tuple[str, ...] = ("custody", "warrant")


def pieces(scene: Scene, duty: Duty, spec: ContactSpec) -> pl.DataFrame:
    """One piece per closed window that falls short; it stays."""
    windows = unsuspended(scene, whole_windows(scene, duty, spec), spec)
    short = pl.DataFrame(schema=SHORT)
    for count in spec.counts:
        same = short.filter(pl.col("counted_in").eq_missing(pl.lit(count.counted_in)))
        open_ones = windows.join(same, on=["order", "window_from"], how="anti")
        told = counted(scene, open_ones, duty, count).filter(pl.col("have") < pl.col("need"))
        short = pl.concat([short, told.select(pl.col(c).cast(k) for c, k in SHORT.items())])
    second = (pl.col("counted_in") == "positive_home_contacts").fill_null(False)
    return short.with_columns(from_on="window_to", keyed=pl.col("window_from").cast(pl.Int64) * 2 + second)


def whole_windows(scene: Scene, duty: Duty, spec: ContactSpec) -> pl.DataFrame:
    """Windows that lie wholly in a stretch of the level, in the order's life and before the horizon."""
    ground = scene.ground
    life = duty.orders.select("order", "zone_ix", "supervision_started_on", "start_on", "end_t")
    life = life.with_columns(
        life_from=pl.coalesce("supervision_started_on", "start_on"),
        life_to=pl.when(pl.col("end_t") < FOREVER).then(ground.of_local(pl.col("end_t"))).otherwise(ground.horizon),
    )
    at_level = ground.levels.filter(pl.col("level") == spec.level).join(life, on="order")
    at_level = at_level.with_columns(
        begins=pl.max_horizontal("from_on", "life_from"),
        ends=pl.min_horizontal(pl.col("to_on").fill_null(2**30), "life_to"),
    )
    at_level = at_level.join(week_starts(duty, at_level), on=["order", "begins"], how="left")
    rows = weeks(at_level) if spec.window == "week" else quarters(scene, at_level)
    return rows.select("order", "window_from", "window_to")


def weeks(rows: pl.DataFrame) -> pl.DataFrame:
    """The calendar weeks from the first whole one to the last."""
    monday, sunday = week_start(pl.col("begins")), week_start(pl.col("begins"), "sunday")
    start = pl.when(pl.col("word") == "sunday").then(sunday).otherwise(monday)
    rows = rows.with_columns(start=pl.when(start < pl.col("begins")).then(start + 7).otherwise(start))
    many = (pl.col("ends") - pl.col("start")) // 7
    rows = rows.with_columns(n=pl.int_ranges(0, pl.max_horizontal(many, 0), dtype=pl.Int32))
    rows = rows.explode("n").drop_nulls("n")
    rows = rows.with_columns(window_from=pl.col("start") + pl.col("n") * 7)
    return rows.with_columns(window_to=pl.col("window_from") + 7)


def quarters(scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    """The calendar quarters from the first whole one to the last."""
    months = scene.ground.months
    start = months.quarter_start(pl.col("begins"))
    rows = rows.with_columns(start=start)
    rows = rows.with_columns(
        start=pl.when(pl.col("start") < pl.col("begins")).then(months.add_months(pl.col("start"), 3)).otherwise("start")
    )
    rows = rows.with_columns(
        n=pl.int_ranges(0, pl.max_horizontal((pl.col("ends") - pl.col("start")) // 90 + 1, 0), dtype=pl.Int32)
    )
    rows = rows.explode("n").drop_nulls("n")
    rows = rows.with_columns(window_from=months.add_months(pl.col("start"), pl.col("n") * 3))
    rows = rows.with_columns(window_to=months.add_months(pl.col("window_from"), 3))
    return rows.filter(pl.col("window_to") <= pl.col("ends"))


def week_starts(duty: Duty, begun: pl.DataFrame) -> pl.DataFrame:
    """order, begins, word: on which day weeks start, where an order or a policy says so."""
    days = begun.select("order", "begins").unique()
    return duty.at(days, "calendar.week_starts", "begins").select("order", "begins", "word").drop_nulls("word")


def unsuspended(scene: Scene, windows: pl.DataFrame, spec: ContactSpec) -> pl.DataFrame:
    """Windows without a day of a pause that suspends these contacts."""
    pauses = scene.ground.pauses.filter(pl.col("kind").is_in(spec.suspended_by)).select(
        "order", "from_on", pause_to="to_on"
    )
    hit = windows.select("order", "window_from", "window_to").join(pauses, on="order")
    hit = hit.filter(
        (pl.col("from_on") < pl.col("window_to")) & (pl.col("window_from") < pl.col("pause_to").fill_null(2**30))
    )
    return windows.join(hit.select("order", "window_from").unique(), on=["order", "window_from"], how="anti")


def counted(scene: Scene, windows: pl.DataFrame, duty: Duty, count: Count) -> pl.DataFrame:
    """`have` and `need` of one count for every window."""
    contacts = scene.ground.laid("contacts")
    for column, words in count.pick.items():
        contacts = contacts.filter(pl.col(column).cast(pl.String).is_in(words))
    pairs = windows.select("order", "window_from", "window_to").join(contacts.select("order", "on"), on="order")
    inside = pairs.filter((pl.col("window_from") <= pl.col("on")) & (pl.col("on") < pl.col("window_to")))
    months = scene.ground.months.month_start(pl.col("on"))
    many = months.n_unique() if count.by_month else pl.len()
    have = inside.group_by("order", "window_from").agg(found=many.cast(pl.Int64))
    timed = duty.at(windows, count.term, "window_from")
    return timed.join(have, on=["order", "window_from"], how="left").with_columns(
        have=pl.col("found").fill_null(0),
        need=pl.lit(3, pl.Int64) if count.by_month else pl.col("n"),
        counted_in=pl.lit(count.counted_in, pl.String),
    )
