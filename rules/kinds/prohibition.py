"""PROHIBITION: one event is enough, so proof is the question and silence says nothing."""

from __future__ import annotations

import msgspec
import polars as pl

from rules import absences
from rules.kinds import alleged, authorities, fees
from rules.kinds.counting_on import counted_on
from rules.known import FOREVER
from rules.pieces import NOTHING, all_because
from rules.runs import next_in_group, numbered, summed
from rules.scene import Scene
from rules.sources import Source
from rules.terms import Duty


class AbsenceSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="absence"):
    """Each absence that was decided so. `limit`: shown where the pack sets one."""

    counts: list[str]
    limit: str | None = None


class EventSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="event"):
    """Each fact that the source names, until one of `until` comes or a person resolves it."""

    event: Source
    conditions: list[str] = []
    until: list[Source] = []
    lacks: str | None = None
    in_force: bool = False
    except_: dict[str, list[str]] = msgspec.field(default_factory=dict, name="except")
    class_none: dict[str, list[str]] = {}


class TermSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="after_term"):
    """Absences and incidents dated after the term that the court set."""


class LostSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="credit_lost"):
    """Credit of before a custody, where the program was not complete by then."""

    need: str
    basis: list[str]


Spec = AbsenceSpec | EventSpec | TermSpec | LostSpec | alleged.AllegedSpec | fees.FeeSpec


def pieces(scene: Scene, duty: Duty, spec: Spec) -> pl.DataFrame:
    """Pieces of spans for one duty."""
    forms = {
        AbsenceSpec: unexcused, EventSpec: events, TermSpec: after_term, LostSpec: lost,
        alleged.AllegedSpec: alleged.pieces, fees.FeeSpec: fees.pieces,
    }  # fmt: skip
    form = forms[type(spec)]
    return form(scene, duty, spec)  # type: ignore[operator,no-any-return]


def unexcused(scene: Scene, duty: Duty, spec: AbsenceSpec) -> pl.DataFrame:
    """One flag per absence, numbered in its era and program; UNVERIFIED while others are pending or not reported."""
    group = ["order", "lane", "era"]
    rows = absences.looked_at(scene, duty, None, "program")
    counting = rows.filter(pl.col("decision").is_in(spec.counts)).sort(*group, "t", "id")
    counting = scene.until_resolved(numbered(counting, group), "id")
    certain = counting.select(
        "order", "program", from_t="t", to_t=pl.min_horizontal("era_end_t", "resolved_t"), about="id", count="n",
        evidence=pl.concat_list("id"), certainty=pl.lit("CERTAIN"),
    )  # fmt: skip
    if spec.limit:
        on = counting.select("order", "on", about="id")
        limits = duty.at(on, spec.limit).select("order", "about", "basis", "vid", limit="n")
        certain = certain.join(limits, on=["order", "about"], how="left")
    return pl.concat([certain, unknown(scene, duty, rows, counting)], how="diagonal_relaxed")


def unknown(scene: Scene, duty: Duty, rows: pl.DataFrame, counting: pl.DataFrame) -> pl.DataFrame:
    """How many more there could be, by era and program, as time goes by: a row for each step."""
    lane = ["order", "program", "era"]
    pending = rows.filter(pl.col("decision") == "pending")
    waiting = absences.in_steps(scene, pl.concat([pending, absences.unreported(scene, duty, "program")]))
    doubt = waiting.group_by(*lane, "step_t").agg(
        from_t=pl.col("t").min(), era_end_t=pl.col("era_end_t").first(), waits=pl.len().cast(pl.Int64),
        count_every=pl.col("every").max(),
    ).sort(*lane, "from_t")  # fmt: skip
    doubt = next_in_group(doubt, lane, "from_t", "next_t").with_columns(waits=summed("waits", lane))
    sure = counting.group_by(lane).agg(evidence=pl.col("id"), count=pl.len().cast(pl.Int64))
    asked = pending.group_by(lane).agg(counter=pl.col("id").sort())
    for told in (sure, asked):
        doubt = doubt.join(told, on=lane, how="left", nulls_equal=True, maintain_order="left")
    doubt = doubt.with_columns(pl.col("count").fill_null(0), pl.col("counter").fill_null([]))
    doubt = doubt.with_columns(
        count_most=pl.col("count") + pl.col("waits"), to_t=pl.min_horizontal("next_t", "era_end_t"),
        first_t=pl.col("from_t").min().over(lane), counter_why=all_because("pending"), certainty=pl.lit("UNVERIFIED"),
    )  # fmt: skip
    doubt = counted_on(scene, doubt, lane, "count_most")
    return doubt.filter(pl.col("from_t") < pl.col("to_t").fill_null(FOREVER)).drop(
        "era", "waits", "next_t", "era_end_t", "step_t"
    )


