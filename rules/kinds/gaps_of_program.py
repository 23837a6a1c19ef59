"""Gaps around the program: nobody re-refers, no seat is free, nobody decides on an extension; and a warrant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import polars as pl

from rules.kinds import progress_windows
from rules.known import FOREVER
from rules.scene import Scene
from rules.sources import Source
from rules.terms import Duty


class EnrollmentSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="unenrolled"):
    """An enrollment ended and there is no new one."""


class CapacitySpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="capacity"):
    """An enrollment date passed and a waiting-list letter shows that no seat was free."""

    allowed: str
    of_codes: list[str]


class ExtensionSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="extension"):
    """The window ended, a ground is on record, and nobody decided on an extension."""

    of_code: str


class PauseSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="pause"):
    """A state that is on for as long as a pause of that kind; with ``after``, from the day after so long."""

    kind: str
    after: str | None = None


def unenrolled(scene: Scene, duty: Duty, spec: EnrollmentSpec) -> pl.DataFrame:
    """From the day after the enrollment ended to the next one, a transfer, or a certificate."""
    ground = scene.ground
    ends = ground.out_of_program.filter(~pl.col("finished")).join(duty.orders.select("order"), on="order", how="semi")
    sealed = ground.laid("certificates").group_by("order").agg(sealed_t=pl.col("t").min())
    life = pl.when(pl.col("end_t") < FOREVER).then("end_t")
    rows = ends.join(sealed, on="order", how="left").with_columns(
        from_t=ground.day_start("from_on"), to_t=pl.min_horizontal("back_t", "sealed_t", life)
    )
    rows = rows.filter(pl.col("from_t") < pl.col("to_t").fill_null(FOREVER)).sort("order", "from_t", "id")
    rows = rows.unique(["order", "back_t"], keep="first", maintain_order=True)
    return rows.select("order", "from_t", "to_t", keyed="id", evidence=pl.concat_list("id"))


def capacity(scene: Scene, duty: Duty, spec: CapacitySpec) -> pl.DataFrame:
    """Beside an overdue enrollment, while a waiting-list letter is on file."""
    none = pl.DataFrame(schema={"order": pl.Int64, "from_t": pl.Int64, "to_t": pl.Int64})
    by_program = pl.col("by").cast(pl.String).fill_null("provider") == "provider"
    letters = scene.ground.laid("letters").filter((pl.col("kind") == "waitlist") & by_program)
    if letters.is_empty():
        return none
    letters = pl.concat([letters.clear(), *(part for yes, part in duty.said(letters, spec.allowed) if yes is True)])
    if letters.is_empty():  # few have such a letter, and the overdue enrollments are worked out again below
        return none
    overdue = pl.concat([scene.pieces_of(code).select("order", "from_t", "to_t") for code in spec.of_codes])
    overdue = overdue.join(duty.orders.select("order"), on="order", how="semi").with_row_index("row")
    enrolled = scene.events(Source(event="enrollments", is_={"event": ["enrolled"]}))
    proven = scene.events(Source(event="reports", is_={"kind": ["enrollment_proof"]}))
    enrolled = pl.concat([enrolled, proven]).group_by("order").agg(in_t=pl.col("t").min())
    letters = letters.select("order", "id", "zone_ix", pl.col("seat_on").cast(pl.Int32), letter_t="t")
    rows = overdue.join(letters, on="order")
    # a letter that offers a seat by the date itself shows that one was free
    rows = rows.filter(pl.col("seat_on").is_null() | (scene.ground.day_start("seat_on") >= pl.col("from_t")))
    rows = rows.sort("row", "letter_t", "id").unique("row", keep="first", maintain_order=True)
    rows = rows.join(enrolled, on="order", how="left")
    rows = rows.with_columns(
        from_t=pl.max_horizontal("from_t", "letter_t"), to_t=pl.min_horizontal("to_t", "in_t").fill_null(FOREVER)
    ).filter(pl.col("from_t") < pl.col("to_t"))
    rows = rows.group_by("order").agg(
        pl.col("from_t").min(), pl.col("to_t").max(), evidence=pl.col("id").unique().sort()
    )
    return rows.with_columns(keyed=pl.lit(0, pl.Int64))


def undecided_extension(scene: Scene, duty: Duty, spec: ExtensionSpec) -> pl.DataFrame:
    """From the day after the window ended to a decision, either way."""
    over = progress_windows.over(scene, scene.duties_of(spec.of_code))
    over = over.filter(pl.col("grounds").list.len() > 0).join(duty.orders.select("order"), on="order", how="semi")
    decided = scene.ground.laid("decisions").filter(pl.col("kind").is_in(["extension_granted", "extension_denied"]))
    first = decided.group_by("order").agg(decided_t=pl.col("t").min())
    rows = over.join(first, on="order", how="left").filter(pl.col("from_t") < pl.col("decided_t").fill_null(FOREVER))
    rows = rows.sort("order", "from_t").unique("order", keep="first", maintain_order=True)
    return rows.select("order", "from_t", to_t="decided_t", keyed=pl.lit(0), evidence="grounds")


def paused(scene: Scene, duty: Duty, spec: PauseSpec) -> pl.DataFrame:
    """One flag in place of a pile of missed duties; or, with ``after``, one that it lasts longer than somebody set."""
    rows = scene.ground.pauses.filter(pl.col("kind") == spec.kind)
    rows = rows.join(duty.orders.select("order"), on="order", how="semi")
    if spec.after:
        return outlasted(scene, duty.at(rows.drop("basis"), spec.after, "from_on"))
    return rows.select("order", "from_t", "to_t", keyed="id", evidence=pl.concat_list("id"))


def outlasted(scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    """From the day after the last one of the time set to the day on which the pause ends; rows with n and unit."""
    rows = rows.join(scene.ground.orders.select("order", "cal", "zone_ix"), on="order")
    rows = rows.with_columns(from_t=scene.ground.day_start(scene.ground.later(rows, "from_on") + 1))
    rows = rows.filter(pl.col("from_t") < pl.col("to_t").fill_null(FOREVER))
    return rows.select("order", "from_t", "to_t", "basis", "vid", keyed="id", evidence=pl.concat_list("id"))


FORMS: dict[type[Any], Callable[[Scene, Duty, Any], pl.DataFrame]] = {
    EnrollmentSpec: unenrolled,
    CapacitySpec: capacity,
    ExtensionSpec: undecided_extension,
    PauseSpec: paused,
}
