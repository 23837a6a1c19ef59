"""Completion against a last day: overdue, exceeded, or no longer possible at the greatest pace.

Source: rules/scenarios/FORMAT.md section 7 ("Cannot finish") and rules/CODES.md.
"""

from __future__ import annotations

import msgspec
import polars as pl

from rules.ground import DAY
from rules.intervals import split_by
from rules.known import FOREVER
from rules.progress_needs import Instead, Test, ends, hopeful, needed
from rules.runs import in_order, joined, next_in_group
from rules.scene import Scene
from rules.terms import Duty


class OverSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="over", kw_only=True):
    """Not complete on the last day. `stays`: finishing later does not undo it."""

    start: str
    within: str
    tests: list[Test]
    instead: Instead | None = None
    rolls: bool = False
    stays: bool = False
    grounds: list[str] = []


class RiskSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="at_risk", kw_only=True):
    """The sessions left do not fit before the last day at so many a week."""

    start: str
    within: str
    tests: list[Test]
    pace: str
    instead: Instead | None = None
    rolls: bool = False


def overdue(scene: Scene, duty: Duty, spec: OverSpec) -> pl.DataFrame:
    """Pieces of spans, certain and unverified."""
    stretches = late_stretches(scene, duty, spec)
    found = told(scene, stretches, scene.credits, spec)
    hope = hopeful(scene, duty.orders)
    rows = certain(found) if hope.is_empty() else verified(found, told(scene, stretches, hope, spec), hope)
    if spec.grounds:
        rows = with_grounds(scene, rows, spec.grounds)
    return rows


def over(scene: Scene, duties: list[Duty]) -> pl.DataFrame:
    """Windows that ended incomplete, with the grounds for an extension on record: order, from_t, grounds."""
    found = [pl.DataFrame(schema={"order": pl.Int64, "from_t": pl.Int64, "grounds": pl.List(pl.Int64)})]
    for duty in duties:
        spec = scene.spec_of(duty)
        rows = told(scene, late_stretches(scene, duty, spec), scene.credits, spec)
        found.append(with_grounds(scene, rows, spec.grounds).select("order", "from_t", "grounds"))
    return pl.concat(found)


GROUP = ["order", "counted_in", "end_on"]


def late_stretches(scene: Scene, duty: Duty, spec: OverSpec) -> pl.DataFrame:
    """From the day after each last day to the day on which it was moved, with the need: one row per test."""
    last = ends(scene, duty, spec.start, spec.within, spec.rolls and duty.rolls)
    clock = scene.ground.orders.select("order", "zone_ix", "end_t")
    needs = pl.concat([needed(duty, test, spec.instead) for test in spec.tests])
    rows = (
        last.drop("basis", "vid")
        .join(clock, on="order")
        .join(needs.rename({"from_day": "need_from", "to_day": "need_to"}), on="order")
    )
    rows = rows.with_columns(
        from_on=pl.max_horizontal("from_day", pl.col("end_on") + 1, "need_from"),
        to_on=pl.min_horizontal("to_day", "need_to"),
    ).filter(pl.col("from_on") < pl.col("to_on"))
    day = scene.ground.day_start
    rows = rows.with_columns(
        stretch_t=day("from_on"), stretch_end=pl.min_horizontal(day("to_on").fill_null(FOREVER), "end_t")
    )
    return rows.filter(pl.col("stretch_t") < pl.col("stretch_end"))


