"""ROLLING_CADENCE: no more than so long since the last one; overdue from the day after `due` until the next.

Source: rules/scenarios/FORMAT.md section 7 ("Reports": contact cadences; "break"). "q in p days": before q contacts,
start + p; then the q-th last contact + p. Calendar-month cadences run to the end of the month reached.
"""

from __future__ import annotations

import msgspec
import polars as pl

from rules.ground import outside
from rules.known import FOREVER
from rules.scene import Scene
from rules.terms import Duty
from rules.values import ALWAYS, NEVER


class ContactSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="contacts"):
    """An officer's contacts. `every`: terms of the cadence, the first that an order has a value for; by level."""

    every: list[str]
    pick: dict[str, list[str]]
    suspended_by: list[str]
    first_within: str | None = None
    level_change_restarts: bool = False


class BreakSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="break"):
    """A break between attended sessions. Coming back does not make up for a missing approval."""

    longest: str


Spec = ContactSpec | BreakSpec


def pieces(scene: Scene, duty: Duty, spec: Spec) -> pl.DataFrame:
    """Pieces of spans for one duty."""
    return breaks(scene, duty, spec) if isinstance(spec, BreakSpec) else contacts(scene, duty, spec)


def breaks(scene: Scene, duty: Duty, spec: BreakSpec) -> pl.DataFrame:
    """One flag per break that nobody had approved before it became too long."""
    attended = scene.events_named("attended").join(duty.orders.select("order"), on="order", how="semi")
    days = attended.sort("order", "on", "id").unique(["order", "on"], keep="first", maintain_order=True)
    days = days.with_columns(
        back=pl.when(pl.col("order").shift(-1) == pl.col("order")).then(pl.col("on").shift(-1)).fill_null(ALWAYS)
    )
    gaps = duty.at(days, spec.longest).with_columns(due_on=pl.col("on") + pl.col("n").cast(pl.Int32))
    gaps = gaps.filter(pl.col("due_on") < pl.col("back"))
    approved = (
        scene.ground.laid("decisions")
        .filter(pl.col("kind") == "break_approved")
        .select("order", approved_on="on", until=pl.col("until").cast(pl.Int32))
    )
    fit = (
        gaps.select("order", "id", "on", "due_on")
        .join(approved, on="order")
        .filter(pl.col("approved_on") <= pl.col("due_on"))
    )
    fit = fit.group_by("order", "id").agg(pl.col("until").max())
    gaps = (
        gaps.join(fit, on=["order", "id"], how="left")
        .with_columns(due_on=pl.max_horizontal("due_on", "until"))
        .with_columns(from_on=pl.col("due_on") + 1)
        .filter(pl.col("from_on") <= pl.col("back"))
    )
    gaps = gaps.join(over_before(scene, gaps), on=["order", "id"], how="anti")
    begins = scene.ground.day_start("from_on")
    gaps = gaps.with_columns(begins_t=begins)
    gaps = gaps.filter((pl.col("begins_t") >= pl.col("start_t")) & (pl.col("begins_t") < pl.col("end_t")))
    gaps = outside(gaps, scene.ground.suspended, "begins_t")
    gaps = pl.concat([gaps.with_columns(certainty=pl.lit("CERTAIN")), unsure(scene, gaps)])
    gaps = scene.until_resolved(gaps, "id")
    return gaps.select(
        "order", "certainty", "from_on", "due_on", "basis", "vid", to_t="resolved_t", limit="n", keyed="id",
        evidence=pl.concat_list("id"),
    )  # fmt: skip


def over_before(scene: Scene, gaps: pl.DataFrame) -> pl.DataFrame:
    """order, id of breaks before which the program was over: a certificate stood, or the person had left for good.

    Whoever left is no longer the program's to report (ENROLLMENT_GAP tells of that); a class after that shows that the
    person was there again, whatever the enrollment says.
    """
    left = scene.ground.out_of_program.filter(pl.col("back_on").is_null()).select("order", stop="from_on", left=True)
    done = scene.ground.laid("certificates").select("order", stop="on", left=pl.lit(False))
    pairs = gaps.select("order", "id", "on", "from_on").join(pl.concat([left, done]), on="order")
    stopped = (pl.col("stop") <= pl.col("from_on")) & (~pl.col("left") | (pl.col("stop") > pl.col("on")))
    return pairs.filter(stopped).select("order", "id").unique()


def unsure(scene: Scene, gaps: pl.DataFrame) -> pl.DataFrame:
    """The breaks in which a scheduled session lies of which nobody told: UNVERIFIED, beside the flag."""
    silent = scene.expected.silent_schedule.select("order", "day")
    pairs = gaps.select("order", "id", "on", "back").join(silent, on="order")
    inside = pairs.filter((pl.col("on") < pl.col("day")) & (pl.col("day") < pl.col("back")))
    hit = inside.select("order", "id").unique()
    return gaps.join(hit, on=["order", "id"], how="semi").with_columns(certainty=pl.lit("UNVERIFIED"))


