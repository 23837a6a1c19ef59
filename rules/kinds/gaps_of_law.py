"""Gaps in the law as laid down for a case: which version governs, a policy weaker than law, an input that lacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import polars as pl

from rules.catalogue import CATALOGUE, PLACES
from rules.known import FOREVER
from rules.scene import Scene
from rules.terms import Duty, version_choices
from rules.values import ALWAYS, NEVER

WEIGHT = {"info": 0, "review": 1, "high": 2}


class VersionSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="version"):
    """A rule changed while the case ran and nothing says which version governs."""

    changed: str


class PolicySpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="policy"):
    """A provider's written policy is more lenient than the pack's law."""


class InputSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="input"):
    """A rule that is switched on cannot be evaluated, since an anchor is missing."""


def version(scene: Scene, duty: Duty, spec: VersionSpec) -> pl.DataFrame:
    """From the first day of the new version to a person's choice."""
    ground = scene.ground
    values = duty.of(spec.changed).filter(pl.col("to_day") < ALWAYS)  # the version it began under, where that one ended
    change = values.group_by("order").agg(on=pl.col("to_day").min(), vid=pl.col("vid").min())
    running = change.join(scene.starts, on="order").filter(pl.col("start_day") < pl.col("on"))
    clock = ground.orders.select("order", "zone_ix", "end_t")
    running = running.join(clock, on="order").with_columns(from_t=ground.day_start("on"))
    certified = ground.laid("certificates").group_by("order").agg(done_t=pl.col("t").min())
    choices = version_choices(ground).select("order", chosen_on="on")
    rows = running.join(certified, on="order", how="left").join(choices, on="order", how="left")
    rows = rows.filter(pl.col("from_t") < pl.col("done_t").fill_null(FOREVER))
    rows = rows.with_columns(to_t=pl.min_horizontal(ground.day_start("chosen_on"), "end_t"))
    return rows.select("order", "from_t", "to_t", "vid", keyed=pl.col("on").cast(pl.Int64))


def policy(scene: Scene, duty: Duty, spec: PolicySpec) -> pl.DataFrame:
    """One flag per term, named after the rule that weighs most; from the day on which the case comes under both."""
    found = [
        one.weaker.select("order", "term", of_code=pl.lit(one.code), weight=pl.lit(weight(one.code)))
        for one in scene.duties
        if not one.weaker.is_empty()
    ]
    if not found:
        return pl.DataFrame(schema={"order": pl.Int64, "from_t": pl.Int64})
    rows = pl.concat(found).join(duty.orders.select("order", "start_t", "end_t"), on="order")
    rows = rows.sort("order", "term", "weight", "of_code", descending=[False, False, True, False])
    rows = rows.unique(["order", "term"], keep="first", maintain_order=True)
    return rows.select(
        "order", "of_code", from_t="start_t", to_t="end_t",
        keyed=pl.col("of_code").replace_strict(PLACES, return_dtype=pl.Int64),
    )  # fmt: skip


def weight(code: str) -> int:
    """A code about conduct weighs more than one that only informs."""
    entry = CATALOGUE[code]
    return 10 * (entry.response_class != "none") + WEIGHT[entry.severity]


def missing_input(scene: Scene, duty: Duty, spec: InputSpec) -> pl.DataFrame:
    """One flag per rule that lacks an input, from the day on which it would first have been evaluated."""
    found = [
        lacking(scene, one, need).with_columns(of_code=pl.lit(one.code), keyed=pl.lit(PLACES[one.code]))
        for one in scene.duties
        for need in one.needs
    ]
    found += [
        uncomparable(scene, one).with_columns(of_code=pl.lit(one.code), keyed=pl.lit(PLACES[one.code]))
        for one in scene.duties
        if not one.unclear.is_empty()
    ]
    if not found:
        return pl.DataFrame(schema={"order": pl.Int64, "from_t": pl.Int64})
    rows = pl.concat(found).join(duty.orders.select("order", "end_t"), on="order")
    rows = rows.sort("order", "of_code", "from_t").unique(["order", "of_code"], keep="first", maintain_order=True)
    return rows.select("order", "from_t", "of_code", "keyed", "note", to_t=pl.min_horizontal("until_t", "end_t"))


def lacking(scene: Scene, one: Duty, need: Any) -> pl.DataFrame:
    """order, from_t, note: orders of a duty for which `need.anchor` is not on record, since `need.since` came."""
    orders = one.orders
    for column, words in need.only.items():
        orders = orders.filter(pl.col(column).cast(pl.String).is_in(words))
    if need.condition:
        orders = orders.filter(pl.col("conditions").list.contains(need.condition))
    if need.since == "certificate":
        since = scene.ground.laid("certificates").join(orders.select("order"), on="order", how="semi")
    else:
        since = scene.anchored(orders, need.since)
    if need.anchor == "levels":
        rows = without_level(scene, since)
    elif need.anchor == "treatment_started_on":
        rows = since.join(scene.starts, on="order", how="anti")
    else:
        blank = orders.filter(pl.col(need.anchor).is_null()).select("order")
        rows = since.join(blank, on="order", how="semi")
    if need.unless:
        own = one.of(need.unless).filter(pl.col("basis") != "law")
        rows = rows.join(own.select("order"), on="order", how="anti")
    if need.term:
        rows = rows.join(one.of(need.term).select("order"), on="order", how="semi")
    # A certificate is read on its own date: a level that begins later does not help.
    ends = pl.col("level_t") if need.anchor == "levels" and need.since != "certificate" else pl.lit(None, pl.Int64)
    return rows.select("order", from_t="t", until_t=ends, note=pl.lit(need.anchor))


def uncomparable(scene: Scene, one: Duty) -> pl.DataFrame:
    """order, from_t, until_t, note: while two programs at once set a term and nobody can say whose is stricter."""
    rows = one.unclear.join(one.orders.select("order", "zone_ix", "start_t"), on="order")
    ends = pl.when(pl.col("to_day") < ALWAYS).then(scene.ground.day_start("to_day"))
    begins = pl.when(pl.col("from_day") > NEVER).then(scene.ground.day_start("from_day"))
    return rows.select(
        "order", from_t=pl.max_horizontal(begins, "start_t"), until_t=ends, note=pl.lit("policies_of_programs")
    )


def without_level(scene: Scene, since: pl.DataFrame) -> pl.DataFrame:
    """Rows on whose day no level was in force yet; `level_t`: when the first one begins."""
    first = scene.ground.levels.group_by("order").agg(level_on=pl.col("from_on").min())
    rows = since.join(first, on="order", how="left").filter(
        pl.col("level_on").is_null() | (pl.col("level_on") > pl.col("on"))
    )
    return rows.with_columns(level_t=scene.ground.day_start("level_on"))


FORMS: dict[type[Any], Callable[[Scene, Duty, Any], pl.DataFrame]] = {
    VersionSpec: version,
    PolicySpec: policy,
    InputSpec: missing_input,
}
