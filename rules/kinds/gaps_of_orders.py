"""Gaps between orders: one permits what another forbids, service was not shown, an event can still be decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import polars as pl

from rules.kinds import alleged
from rules.known import FOREVER
from rules.pieces import NOTHING
from rules.protective import WAITS
from rules.scene import Scene
from rules.terms import Duty

LAID = ("order", "po", "at", "on", "until", "id", "root", "zone_ix", "cal", "end_t")


class OrdersSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="orders_conflict"):
    """A later order in force is less strict than an earlier one in force."""


class AdjudicableSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="adjudicable"):
    """An event inside the term can be decided after its end, since revocation stopped the clock."""


class ServiceSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="not_served"):
    """An act that the controlling order would forbid, without proof of service by then."""

    priority: list[str]


class EntrySpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="entry"):
    """Changed terms of an order that the registry does not have ``after`` so long."""

    after: str


def conflicting(scene: Scene, duty: Duty, spec: OrdersSpec) -> pl.DataFrame:
    """From the day on which the later order takes effect until one of them ends or is changed."""
    protective = scene.protective
    many = protective.issued.group_by("person").len().filter(pl.col("len") > 1)
    if many.is_empty():
        return NOTHING
    turns = protective.events.join(many, on="person", how="semi").select("person", "t")
    ends = protective.issued.join(many, on="person", how="semi").filter(pl.col("ended_t") < FOREVER)
    turns = pl.concat([turns, ends.select("person", t="ended_t")]).unique().sort("person", "t")
    turns = turns.with_row_index("moment").with_columns(
        next_t=pl.when(pl.col("person").shift(-1) == pl.col("person")).then(pl.col("t").shift(-1)).fill_null(FOREVER)
    )
    states = protective.states(turns).select("person", "moment", "po", "issued_t", "strict", "zone")
    pairs = states.join(states.select("moment", earlier="po", earlier_t="issued_t", was="strict"), on="moment")
    pairs = pairs.filter((pl.col("earlier_t") < pl.col("issued_t")) & (pl.col("strict") < pl.col("was")))
    lax = pairs.select("person", "moment", "po").unique().join(turns.select("moment", "t", "next_t"), on="moment")
    lax = lax.sort("person", "po", "t")
    apart = (pl.col("po") != pl.col("po").shift(1)) | (pl.col("t") != pl.col("next_t").shift(1))
    lax = lax.with_columns(stretch=apart.fill_null(True).cum_sum())
    rows = lax.group_by("person", "po", "stretch", maintain_order=True).agg(
        from_t=pl.col("t").min(), to_t=pl.col("next_t").max()
    )
    supervising = (
        duty.orders.sort("order").unique("person", keep="first", maintain_order=True).select("order", "person")
    )
    return rows.join(supervising, on="person").select("order", "from_t", "to_t", about="po")


def adjudicable(scene: Scene, duty: Duty, spec: AdjudicableSpec) -> pl.DataFrame:
    """From the day after the nominal end of the term until a court decides."""
    ground = scene.ground
    orders = duty.orders.filter(pl.col("term_end").is_not_null()).select("order", "term_end", "zone_ix", "granted_on")
    revoked = ground.pauses.filter(pl.col("kind") == "revocation").join(orders, on="order")
    revoked = (
        revoked.filter(
            (pl.col("from_on") <= pl.col("term_end"))
            & (pl.col("to_on").is_null() | (pl.col("to_on") > pl.col("term_end")))
        )
        .select("order")
        .unique()
    )
    if revoked.is_empty():
        return NOTHING
    absent = scene.attendance.absences.filter((pl.col("decision") == "unexcused") & pl.col("in_force"))
    acts = scene.usable_incidents.filter(pl.col("t") >= pl.col("start_t"))
    columns = ["order", "id", "on", "t"]
    rows = pl.concat([absent.select(columns), acts.select(columns)])
    rows = rows.join(orders, on="order").join(revoked, on="order", how="semi")
    rows = rows.filter((pl.col("on") <= pl.col("term_end")) & (pl.col("on") >= pl.col("granted_on")))
    court = ground.laid("decisions").filter(
        (pl.col("by") == "court") & pl.col("kind").is_in(["breach_resolved", "response_recorded", "flag_resolved"])
    )
    about_all = court.filter(pl.col("about").is_null()).select("order", decided_t="t")
    about_it = court.filter(pl.col("about").is_not_null()).select("order", id="about", decided_t="t")
    by_id = rows.select("order", "id", "t").join(about_it, on=["order", "id"])
    by_all = rows.select("order", "id", "t").join(about_all, on="order").filter(pl.col("decided_t") >= pl.col("t"))
    first = pl.concat([by_id, by_all]).group_by("order", "id").agg(pl.col("decided_t").min())
    rows = scene.until_resolved(rows.join(first, on=["order", "id"], how="left"), "id")
    late = ground.day_start(pl.col("term_end") + 1)
    return rows.select(
        "order", from_t=pl.max_horizontal(late, "t"), to_t=pl.min_horizontal("decided_t", "resolved_t"), about="id",
        evidence=pl.concat_list("id"),
    )  # fmt: skip


def not_served(scene: Scene, duty: Duty, spec: ServiceSpec) -> pl.DataFrame:
    """The same reading of incidents as for allegations, where service was not shown."""
    return alleged.pieces(scene, duty, alleged.AllegedSpec(tells="not_served", priority=spec.priority))


def not_entered(scene: Scene, duty: Duty, spec: EntrySpec) -> pl.DataFrame:
    """From the day after the last one of the time set until the entry is confirmed, or the order ends.

    A protective order's wait stands at the person's first supervising order, as a conflict of orders does.
    """
    ground = scene.ground
    waits = ground.known("order_events").filter(pl.col("event") == WAITS)
    if waits.is_empty():
        return NOTHING
    waits = waits.select("person", "at", "on", "until", "id", "root", po="order")
    ended = scene.protective.issued.select("po", ended_t="ended_t")
    own = duty.orders.sort("order").select("order", "person", "zone_ix", "cal", "end_t")
    mine = waits.join(own.select(po="order", order="order"), on="po").join(own.drop("person"), on="order")
    others = waits.join(own.select(po="order"), on="po", how="anti").join(
        own.unique("person", keep="first", maintain_order=True).drop("end_t"), on="person"
    )
    others = others.join(ended, on="po", how="left").with_columns(end_t=pl.col("ended_t").fill_null(FOREVER))
    rows = ground.with_moment(pl.concat([mine.select(LAID), others.select(LAID)]))
    rows = duty.at(rows.with_columns(from_on=pl.col("on")), spec.after, "from_on")
    rows = rows.with_columns(
        from_t=ground.day_start(ground.later(rows, "from_on") + 1),
        to_t=pl.min_horizontal(pl.col("until").cast(pl.Int64), "end_t"),
    ).filter(pl.col("from_t") < pl.col("to_t"))  # fmt: skip
    return rows.select("order", "from_t", "to_t", "basis", "vid", keyed="root", evidence=pl.concat_list("root"))


FORMS: dict[type[Any], Callable[[Scene, Duty, Any], pl.DataFrame]] = {
    OrdersSpec: conflicting,
    AdjudicableSpec: adjudicable,
    ServiceSpec: not_served,
    EntrySpec: not_entered,
}