def told(scene: Scene, stretches: pl.DataFrame, credits: pl.DataFrame, spec: OverSpec) -> pl.DataFrame:
    """Parts of the late stretches in which less than the need was there."""
    keys = [*GROUP, "start_on", "stretch_t", "stretch_end", "need", "basis", "vid"]
    late = stretches.select(keys).unique(maintain_order=True).with_row_index("row")
    pairs = late.select("row", *GROUP, "stretch_t", "stretch_end").join(
        credits.select("order", "on", "t", "n", "total"), on="order"
    )
    amount = pl.when(pl.col("counted_in") == "minutes").then("total").otherwise("n")
    limit = pl.col("on") <= pl.col("end_on") if spec.stays else pl.col("t") < pl.col("stretch_t")
    before = pairs.select("row", limit=limit, amount=amount).filter("limit")
    before = before.group_by("row").agg(have=pl.col("amount").max())
    begun = late.join(before, on="row", how="left", maintain_order="left")
    rows = begun.with_columns(pl.col("have").fill_null(0), t="stretch_t").drop("row")
    if not spec.stays:
        after = pairs.filter((pl.col("t") >= pl.col("stretch_t")) & (pl.col("t") < pl.col("stretch_end")))
        later = late.join(after.select("row", "t", have=amount), on="row")
        rows = pl.concat([rows, later.select(rows.columns)])
    group = [*GROUP, "stretch_t"]
    rows = next_in_group(rows.sort(*group, "t", "have"), group, "t", "next_t").with_columns(
        from_t="t", to_t=pl.min_horizontal(pl.col("next_t").fill_null(FOREVER), "stretch_end")
    )
    rows = rows.filter((pl.col("have") < pl.col("need")) & (pl.col("from_t") < pl.col("to_t")))
    rows = joined(rows, ["order", "counted_in", "end_on"])
    return rows.with_columns(
        due_on="end_on", keyed=pl.col("end_on").cast(pl.Int64) * 2 + (pl.col("counted_in") == "minutes")
    )


def certain(found: pl.DataFrame) -> pl.DataFrame:
    """What holds where nothing is outstanding."""
    return found.with_columns(certainty=pl.lit("CERTAIN"))


def verified(found: pl.DataFrame, could: pl.DataFrame, hope: pl.DataFrame) -> pl.DataFrame:
    """What holds even if all outstanding sheets show attendance is certain; the rest of it is not."""
    doubtful = found.join(hope.select("order").unique(), on="order", how="semi")
    clear = found.join(hope.select("order").unique(), on="order", how="anti")
    sure, doubt = split_by(doubtful, could, ["order", "counted_in"])
    sure = joined(sure, ["order", "counted_in", "due_on"])
    doubt = joined(doubt, ["order", "counted_in", "due_on"])
    parts = [certain(clear), certain(sure), doubt.with_columns(certainty=pl.lit("UNVERIFIED"))]
    return pl.concat([part.select(parts[0].columns) for part in parts])


def with_grounds(scene: Scene, rows: pl.DataFrame, kinds: list[str]) -> pl.DataFrame:
    """`grounds`: pauses and hospital letters inside the window; `mitigation` extension_ground if there is one."""
    ground = scene.ground
    pauses = ground.pauses.filter(pl.col("kind").is_in(kinds)).select(
        "order", "from_on", pause_to="to_on", ground_id="id"
    )
    letters = ground.laid("letters").filter(pl.col("kind").cast(pl.String).is_in(kinds))
    days = letters.select("order", from_on="on", pause_to=pl.col("on") + 1, ground_id="id")
    tagged = rows.with_row_index("row")
    pairs = tagged.select("row", "order", "start_on", "end_on").join(pl.concat([pauses, days]), on="order")
    inside = pairs.filter(
        (pl.col("from_on") <= pl.col("end_on")) & (pl.col("pause_to").fill_null(2**30) > pl.col("start_on"))
    )
    lists = inside.sort("row", "ground_id").group_by("row", maintain_order=True).agg(grounds="ground_id")
    rows = tagged.join(lists, on="row", how="left").drop("row")
    return rows.with_columns(
        grounds=pl.col("grounds").fill_null([]),
        mitigation=pl.when(pl.col("grounds").is_not_null()).then(pl.lit(["extension_ground"])),
    )


