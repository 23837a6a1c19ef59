"""How long each recorded absence stood undecided, as the record itself shows it: later corrections do not rewrite it.

Source: rules/CODES.md ("Rules about the record itself"). A stretch starts at the record of the absence (or of its
correction) and ends at a final decision on that version, at the next version, or at a retraction.
"""

from __future__ import annotations

import polars as pl

from rules.attendance import FINAL
from rules.known import FOREVER
from rules.runs import joined, next_in_group, whole
from rules.scene import Scene

KEY = ["order", "id"]


def pending_stretches(scene: Scene) -> pl.DataFrame:
    """order, program, id (session version), from_t, to_t, first_t, rec_on, evidence_due, cal, zone_ix.

    Whose life of an order, or whose doubled record, a later word changed is read as it stood.
    """
    return scene.once("pending", lambda: _pending_stretches(scene))


def _pending_stretches(scene: Scene) -> pl.DataFrame:
    rows = undecided(scene)
    if scene.rewritten is None:
        return joined(rows, KEY).with_columns(first_t="version_t")
    people, as_it_stood, replay = scene.rewritten
    theirs = scene.ground.orders.filter(pl.col("person").is_in(people.implode())).select("order")
    again = replay.clipped_back(undecided(as_it_stood))
    again = again.with_columns(replay.real("id"), pl.col("to_t").fill_null(FOREVER)).drop("cal", "zone_ix")
    again = whole(again, [*KEY, "version_t", "evidence_due"])
    again = again.join(scene.ground.orders.select("order", "cal", "zone_ix"), on="order")
    rows = pl.concat([rows.join(theirs, on="order", how="anti"), again.select(rows.columns)])
    return joined(rows, KEY).with_columns(first_t="version_t")


def undecided(scene: Scene) -> pl.DataFrame:
    """The same by what is on record now: KEY, program, from_t, to_t, version_t, rec_on, evidence_due, clock."""
    absent = absent_versions(scene)
    began = absent.select(
        *KEY, "program", "rec_on", "gone", "cal", "zone_ix", t="rec_t",
        state=pl.lit("pending"), evidence_due=pl.lit(None, pl.Int32), rank=pl.lit(0), said=pl.lit(None, pl.Int64),
        version_t="rec_t",
    )  # fmt: skip
    said = decisions_on_record(scene).join(
        absent.select(*KEY, "program", "rec_on", "gone", "cal", "zone_ix", version_t="rec_t"), on=KEY
    )
    # of several decisions recorded at one instant the one with the highest id is the last, as everywhere
    rows = pl.concat([began, said.select(began.columns)]).sort(*KEY, "t", "rank", "said")
    rows = next_in_group(rows, KEY, "t", "next_t").with_columns(
        from_t="t", to_t=pl.min_horizontal(pl.col("next_t").fill_null(FOREVER), "gone")
    )
    open_ones = rows.filter(~pl.col("state").is_in(FINAL) & (pl.col("from_t") < pl.col("to_t")))
    return open_ones.select(
        *KEY, "program", "from_t", "to_t", "version_t", "rec_on", "evidence_due", "cal", "zone_ix"
    )


def absent_versions(scene: Scene) -> pl.DataFrame:
    """Every version on record that tells of an absence inside the order's life; repeats left out.

    A record of the same session that disagrees holds the question back from its own day on, not before.
    """
    ground = scene.ground
    versions = ground.absent.filter(~pl.col("retracted"))
    laid = ground.record_moment(ground.lay(versions))
    laid = laid.filter((pl.col("t") >= pl.col("start_t")) & (pl.col("t") < pl.col("end_t")))
    attendance = scene.attendance
    laid = laid.join(attendance.repeats.select("order", "id"), on=KEY, how="anti")
    disputed = attendance.conflicts.select("order", "id", "second_t").explode("id")
    laid = laid.join(disputed, on=KEY, how="left").with_columns(gone=pl.min_horizontal("gone", "second_t"))
    laid = laid.filter(pl.col("rec_t") < pl.col("gone")).drop("second_t")
    return attendance.outside_suspension(laid.with_columns(in_force=pl.lit(True))).filter("in_force")


def decisions_on_record(scene: Scene) -> pl.DataFrame:
    """order, id (of the absence), t, state, evidence_due, rank, said (id): decisions on record."""
    ground = scene.ground
    versions = ground.versions("adjudications")
    laid = ground.record_moment(ground.lay(versions))
    repeats = scene.attendance.repeats
    if not repeats.is_empty():
        laid = laid.join(repeats, left_on=["order", "of"], right_on=KEY, how="left").with_columns(
            of=pl.coalesce("first", "of")
        )
    return laid.select(
        "order", id="of", t="rec_t", evidence_due=pl.col("evidence_due").cast(pl.Int32), rank=pl.lit(1), said="id",
        state=pl.when(pl.col("retracted")).then(pl.lit("pending")).otherwise(pl.col("decision").cast(pl.String)),
    )  # fmt: skip
