"""COUNT_IN_WINDOW: so many events since the last reset, in all or within days of one another.

Silence says nothing; what is pending or not reported shows how far the count could go (UNVERIFIED, `count_most`).
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import polars as pl

from rules import absences
from rules.intervals import cut_at
from rules.kinds import credit_denied
from rules.kinds.counting_on import counted_on
from rules.known import FOREVER
from rules.pieces import NOTHING, all_because
from rules.runs import counter_upto, evidence_upto, joined, next_in_group, numbered
from rules.scene import Scene
from rules.terms import Duty


class AbsenceSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="absences"):
    """Absences with these decisions. `test`: more than the limit, as many, or exactly as many."""

    counts: list[str]
    limit: str
    test: Literal["over", "reach", "exactly"]
    per: Literal["program", "order"] = "program"
    least_limit: int = 0
    lateness: str | None = None
    leave: str | None = None
    hospital_letter_mitigates: bool = False
    remedy: list[str] = []


Spec = AbsenceSpec | credit_denied.CreditSpec


def pieces(scene: Scene, duty: Duty, spec: Spec) -> pl.DataFrame:
    """Pieces of spans for one duty."""
    if isinstance(spec, credit_denied.CreditSpec):
        return credit_denied.pieces(scene, duty, spec)
    rows = absences.looked_at(scene, duty, spec.lateness, spec.per)
    rows = rows.with_columns(counts=pl.col("decision").is_in(spec.counts))
    if spec.leave:
        rows = absences.protected(scene, duty, rows, spec.limit, spec.leave)
    if "unexcused" not in spec.counts and not rows.get_column("counts").any():
        return NOTHING  # and of what is not known none could count
    certain = found(scene, duty, spec, rows.filter("counts"))
    certain = with_evidence(spec, certain, rows)
    doubt = unverified(scene, duty, spec, rows, certain)
    if spec.hospital_letter_mitigates:
        certain = with_letter(scene, certain)
    if spec.remedy:
        certain = certain.with_columns(remedy=pl.lit(spec.remedy))
    return pl.concat([certain, doubt], how="diagonal_relaxed")


GROUP = ["order", "lane", "era"]


def found(scene: Scene, duty: Duty, spec: AbsenceSpec, rows: pl.DataFrame) -> pl.DataFrame:
    """Stretches in which the test holds, a piece per count. `rows` count, sorted by group and time."""
    rows = numbered(rows.sort(*GROUP, "t", "id"), GROUP)
    rows = next_in_group(rows, GROUP, "t", "next_t")
    rows = rows.with_columns(
        keyed=pl.col("id").first().over(GROUP),
        from_t=pl.col("t"),
        to_t=pl.min_horizontal("next_t", "era_end_t"),
        count=pl.col("n"),
    )
    if duty.of(spec.limit).get_column("period_days").is_not_null().any():
        values = duty.of(spec.limit).rename({"n": "limit"})
        return in_days(rows, values.filter(pl.col("limit") >= spec.least_limit))
    rows = duty.beside(rows.rename({"n": "nth"}), spec.limit, "lane").rename({"n": "limit", "nth": "n"})
    rows = rows.filter(pl.col("limit") >= spec.least_limit).join(duty.orders.select("order", "zone_ix"), on="order")
    rows = rows.with_columns(
        from_t=pl.max_horizontal("from_t", scene.ground.day_start("from_day")),
        to_t=pl.min_horizontal("to_t", scene.ground.day_start("to_day")),
    )
    test = {
        "over": pl.col("count") > pl.col("limit"),
        "reach": pl.col("count") >= pl.col("limit"),
        "exactly": (pl.col("count") == pl.col("limit")) & (pl.col("limit") > 0),
    }[spec.test]
    held = rows.filter(test & (pl.col("from_t") < pl.col("to_t").fill_null(FOREVER)))
    return told_since(held, rows, more=1 if spec.test == "over" else 0)


def told_since(held: pl.DataFrame, rows: pl.DataFrame, more: int) -> pl.DataFrame:
    """`first_t`: the absence that filled the limit (`more` = 0) or went above it (1).

    A court that lowers the limit later opens the flag on its own day (`from_t`); the absence keeps its date.
    """
    filled = (
        rows.filter(pl.col("n") == pl.col("limit") + more).select(*GROUP, "vid", first_t="t").unique([*GROUP, "vid"])
    )
    return held.join(filled, on=[*GROUP, "vid"], how="left", nulls_equal=True).sort(*GROUP, "from_t")


def in_days(rows: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """k within w days of one another (dates differ by less than w). Once reached it stays: time does not clear it."""
    rows = rows.join(values.select("order", "limit", "period_days", "basis", "vid"), on="order").sort(*GROUP, "n")
    hits = [rows.clear().with_columns(since=pl.lit(None, pl.Int64))]
    for k in rows.get_column("limit").unique().to_list():
        same = pl.all_horizontal([pl.col(c).eq_missing(pl.col(c).shift(k - 1)) for c in GROUP])
        near = (pl.col("on") - pl.col("on").shift(k - 1)) < pl.col("period_days")
        hits.append(rows.filter((pl.col("limit") == k) & same & near).with_columns(since=pl.lit(None, pl.Int64)))
    found = pl.concat(hits).sort(*GROUP, "n")
    pairs = found.select(*GROUP, "n", "on", "period_days").join(
        rows.select(*GROUP, other="n", other_on="on"), on=GROUP, nulls_equal=True
    )
    inside = pairs.filter(
        (pl.col("other") <= pl.col("n")) & (pl.col("on") - pl.col("other_on") < pl.col("period_days"))
    )
    first = inside.group_by(*GROUP, "n").agg(since=pl.col("other").min())
    found = found.drop("since").join(first, on=[*GROUP, "n"], nulls_equal=True).sort(*GROUP, "n")
    found = next_in_group(found, GROUP, "t", "next_t").with_columns(
        to_t=pl.min_horizontal("next_t", "era_end_t"), count=pl.col("n") - pl.col("since") + 1
    )
    return joined(found, GROUP)


def with_evidence(spec: AbsenceSpec, pieces: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that count, and those looked at that do not, each with why."""
    if pieces.is_empty():
        return pieces.drop("n", "decision")
    counting = numbered(rows.filter("counts").sort(*GROUP, "t", "id"), GROUP)
    pieces = evidence_upto(pieces, counting, GROUP)
    told = rows.with_columns(
        why=pl.when(pl.col("protected"))
        .then(pl.lit("leave"))
        .when(~pl.col("counts"))
        .then("decision")
        .otherwise(pl.lit("before_reset"))
    )
    # One that came later, and does not count, is told of from its own day on.
    pieces = cut_at(pieces, told.filter(~pl.col("counts")), ["order", "lane"])
    return counter_upto(pieces, told, ["order", "lane"]).drop("n", "decision")