def events(scene: Scene, duty: Duty, spec: EventSpec) -> pl.DataFrame:
    """One flag per fact."""
    orders = duty.orders
    if spec.conditions:
        has = [pl.col("conditions").list.contains(c) for c in spec.conditions]
        orders = orders.filter(pl.any_horizontal(has))
    rows = scene.facts_of(spec.event).join(orders.select("order"), on="order", how="semi")
    if rows.is_empty():
        return NOTHING
    for column, words in spec.except_.items():
        rows = rows.filter(~pl.col(column).cast(pl.String).is_in(words).fill_null(False))
    if spec.in_force:
        rows = scene.ground.live_for(rows, *spec.conditions)
    if spec.lacks:
        asked = duty.said(rows, spec.lacks)
        rows = pl.concat([part.filter(~authorities.has_all(groups or [])) for groups, part in asked])
    if rows.is_empty():
        return NOTHING
    rows = scene.until_resolved(rows, "id").with_columns(to_t="resolved_t")
    for source in spec.until:
        ends = scene.events(source).select("order", until_t="t")
        later = rows.select("order", "id", "t").join(ends, on="order").filter(pl.col("until_t") >= pl.col("t"))
        first = later.group_by("order", "id").agg(pl.col("until_t").min())
        rows = (
            rows.join(first, on=["order", "id"], how="left")
            .with_columns(to_t=pl.min_horizontal("to_t", "until_t"))
            .drop("until_t")
        )
    softer = [pl.col(c).cast(pl.String).is_in(words).fill_null(False) for c, words in spec.class_none.items()]
    mild = pl.any_horizontal(softer) if softer else pl.lit(False)
    return rows.select(
        "order", "to_t", from_t="t", about="id", evidence=pl.concat_list("id"),
        response_class=pl.when(mild).then(pl.lit("none")),
    )  # fmt: skip


def after_term(scene: Scene, duty: Duty, spec: TermSpec) -> pl.DataFrame:
    """Events dated after the last day of the term; no matter of this supervision."""
    ends = duty.orders.filter(pl.col("term_end").is_not_null()).select("order", "term_end")
    absent = scene.attendance.absences.select("order", "id", "on", "t")
    acts = scene.usable_incidents.select("order", "id", "on", "t")
    rows = pl.concat([absent, acts]).join(ends, on="order").filter(pl.col("on") > pl.col("term_end"))
    rows = scene.until_resolved(rows, "id")
    return rows.select("order", from_t="t", to_t="resolved_t", about="id", evidence=pl.concat_list("id"))


def lost(scene: Scene, duty: Duty, spec: LostSpec) -> pl.DataFrame:
    """Sessions before a jail sentence, where the required time was not complete when it began."""
    held = scene.ground.pauses.filter((pl.col("kind") == "custody") & pl.col("basis").is_in(spec.basis))
    held = held.join(duty.orders.select("order"), on="order", how="semi")
    given = scene.credits.select("order", "on", "total")
    before = held.select("order", "id", "from_on", "from_t").join(given, on="order")
    before = (
        before.filter(pl.col("on") < pl.col("from_on"))
        .group_by("order", "id", "from_on", "from_t")
        .agg(have=pl.col("total").max())
    )
    need = duty.of(spec.need).select("order", "basis", "vid", "from_day", "to_day", need=pl.col("n") * 60)
    rows = before.join(need, on="order").filter(
        (pl.col("from_day") <= pl.col("from_on"))
        & (pl.col("from_on") < pl.col("to_day"))
        & (pl.col("have") < pl.col("need"))
        & (pl.col("have") > 0)
    )
    rows = scene.until_resolved(rows, "id")
    return rows.select(
        "order", "from_t", "have", "need", "basis", "vid", to_t="resolved_t", about="id", counted_in=pl.lit("minutes")
    )
