"""Acts that a protective order forbids: an allegation for a person to review, or SERVICE_NOT_SHOWN in its place."""

from __future__ import annotations

from typing import Literal

import msgspec
import polars as pl

from rules.pieces import NOTHING
from rules.protective import ALLOWED, controlling
from rules.scene import Scene
from rules.terms import Duty


class AllegedSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="alleged"):
    """What is told of an incident: no_contact, peaceful or stay_away breached, or that service was not shown."""

    tells: Literal["no_contact", "peaceful_contact", "stay_away", "not_served"]
    priority: list[str]
    violent: tuple[str, ...] = ("threat", "new_violence")


def pieces(scene: Scene, duty: Duty, spec: AllegedSpec) -> pl.DataFrame:
    """One flag per incident, under the order that controls at its instant."""
    rows, states = scene.once(f"acts {duty.packs} {spec.priority}", lambda: ruled(scene, duty, spec.priority))
    if rows.is_empty():
        return NOTHING
    allowed = pl.any_horizontal(
        [(pl.col("channel") == c).fill_null(False) & pl.col("exceptions").list.contains(e) for c, e in ALLOWED.items()]
    ) & (pl.col("kind") == "contact")
    breach = (
        pl.when(pl.col("kind") == "stay_away_entry")
        .then(pl.lit("stay_away"))
        .when((pl.col("contact_terms") == "no_contact") & ~allowed)
        .then(pl.lit("no_contact"))
        .when(pl.col("contact_terms").ne_missing("no_contact") & pl.col("kind").is_in(spec.violent))
        .then(pl.lit("peaceful_contact"))
    )
    rows = rows.with_columns(breach=breach).filter(pl.col("breach").is_not_null())
    if spec.tells == "not_served":
        rows = rows.filter(~pl.col("is_served"))
    else:
        rows = rows.filter((pl.col("breach") == spec.tells) & pl.col("is_served"))
    if rows.is_empty():
        return NOTHING
    rows = scene.until_resolved(with_permit(rows, states, spec), "id")
    return rows.select(
        "order", "mitigation", from_t="t", to_t="resolved_t", under="po", about="id", evidence=pl.concat_list("id")
    )


def ruled(scene: Scene, duty: Duty, priority: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(incidents, each with the protective order that controls it; all such orders in force at each incident)."""
    acts = scene.usable_incidents.join(duty.orders.select("order"), on="order", how="semi")
    if acts.is_empty():
        return acts, NOTHING
    # An incident may concern several supervising orders of the person; the allegation is under the protective order.
    acts = (
        acts.sort("order")
        .unique("id", keep="first", maintain_order=True)
        .with_columns(moment="id", kind=pl.col("kind").cast(pl.String), channel=pl.col("channel").cast(pl.String))
    )
    states = scene.protective.states(acts)
    entries = acts.filter(pl.col("kind") == "stay_away_entry").select("moment")
    near = states.filter("stay_away").join(entries, on="moment", how="semi")
    far = states.join(entries, on="moment", how="anti")
    control = pl.concat([controlling(near, priority), controlling(far, priority)])
    return acts.join(control.drop("t", "person", "zone"), on="moment"), states


def with_permit(rows: pl.DataFrame, states: pl.DataFrame, spec: AllegedSpec) -> pl.DataFrame:
    """`mitigation` later_order_permits: a later order in force allows the act."""
    none = pl.lit(None, pl.List(pl.String))
    if spec.tells != "no_contact" or rows.is_empty():
        return rows.with_columns(mitigation=none)
    others = rows.select("moment", "kind", "channel", first_t="issued_t", ruling="po").join(
        states.select("moment", "po", "issued_t", "contact_terms", "exceptions"), on="moment"
    )
    later = others.filter((pl.col("po") != pl.col("ruling")) & (pl.col("issued_t") > pl.col("first_t")))
    by_exception = pl.any_horizontal(
        [(pl.col("channel") == c).fill_null(False) & pl.col("exceptions").list.contains(e) for c, e in ALLOWED.items()]
    )
    permits = later.filter(
        (pl.col("kind") == "contact") & (pl.col("contact_terms").ne_missing("no_contact") | by_exception)
    )
    permits = permits.select("moment").unique().with_columns(permit=True)
    rows = rows.join(permits, on="moment", how="left")
    return rows.with_columns(mitigation=pl.when("permit").then(pl.lit(["later_order_permits"])))
