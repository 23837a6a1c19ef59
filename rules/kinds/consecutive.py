"""CONSECUTIVE: so many in succession. Attendance breaks a run; what nobody decided or reported breaks it neither way.

Where the text does not say whether an excused session breaks a run, both readings are followed: the flag is raised
where they agree, RULE_AMBIGUOUS where they part.
"""

from __future__ import annotations

from typing import Literal

import msgspec
import polars as pl

from rules import absences
from rules.known import FOREVER
from rules.runs import changed, evidence_upto, next_in_group
from rules.scene import Scene
from rules.terms import Duty

GROUP = ["order", "lane", "era"]
SKIPPED = ("cancelled_by_provider", "sent_away_provider")


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`excused`: unsettled (two readings), breaks, or skipped. `tells`: the run, or that the readings part."""

    limit: str
    excused: Literal["unsettled", "breaks", "skipped"] = "unsettled"
    tells: Literal["run", "ambiguity"] = "run"
    of_code: str | None = None
    form: Literal["run"] = "run"


def pieces(scene: Scene, duty: Duty, spec: Spec) -> pl.DataFrame:
    """Pieces of spans for one duty."""
    line = sequence(scene, duty)
    known = line.filter(pl.col("word") != "unknown")
    strict = run_pieces(duty, spec, known, breaking=["attended", "excused"], counting=["unexcused"])
    loose = run_pieces(
        duty, spec, known.filter(pl.col("word") != "excused"), breaking=["attended"], counting=["unexcused"]
    )
    sure, wide = {"breaks": (strict, strict), "skipped": (loose, loose)}.get(spec.excused, (strict, loose))
    if spec.tells == "ambiguity":
        return parting(wide, sure, spec)
    could = run_pieces(
        duty, spec, line.filter(pl.col("word") != "excused") if spec.excused != "breaks" else line,
        breaking=["attended", "excused"], counting=["unexcused", "unknown"],
    )  # fmt: skip
    doubt = parting(could, pl.concat([sure, wide]), spec).with_columns(certainty=pl.lit("UNVERIFIED"))
    return pl.concat([sure, doubt.select("order", "from_t", "to_t", "certainty")], how="diagonal_relaxed")


def sequence(scene: Scene, duty: Duty) -> pl.DataFrame:
    """Sessions held, in order of time, each as one word: attended, excused, unexcused or unknown."""
    held = scene.attendance.sessions.filter("in_force").join(duty.orders.select("order"), on="order", how="semi")
    held = held.filter(
        ~pl.col("outcome").cast(pl.String).is_in(SKIPPED)
        & ~pl.col("decision").is_in(["not_counted", "rescheduled"]).fill_null(False)
    )
    word = (
        pl.when(pl.col("decision").is_null() | (pl.col("decision") == "attended_not_complied"))
        .then(pl.lit("attended"))
        .when(pl.col("decision") == "pending")
        .then(pl.lit("unknown"))
        .otherwise("decision")
    )
    held = held.select("order", "era", "era_end_t", "id", "on", "t", lane="program", word=word)
    silent = absences.unreported(scene, duty, "program").with_columns(word=pl.lit("unknown"))
    return pl.concat([held, silent.select(held.columns)]).sort(*GROUP, "on", "t", "id")


def run_pieces(duty: Duty, spec: Spec, line: pl.DataFrame, breaking: list[str], counting: list[str]) -> pl.DataFrame:
    """Pieces from the k-th of a run on; a longer run only adds to the count."""
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    cut = changed(GROUP) | pl.col("word").is_in(breaking) | pl.col("word").shift(1).is_in(breaking).fill_null(False)
    rows = line.with_columns(_run=cut.cast(pl.Int64).cum_sum()).filter(pl.col("word").is_in(counting))
    begun = pl.when(changed(["_run"])).then(place).forward_fill()
    rows = rows.with_columns(n=place - begun + 1, keyed=pl.when(changed(["_run"])).then("id").forward_fill())
    rows = next_in_group(rows, ["_run"], "t", "next_t")
    values = duty.of(spec.limit).select("order", "basis", "vid", limit="n")
    hits = rows.join(values, on="order").filter((pl.col("n") >= pl.col("limit")) & (pl.col("limit") > 0))
    hits = hits.with_columns(from_t="t", to_t=pl.min_horizontal("next_t", "era_end_t"), count="n", program="lane")
    first = hits.group_by("_run").agg(first_t=pl.col("t").min())
    hits = hits.join(first, on="_run")
    hits = evidence_upto(hits, rows, ["_run"])
    return hits.filter(pl.col("from_t") < pl.col("to_t").fill_null(FOREVER)).drop("n", "t", "on", "id")


def parting(wide: pl.DataFrame, sure: pl.DataFrame, spec: Spec) -> pl.DataFrame:
    """From where the wider reading has a run to where the narrower one has it too."""
    could = wide.group_by(GROUP).agg(
        from_t=pl.col("first_t").min(), era_end_t=pl.col("era_end_t").first(), keyed=pl.col("keyed").first(),
        basis=pl.col("basis").first(), vid=pl.col("vid").first(),
    )  # fmt: skip
    known = sure.group_by(GROUP).agg(sure_t=pl.col("first_t").min())
    doubt = could.join(known, on=GROUP, how="left", nulls_equal=True)
    doubt = doubt.with_columns(to_t=pl.min_horizontal("sure_t", "era_end_t"), of_code=pl.lit(spec.of_code, pl.String))
    doubt = doubt.filter(pl.col("from_t") < pl.col("to_t").fill_null(FOREVER))
    return doubt.select("order", "from_t", "to_t", "keyed", "of_code", "basis", "vid", program="lane")