def contacts(scene: Scene, duty: Duty, spec: ContactSpec) -> pl.DataFrame:
    """Overdue stretches between one contact and the next, inside each supervised stretch."""
    runs = supervised(scene, duty, spec)
    points = with_contacts(scene, duty, runs, spec)
    points = points.join(level_at(scene, points), on=["run", "point"], how="left")
    points = cadence_of(duty, points, spec)
    points = with_due(scene, duty, points, spec)
    same_run = pl.col("run") == pl.col("run").shift(-1)
    points = points.sort("run", "on", "point").with_columns(
        next_t=pl.when(same_run).then(pl.col("t").shift(-1)), next_on=pl.when(same_run).then(pl.col("on").shift(-1))
    )
    ground = scene.ground
    late_t = ground.day_start(pl.col("due_on") + 1)
    rows = points.with_columns(
        from_t=pl.max_horizontal(late_t, "t"), to_t=pl.min_horizontal(pl.col("next_t").fill_null(FOREVER), "run_end_t")
    )
    rows = rows.filter(pl.col("due_on").is_not_null() & (pl.col("from_t") < pl.col("to_t")))
    return rows.select(
        "order", "from_t", "to_t", "due_on", "basis", "vid", keyed=pl.col("due_on").cast(pl.Int64),
        first_t=late_t,
    )  # fmt: skip


def supervised(scene: Scene, duty: Duty, spec: ContactSpec) -> pl.DataFrame:
    """Stretches in which the clock runs: run, order, start_on, start_t, run_end_t, first (no fresh start before)."""
    ground = scene.ground
    orders = duty.orders.filter(pl.col("supervision_started_on").is_not_null()).select(
        "order", "zone_ix", "cal", "end_t", on="supervision_started_on",
        t=ground.day_start("supervision_started_on"),
    )  # fmt: skip
    pauses = ground.pauses.filter(pl.col("kind").is_in(spec.suspended_by)).join(orders.select("order"), on="order")
    edges = [orders.select("order", "on", "t", opens=pl.lit(True), order_of=pl.lit(0))]
    edges.append(pauses.select("order", on="from_on", t="from_t", opens=pl.lit(False), order_of=pl.lit(1)))
    ended = pauses.filter(pl.col("to_t").is_not_null())
    edges.append(ended.select("order", on="to_on", t="to_t", opens=pl.lit(True), order_of=pl.lit(2)))
    if spec.level_change_restarts:
        changes = ground.levels.join(orders.select("order", "zone_ix", begun="on"), on="order")
        changes = changes.filter(pl.col("from_on") > pl.col("begun"))
        edges.append(
            changes.select("order", on="from_on", t=ground.day_start("from_on"), opens=pl.lit(True), order_of=pl.lit(3))
        )
    laid = pl.concat(edges).join(orders.drop("on", "t"), on="order")
    begun = orders.select("order", begun_t="t")
    laid = laid.join(begun, on="order").with_columns(t=pl.max_horizontal("t", "begun_t")).drop("begun_t")
    laid = laid.sort("order", "t", "order_of")
    laid = outside_pauses(laid, pauses)
    same = pl.col("order") == pl.col("order").shift(-1)
    laid = laid.with_columns(
        run_end_t=pl.min_horizontal(pl.when(same).then(pl.col("t").shift(-1)).fill_null(FOREVER), "end_t"),
        first=pl.col("order") != pl.col("order").shift(1).fill_null(-1),
    )
    return laid.filter(pl.col("opens") & (pl.col("t") < pl.col("run_end_t"))).with_row_index("run")


def outside_pauses(edges: pl.DataFrame, pauses: pl.DataFrame) -> pl.DataFrame:
    """Openings that lie inside another pause open nothing."""
    inside = edges.filter("opens").select("order", "t").join(pauses.select("order", "from_t", "to_t"), on="order")
    inside = inside.filter((pl.col("from_t") <= pl.col("t")) & (pl.col("t") < pl.col("to_t").fill_null(FOREVER)))
    shut = inside.select("order", "t").unique().with_columns(opens=pl.lit(True))
    return edges.join(shut, on=["order", "t", "opens"], how="anti", maintain_order="left")