def at_risk(scene: Scene, duty: Duty, spec: RiskSpec) -> pl.DataFrame:
    """Pieces of spans, certain and unverified."""
    found = risky(scene, duty, spec, scene.credits)
    hope = hopeful(scene, duty.orders)
    if hope.is_empty():
        return certain(found)
    could = risky(scene, duty, spec, hope)
    return verified(found, could.join(hope.select("order").unique(), on="order", how="semi"), hope)


def risky(scene: Scene, duty: Duty, spec: RiskSpec, credits: pl.DataFrame) -> pl.DataFrame:
    """With r sessions left the next one must be held by end - gap x (r - 1)."""
    ground = scene.ground
    last = ends(scene, duty, spec.start, spec.within, spec.rolls and duty.rolls).drop("basis", "vid")
    need = pl.concat([needed(duty, test, spec.instead) for test in spec.tests])
    pace = duty.of(spec.pace).select("order", pace="n").unique("order")
    orders = ground.orders.select("order", "zone_ix", "start_t", "start_on", "end_t")
    base = (
        last.drop("start_on")
        .join(need.rename({"from_day": "need_from", "to_day": "need_to"}), on="order")
        .join(pace, on="order")
    )
    base = base.join(orders, on="order").with_columns(gap=(7 / pl.col("pace")).ceil().cast(pl.Int32))
    base = base.with_row_index("base").with_columns(stop_on=pl.min_horizontal("to_day", "need_to"))
    rows = threatened(progressing(base, credits), base)
    rows = rows.join(base.drop("order"), on="base")
    stop_t = ground.day_start("stop_on").fill_null(FOREVER)
    rows = rows.with_columns(
        from_t=pl.max_horizontal("t", ground.day_start("risk_on")),
        to_t=pl.min_horizontal(pl.col("next_t").fill_null(FOREVER), stop_t, "end_t"),
    ).filter(pl.col("from_t") < pl.col("to_t"))
    rows = joined(rows, ["order", "end_on"])
    return rows.with_columns(due_on="end_on", have="n", keyed=pl.col("end_on").cast(pl.Int64)).drop(
        "start_on", "start_t", "base"
    )


def progressing(base: pl.DataFrame, credits: pl.DataFrame) -> pl.DataFrame:
    """How far each order was from when on: order, state_on, t, n, last (the day of the last session), next_t."""
    begun = base.select("order", on="start_on", t="start_t").unique()
    begun = begun.with_columns(n=pl.lit(0, pl.Int64), last=pl.lit(None, pl.Int32))
    held = credits.select("order", "on", "t", "n", last="on").filter(
        pl.col("order").is_in(base.get_column("order").unique().implode())
    )
    states = in_order(pl.concat([begun, held.select(begun.columns)]), "order", "t", "n")
    return next_in_group(states, ["order"], "t", "next_t").rename({"on": "state_on"})


def threatened(states: pl.DataFrame, base: pl.DataFrame) -> pl.DataFrame:
    """The states in which a last day may be at risk, with `base` and `risk_on`: most come long before, and fall out."""
    few = base.select("base", "order", "need", "end_on", "gap", first_on=pl.max_horizontal("from_day", "need_from"))
    left = (pl.col("need") - pl.col("n")).cast(pl.Int32)
    rows = states.join(few, on="order").with_columns(left=left).filter(pl.col("left") > 0)
    rows = rows.with_columns(by=pl.col("end_on") - pl.col("gap") * (pl.col("left") - 1))
    too_close = (pl.col("last") + pl.col("gap") > pl.col("by")).fill_null(False)
    risk_on = pl.when(too_close).then("state_on").otherwise(pl.col("by") + 1)
    rows = rows.with_columns(risk_on=pl.max_horizontal(risk_on, "first_on"))
    # a local day begins within a day of the day in UTC
    begins = (pl.col("risk_on").cast(pl.Int64) - 1) * DAY
    rows = rows.filter(begins < pl.col("next_t").fill_null(FOREVER))
    return rows.drop("need", "end_on", "gap", "first_on")
