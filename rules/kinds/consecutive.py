"""CONSECUTIVE: so many in succession. Attendance breaks a run; what nobody decided or reported breaks it neither way.

Where the text does not say whether an excused session breaks a run, both readings are followed: the flag is raised
where they agree, RULE_AMBIGUOUS where they part.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec
import polars as pl

from rules import absences
from rules.kinds.counting_on import counted_on
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
    line = sequence(scene, duty, spec)
    known = line.filter(pl.col("word") != "unknown")
    strict = run_pieces(duty, spec, known, breaking=["attended", "excused"], counting=["unexcused"])
    passing = known.filter(pl.col("word") != "excused")
    loose = run_pieces(duty, spec, passing, breaking=["attended"], counting=["unexcused"])
    sure, wide = {"breaks": (strict, strict), "skipped": (loose, loose)}.get(spec.excused, (strict, loose))
    if spec.tells == "ambiguity":
        return parting(wide, sure, spec)
    doubt = pl.concat(unverified(scene, duty, spec, line, sure, wide), how="diagonal_relaxed")
    told = ["order", "program", "keyed", "from_t"]
    open_end = pl.col("to_t").fill_null(FOREVER).max()
    doubt = doubt.group_by(told, maintain_order=True).agg(open_end, pl.exclude("to_t").first())
    doubt = doubt.with_columns(pl.col("to_t").replace(FOREVER, None))
    return pl.concat([sure, doubt], how="diagonal_relaxed")


def unverified(
    scene: Scene, duty: Duty, spec: Spec, line: pl.DataFrame, sure: pl.DataFrame, wide: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    """Runs that what is unknown could complete, under each reading that is followed."""
    counting = ["unexcused", "unknown"]
    yield with_silence(sure, line)
    if spec.excused != "skipped":
        yield doubtful(scene, run_pieces(duty, spec, line, breaking=["attended", "excused"], counting=counting), sure)
    if spec.excused != "breaks":
        passing = line.filter(pl.col("word") != "excused")
        yield doubtful(scene, run_pieces(duty, spec, passing, breaking=["attended"], counting=counting), wide)


def with_silence(sure: pl.DataFrame, line: pl.DataFrame) -> pl.DataFrame:
    """UNVERIFIED beside a run in which a session lies of which nobody told: attendance would have broken it."""
    silent = line.filter(pl.col("id") < 0).select(*GROUP, silent_t="t")
    whole = sure.filter(pl.col("from_t") == pl.col("first_t"))
    begun = whole.join(line.select("order", keyed="id", begun_t="t"), on=["order", "keyed"])
    inside = begun.join(silent, on=GROUP, nulls_equal=True).filter(
        (pl.col("begun_t") < pl.col("silent_t")) & (pl.col("silent_t") < pl.col("first_t"))
    )
    rows = inside.unique(["order", "keyed"], maintain_order=True)
    return rows.select(
        "order", "from_t", "limit", "keyed", "basis", "vid", to_t="era_end_t", program="lane",
        certainty=pl.lit("UNVERIFIED"),
    )  # fmt: skip


def doubtful(scene: Scene, could: pl.DataFrame, sure: pl.DataFrame) -> pl.DataFrame:
    """UNVERIFIED from where a run could be long enough to where it certainly is; a run of its own each.

    A row for each step of what is unknown (`absences.in_steps`).
    """
    could = absences.in_steps(scene, could, "from_t").sort("_run", "from_t")
    known = sure.select("order", inside="keyed", sure_t="first_t").drop_nulls("inside").unique()
    last = could.unique("_run", keep="last", maintain_order=True)
    held = last.select("_run", "order", "evidence").explode("evidence").join(
        known, left_on=["order", "evidence"], right_on=["order", "inside"]
    )  # fmt: skip
    kept = [pl.col(c).last() for c in ("order", "era_end_t", "limit", "keyed", "basis", "vid", "lane", "count")]
    rows = could.group_by("_run", "step_t", maintain_order=True).agg(
        *kept, pl.col("from_t", "first_t").first(), count_every=pl.col("every").last()
    )
    rows = next_in_group(rows, ["_run"], "from_t", "next_t")
    rows = rows.join(held.group_by("_run").agg(pl.col("sure_t").min()), on="_run", how="left", maintain_order="left")
    rows = rows.with_columns(
        to_t=pl.min_horizontal("next_t", "sure_t", "era_end_t"), count_most="count", certainty=pl.lit("UNVERIFIED")
    ).filter(pl.col("from_t") < pl.col("to_t").fill_null(FOREVER))
    rows = counted_on(scene, rows, ["_run", "order"], "count_most")
    return rows.select(
        "order", "from_t", "to_t", "first_t", "limit", "keyed", "basis", "vid", "count_most", "count_every",
        "certainty", program="lane",
    )  # fmt: skip


def sequence(scene: Scene, duty: Duty, spec: Spec) -> pl.DataFrame:
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
    held = held.select("order", "id", "on", "t", lane="program", word=word)
    held = scene.attendance.with_era(held).drop("era_end_on")
    top = duty.of(spec.limit).get_column("n").max()
    silent = absences.unreported(scene, duty, "program", ahead=min(int(str(top or 0)), 60) + 1)
    silent = silent.with_columns(word=pl.lit("unknown"))
    held = held.with_columns(every=pl.lit(None, pl.Int32))
    return pl.concat([held, silent.select(held.columns)]).sort(*GROUP, "on", "t", "id")


def run_pieces(duty: Duty, spec: Spec, line: pl.DataFrame, breaking: list[str], counting: list[str]) -> pl.DataFrame:
    """Pieces from the k-th of a run on; a longer run only adds to the count."""
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    cut = changed(GROUP) | pl.col("word").is_in(breaking) | pl.col("word").shift(1).is_in(breaking).fill_null(False)
    rows = line.with_columns(_run=cut.cast(pl.Int64).cum_sum()).filter(pl.col("word").is_in(counting))
    begun = pl.when(changed(["_run"])).then(place).forward_fill()
    rows = rows.with_columns(n=place - begun + 1, keyed=pl.when(changed(["_run"])).then("id").forward_fill())
    rows = next_in_group(rows, ["_run"], "t", "next_t")
    hits = duty.beside(rows.rename({"n": "nth"}), spec.limit, "lane").rename({"n": "limit", "nth": "n"})
    hits = hits.filter((pl.col("n") >= pl.col("limit")) & (pl.col("limit") > 0))
    hits = hits.filter((pl.col("from_day") <= pl.col("on")) & (pl.col("on") < pl.col("to_day")))
    hits = hits.with_columns(from_t="t", to_t=pl.min_horizontal("next_t", "era_end_t"), count="n", program="lane")
    first = hits.group_by("_run").agg(first_t=pl.col("t").min())
    hits = hits.join(first, on="_run")
    hits = evidence_upto(hits, rows, ["_run"])
    return hits.filter(pl.col("from_t") < pl.col("to_t").fill_null(FOREVER)).drop("n", "t", "on", "id")


def parting(wide: pl.DataFrame, sure: pl.DataFrame, spec: Spec) -> pl.DataFrame:
    """From where the wider reading has a run to where the narrower one has it too."""
    wide = wide.sort("first_t", "from_t", "keyed")  # joins keep no order, and the flag is named after the first run
    could = wide.group_by(GROUP).agg(
        from_t=pl.col("first_t").min(), era_end_t=pl.col("era_end_t").first(), keyed=pl.col("keyed").first(),
        basis=pl.col("basis").first(), vid=pl.col("vid").first(),
    )  # fmt: skip
    known = sure.group_by(GROUP).agg(sure_t=pl.col("first_t").min())
    doubt = could.join(known, on=GROUP, how="left", nulls_equal=True)
    doubt = doubt.with_columns(to_t=pl.min_horizontal("sure_t", "era_end_t"), of_code=pl.lit(spec.of_code, pl.String))
    doubt = doubt.filter(pl.col("from_t") < pl.col("to_t").fill_null(FOREVER))
    return doubt.select("order", "from_t", "to_t", "keyed", "of_code", "basis", "vid", program="lane")
