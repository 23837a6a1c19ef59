"""Gaps in the record itself: undecided absences, records that disagree, alerts nobody checked, completion reopened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import polars as pl

from rules.attendance import CREDITED
from rules.intervals import split_by
from rules.known import FOREVER
from rules.pending import pending_stretches
from rules.pieces import NOTHING
from rules.scene import Scene
from rules.terms import Duty


class PendingSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="pending"):
    """A recorded absence without a final decision."""


class ConflictSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="conflict"):
    """Two current records of one session that disagree."""


class ReopenedSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="reopened"):
    """A correction after the certificate that takes away attendance on which it rested."""


class AlertSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="alert"):
    """A device alert that no person has checked."""


def pending(scene: Scene, duty: Duty, spec: PendingSpec) -> pl.DataFrame:
    """One flag per absence, from its record to its decision."""
    rows = pending_stretches(scene).join(duty.orders.select("order"), on="order", how="semi")
    return rows.select("order", "program", "from_t", "to_t", "first_t", about="id", evidence=pl.concat_list("id"))


def conflict(scene: Scene, duty: Duty, spec: ConflictSpec) -> pl.DataFrame:
    """From the record of the second to the day on which one is superseded or retracted."""
    ground = scene.ground
    if scene.told_twice.is_empty():
        return NOTHING
    laid = ground.record_moment(scene.told_twice).join(duty.orders.select("order"), on="order", how="semi")
    laid = laid.with_columns(
        same=pl.col("outcome").cast(pl.String) + ":" + pl.col("minutes").cast(pl.String).fill_null("")
    )
    crowd = laid.filter(laid.select("order", "program", "on").is_duplicated())
    pairs = crowd.select("order", "program", "on", "id", "at", "rec_t", "gone", "same", "supersedes")
    pairs = pairs.join(pairs, on=["order", "program", "on"], nulls_equal=True, suffix="_b").filter(
        (pl.col("rec_t") < pl.col("rec_t_b"))
        | ((pl.col("rec_t") == pl.col("rec_t_b")) & (pl.col("id") < pl.col("id_b")))
    )
    apart = pl.col("at").is_not_null() & pl.col("at_b").is_not_null() & (pl.col("at") != pl.col("at_b"))
    pairs = pairs.filter(~apart & (pl.col("same") != pl.col("same_b")))
    pairs = pairs.with_columns(
        from_t=pl.max_horizontal("rec_t", "rec_t_b"), to_t=pl.min_horizontal("gone", "gone_b")
    ).filter(pl.col("from_t") < pl.col("to_t"))
    groups = pairs.group_by("order", "program", "on").agg(
        pl.col("from_t").min(), pl.col("to_t").max(),
        evidence=pl.concat([pl.col("id"), pl.col("id_b")]).unique().sort(),
        keyed=pl.col("id").min(),
    )  # fmt: skip
    return groups.select("order", "program", "from_t", "to_t", "evidence", "keyed")


def reopened(scene: Scene, duty: Duty, spec: ReopenedSpec) -> pl.DataFrame:
    """From the record of the correction, and not before that of the certificate, until a person decides.

    It rested on what was on record when it was given: what is corrected after that instant was taken from it, though
    the certificate itself may have been recorded later still.
    """
    ground = scene.ground
    certified = ground.lay(ground.versions("certificates").filter(~pl.col("retracted"))).select(
        "order", given_on="on", given_t="t", filed_t=pl.col("recorded_at").cast(pl.Int64), withdrawn_t="gone"
    )
    versions = ground.chains("sessions")
    given = pl.col("outcome").cast(pl.String).is_in(CREDITED)
    corrected = versions.filter(pl.col("supersedes").is_not_null())
    changed = corrected.filter(pl.col("retracted") | ~given)
    if changed.is_empty() or certified.is_empty():
        return NOTHING
    was = versions.filter(given & ~pl.col("retracted")).select(supersedes="id", was_on="on")
    laid = ground.record_moment(ground.lay(changed.join(was, on="supersedes")))
    rows = laid.join(certified, on="order").filter(
        (pl.col("was_on").cast(pl.Int32) <= pl.col("given_on")) & (pl.col("rec_t") > pl.col("given_t"))
    )
    rows = rows.join(duty.orders.select("order"), on="order", how="semi")
    rows = rows.with_columns(id=pl.when("retracted").then("supersedes").otherwise("id"))
    rows = scene.until_resolved(rows, "id").with_columns(
        from_t=pl.max_horizontal("rec_t", "filed_t"),
        to_t=pl.min_horizontal("resolved_t", "gone", "withdrawn_t").fill_null(FOREVER),
    ).filter(pl.col("from_t") < pl.col("to_t"))  # fmt: skip
    rows = rows.group_by("order", "id").agg(pl.col("from_t", "rec_t").min(), pl.col("to_t").max())
    return rows.select("order", "from_t", "to_t", first_t="rec_t", about="id", evidence=pl.concat_list("id"))


def alert(scene: Scene, duty: Duty, spec: AlertSpec) -> pl.DataFrame:
    """From the alert (or its record) to a person's check of it."""
    ground = scene.ground
    told = ground.versions("incidents").filter((pl.col("source") == "device") & ~pl.col("retracted"))
    if told.is_empty():
        return NOTHING
    laid = ground.record_moment(ground.lay(told)).join(duty.orders.select("order"), on="order", how="semi")
    rows = laid.select("order", "id", "t", from_t=pl.max_horizontal("t", "rec_t"), to_t="gone")
    rows = rows.filter(pl.col("from_t") < pl.col("to_t"))
    rows = split_by(rows, checks_on_record(scene), ["order", "id"])[1]
    return rows.select("order", "from_t", "to_t", first_t="t", about="id", evidence=pl.concat_list("id"))


def checks_on_record(scene: Scene) -> pl.DataFrame:
    """order, id (of the alert), from_t, to_t: while a person's check stood on record, whatever took its place later."""
    told = scene.ground.versions("adjudications")
    told = told.filter(pl.col("decision").is_in(["confirmed", "dismissed"]) & ~pl.col("retracted"))
    laid = scene.ground.lay(told)
    return laid.select("order", id="of", from_t=pl.col("recorded_at").cast(pl.Int64), to_t="gone")


FORMS: dict[type[Any], Callable[[Scene, Duty, Any], pl.DataFrame]] = {
    PendingSpec: pending,
    ConflictSpec: conflict,
    ReopenedSpec: reopened,
    AlertSpec: alert,
}