def with_contacts(scene: Scene, duty: Duty, runs: pl.DataFrame, spec: ContactSpec) -> pl.DataFrame:
    """The points at which the due date may change: the start, each contact, each change of level or of a value.

    `n` counts contacts so far in the run.
    """
    made = scene.ground.laid("contacts")
    for column, words in spec.pick.items():
        told = pl.col(column).cast(pl.String)
        made = made.filter(told.is_in(words) | (told.is_null() if column == "method" else pl.lit(False)))
    inside = (
        runs.drop("on", "t")
        .join(made.select("order", "on", "t", "id"), on="order")
        .join(runs.select("run", begun_t="t"), on="run")
    )
    inside = inside.filter((pl.col("t") >= pl.col("begun_t")) & (pl.col("t") < pl.col("run_end_t"))).drop("begun_t")
    starts = runs.with_columns(id=pl.lit(None, pl.Int64), rank=pl.lit(0))
    inside = inside.with_columns(rank=pl.lit(2)).select(starts.columns)
    changes = pl.concat([scene.ground.levels.select("order", "from_on"), new_values(duty, spec)]).unique()
    changes = changes.join(runs.drop("on", "t"), on="order").join(runs.select("run", begun_t="t"), on="run")
    changes = changes.with_columns(
        on="from_on", t=scene.ground.day_start("from_on"), id=pl.lit(None, pl.Int64), rank=pl.lit(1)
    )
    changes = changes.filter((pl.col("t") > pl.col("begun_t")) & (pl.col("t") < pl.col("run_end_t")))
    points = pl.concat([starts, inside, changes.select(starts.columns)]).sort("run", "t", "rank", "id")
    return points.with_columns(
        point=pl.int_range(pl.len()).over("run"), n=(pl.col("rank") == 2).cum_sum().over("run").cast(pl.Int64)
    )


def new_values(duty: Duty, spec: ContactSpec) -> pl.DataFrame:
    """order, from_on: the days on which another value of the cadence comes into force."""
    found = [duty.of(term).select("order", from_on="from_day") for term in spec.every]
    return pl.concat(found).filter(pl.col("from_on") > NEVER)


def level_at(scene: Scene, points: pl.DataFrame) -> pl.DataFrame:
    """run, point, at_level: the level in force."""
    pairs = points.select("run", "point", "order", "on").join(scene.ground.levels, on="order")
    inside = pairs.filter((pl.col("from_on") <= pl.col("on")) & (pl.col("on") < pl.col("to_on").fill_null(2**30)))
    return inside.select("run", "point", at_level="level")


def cadence_of(duty: Duty, points: pl.DataFrame, spec: ContactSpec) -> pl.DataFrame:
    """`q`, `p_days`, `p_months` in force at each point; null where no cadence applies to the level."""
    found = (
        points.clear()
        .select("run", "point", q="n", p_days="cal", p_months="cal")
        .with_columns(basis=pl.lit(None, pl.String), vid=pl.lit(None, pl.Int32))
    )
    for term in spec.every:
        rows = duty.of(term).rename({"n": "q"})
        pairs = points.select("run", "point", "order", "on", "at_level").join(rows, on="order")
        fits = pairs.filter(
            (pl.col("level").is_null() | (pl.col("level") == pl.col("at_level")))
            & (pl.col("from_day") <= pl.col("on"))
            & (pl.col("on") < pl.col("to_day"))
        ).join(found, on=["run", "point"], how="anti")
        fits = fits.select(
            "run", "point", "q", p_days="period_days", p_months="period_months", basis="basis", vid="vid"
        )
        found = pl.concat([found, fits.unique(["run", "point"], keep="first", maintain_order=True)])
    return points.join(found, on=["run", "point"], how="left")


def with_due(scene: Scene, duty: Duty, points: pl.DataFrame, spec: ContactSpec) -> pl.DataFrame:
    """`due_on` of every point."""
    ground = scene.ground
    made = points.filter(pl.col("rank") == 2).select("run", nth="n", nth_on="on")
    begun = points.filter(pl.col("rank") == 0).select("run", begun_on="on")
    points = points.join(begun, on="run").with_columns(nth=pl.col("n") - pl.col("q") + 1)
    points = points.join(made, on=["run", "nth"], how="left").with_columns(
        base=pl.when(pl.col("n") < pl.col("q")).then("begun_on").otherwise("nth_on")
    )
    by_month = ground.months.month_end(ground.months.add_months(pl.col("base"), pl.col("p_months")))
    points = points.with_columns(due_on=pl.coalesce(pl.col("base") + pl.col("p_days"), by_month))
    if spec.first_within is None:
        return points
    first = duty.at(points.filter(pl.col("rank") == 0).select("run", "order", "on"), spec.first_within)
    points = points.join(first.select("run", first_n="n", first_unit="unit"), on="run", how="left")
    early = ground.later(points, "begun_on", "first_n", "first_unit")
    early = pl.when(pl.col("first") & (pl.col("n") == 0) & pl.col("q").is_not_null()).then(early)
    return points.with_columns(due_on=pl.min_horizontal("due_on", early))
