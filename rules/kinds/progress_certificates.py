"""A certificate against the record: what the rule requires was not there, or the shortest time had not run.

Both are read on the date of the certificate and stay while it stands. The certificate is the program's act.
"""

from __future__ import annotations

import msgspec
import polars as pl

from rules.pieces import NOTHING
from rules.progress_needs import Instead, Test, needed, outstanding
from rules.runs import numbered
from rules.scene import Scene
from rules.terms import Duty


class TestSpec(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="certified", kw_only=True
):
    """`either`: one of the tests is enough. `fewer`: a decision may lower the sessions."""

    tests: list[Test]
    either: bool = False
    instead: Instead | None = None
    fewer: str | None = None


class EarlySpec(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="too_early", kw_only=True
):
    """No certificate sooner than so long after the first session."""

    least: str


def not_met(scene: Scene, duty: Duty, spec: TestSpec) -> pl.DataFrame:
    """One flag per certificate and failed test."""
    certified = scene.ground.laid("certificates").join(duty.orders.select("order"), on="order", how="semi")
    if certified.is_empty():
        return NOTHING
    certified = certified.select("order", "id", "program", "on", "t")
    results = [tested(scene, duty, spec, certified, test, place) for place, test in enumerate(spec.tests)]
    rows = pl.concat(results)
    failed = rows.filter(pl.col("have") < pl.col("need"))
    if spec.either:
        passed = rows.filter(pl.col("have") >= pl.col("need")).select("order", "id")
        failed = failed.join(passed, on=["order", "id"], how="anti").sort("order", "id", "place")
        failed = failed.unique(["order", "id"], keep="first", maintain_order=True)
    return told_by_sheets(scene, failed).select(
        "order", "have", "need", "counted_in", "basis", "vid", "program", "from_t", "to_t", "certainty", about="id",
        first_t="t", keyed=pl.col("id") ^ pl.col("place"), evidence=pl.concat_list("id"),
    )  # fmt: skip


def told_by_sheets(scene: Scene, failed: pl.DataFrame) -> pl.DataFrame:
    """`from_t`, `to_t`, `certainty`: unverified from when so many sheets are outstanding that they could fill it."""
    waiting = outstanding(scene).select("order", waiting_on="on", silent_t="t")
    sheets = failed.select("order", "id", "place", "on", "have", "need", "counted_in").join(waiting, on="order")
    sheets = sheets.filter(pl.col("waiting_on") <= pl.col("on")).sort("order", "id", "place", "silent_t")
    sheets = numbered(sheets, ["order", "id", "place"])
    enough = (pl.col("counted_in") == "minutes") | (pl.col("have") + pl.col("n") >= pl.col("need"))
    since = sheets.filter(enough).group_by("order", "id", "place").agg(doubt_t=pl.col("silent_t").min())
    failed = failed.join(since, on=["order", "id", "place"], how="left")
    sure = failed.with_columns(from_t="t", to_t="doubt_t", certainty=pl.lit("CERTAIN"))
    doubt = failed.filter(pl.col("doubt_t").is_not_null()).with_columns(
        from_t=pl.max_horizontal("t", "doubt_t"), to_t=pl.lit(None, pl.Int64), certainty=pl.lit("UNVERIFIED")
    )
    rows = pl.concat([sure, doubt.select(sure.columns)])
    return rows.filter(pl.col("to_t").is_null() | (pl.col("from_t") < pl.col("to_t")))


def tested(scene: Scene, duty: Duty, spec: TestSpec, certified: pl.DataFrame, test: Test, place: int) -> pl.DataFrame:
    """`have` and `need` of one test on the date of each certificate."""
    needs = needed(duty, test, spec.instead)
    rows = certified.join(needs, on="order").filter(
        (pl.col("from_day") <= pl.col("on")) & (pl.col("on") < pl.col("to_day"))
    )
    if spec.fewer and test.counted_in == "sessions":
        rows = lowered(scene, rows, spec.fewer)
    given = scene.credits.select("order", credit_on="on", amount="total" if test.counted_in == "minutes" else "n")
    have = certified.select("order", "id", "on").join(given, on="order").filter(pl.col("credit_on") <= pl.col("on"))
    have = have.group_by("order", "id").agg(have=pl.col("amount").max())
    rows = rows.join(have, on=["order", "id"], how="left").with_columns(
        pl.col("have").fill_null(0), place=pl.lit(place, pl.Int64)
    )
    return rows.select("order", "id", "program", "on", "t", "have", "need", "counted_in", "basis", "vid", "place")


def lowered(scene: Scene, rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    """The need as a decision on or before the certificate lowered it. No program lowers what it is measured by."""
    said = scene.ground.laid("decisions").filter((pl.col("kind") == kind) & pl.col("number").is_not_null())
    said = said.filter(pl.col("by").cast(pl.String).fill_null("probation") != "provider")
    pairs = rows.select("order", "id", "on").join(said.select("order", said_on="on", number="number"), on="order")
    least = pairs.filter(pl.col("said_on") <= pl.col("on")).group_by("order", "id").agg(pl.col("number").min())
    return (
        rows.join(least, on=["order", "id"], how="left")
        .with_columns(need=pl.min_horizontal("need", "number"))
        .drop("number")
    )


def too_early(scene: Scene, duty: Duty, spec: EarlySpec) -> pl.DataFrame:
    """One flag per certificate dated before the shortest duration had run."""
    certified = scene.ground.laid("certificates").join(duty.orders.select("order"), on="order", how="semi")
    if certified.is_empty():
        return NOTHING
    levels = scene.ground.levels
    at = (
        certified.select("order", "id", "on")
        .join(levels, on="order")
        .filter((pl.col("from_on") <= pl.col("on")) & (pl.col("on") < pl.col("to_on").fill_null(2**30)))
    )
    rows = certified.join(at.select("order", "id", at_level="level"), on=["order", "id"], how="left")
    rows = duty.at(rows, spec.least).filter(pl.col("level").is_null() | (pl.col("level") == pl.col("at_level")))
    rows = rows.join(scene.starts, on="order")
    rows = rows.with_columns(earliest=scene.ground.later(rows, "start_day"))
    rows = rows.filter(pl.col("on") < pl.col("earliest"))
    return rows.select(
        "order", "earliest", "basis", "vid", "program", from_t="t", about="id", evidence=pl.concat_list("id")
    )