def unverified(scene: Scene, duty: Duty, spec: AbsenceSpec, rows: pl.DataFrame, certain: pl.DataFrame) -> pl.DataFrame:
    """Where the test would hold if all that is unknown went against it, and does not hold on what is certain."""
    if "unexcused" not in spec.counts:
        return certain.clear().select("order", "from_t", "to_t")
    top = duty.of(spec.limit).get_column("n").max()
    possible = pl.concat(
        [
            rows.filter(pl.col("counts") | (pl.col("decision") == "pending")),
            absences.unreported(scene, duty, spec.per, ahead=min(int(str(top or 0)), 60) + 1).select(rows.columns),
        ]
    )
    could = absences.in_steps(scene, found(scene, duty, spec, possible), "from_t")
    sure = certain.group_by(GROUP).agg(sure_t=pl.col("from_t").min())
    doubt = furthest(could, possible).join(sure, on=GROUP, how="left", nulls_equal=True).with_columns(
        to_t=pl.min_horizontal("next_t", "sure_t", "era_end_t")
    )
    doubt = doubt.filter(pl.col("from_t") < pl.col("to_t").fill_null(FOREVER))
    doubt = counted_on(scene, doubt, GROUP, "count_most")
    return doubt.select(
        "order", "to_t", "limit", "count", "count_most", "count_every", "evidence", "counter", "from_t", "first_t",
        counter_why=all_because("pending"),
        certainty=pl.lit("UNVERIFIED"), program=pl.when(pl.col("lane") != 0).then("lane"),
    )  # fmt: skip


def furthest(could: pl.DataFrame, possible: pl.DataFrame) -> pl.DataFrame:
    """How far each group's count could go by then (`count_most`), and the rows behind it: those sure, those pending.

    A row for each step of what is unknown (`absences.in_steps`).
    """
    steps = [*GROUP, "step_t"]
    tops = could.sort(*GROUP, "count", "n").group_by(steps, maintain_order=True).agg(
        pl.col("from_t").min(), pl.col("era_end_t", "limit").first(), count_most=pl.col("count").last(),
        n=pl.col("n").last(), count_every=pl.col("every").last(),
    ).sort(*GROUP, "from_t")  # fmt: skip
    tops = next_in_group(tops, GROUP, "from_t", "next_t").with_columns(first_t=pl.col("from_t").min().over(GROUP))
    rows = numbered(possible.sort(*GROUP, "t", "id"), GROUP).select(
        *GROUP, "id", row_n="n", waits=~pl.col("counts"), silent=pl.col("decision") == "unreported"
    )
    behind = tops.select(*steps, "n", "count_most").join(rows, on=GROUP, nulls_equal=True).filter(
        (pl.col("row_n") <= pl.col("n")) & (pl.col("row_n") > pl.col("n") - pl.col("count_most"))
    )
    lists = behind.sort(*steps, "row_n").group_by(steps, maintain_order=True).agg(
        evidence=pl.col("id").filter(~pl.col("waits") & ~pl.col("silent")),
        counter=pl.col("id").filter(pl.col("waits") & ~pl.col("silent")),
    )
    tops = tops.join(lists, on=steps, how="left", nulls_equal=True)
    return tops.with_columns(count=pl.col("evidence").list.len().cast(pl.Int64))


def with_letter(scene: Scene, pieces: pl.DataFrame) -> pl.DataFrame:
    """A hospital letter on file is laid beside the flag."""
    letters = scene.ground.laid("letters").filter(pl.col("kind") == "hospital")
    first = letters.group_by("order").agg(letter_t=pl.col("t").min())
    words: Any = pl.when(pl.col("letter_t").is_not_null()).then(pl.lit(["hospital_letter"]))
    return pieces.join(first, on="order", how="left").with_columns(mitigation=words)
