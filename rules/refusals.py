"""Facts that do not fit are told of, on each order they were about, and never stop the others or vanish.

A word outside the closed lists, a null where a value must stand, a zone that nobody knows, a pack that is not there,
a term that nobody can go by (rules.refused_terms), a fact bound to an order that is not there: INPUT_MISSING with
certainty CANNOT_EVALUATE, owned by the system. A row that names neither order nor person can be laid at nobody's door;
`rules.folder` counts it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Final

import polars as pl

from rules.calendar import known_zones
from rules.cells import read_as
from rules.frames import FACTS, INSTANT, SPANS, FactFrames, conform
from rules.pack_files import Packs
from rules.refused_terms import read_terms
from rules.unplaced import astray, whose

UNDATED: Final = datetime(1970, 1, 1, tzinfo=UTC)
PLACED: Final[dict[str, Any]] = {
    "order": pl.Int64,
    "person": pl.Int64,
    "zone": pl.String,
    "recorded_at": INSTANT,
    "problem": pl.String,
    "over_at": INSTANT,  # when a later record put it right; null = none did
}


def sound(facts: FactFrames, packs: Packs, known_at: datetime) -> tuple[FactFrames, list[pl.DataFrame]]:
    """The facts that fit the schemas, and SPANS rows that say which did not, of those on record by `known_at`."""
    frames: dict[str, pl.DataFrame] = {}
    told: list[pl.DataFrame] = []
    orders = whose(facts, known_at)
    for name, frame in facts.items():
        frames[name], refused = conform(name, frame)
        doubtful = [refused]
        if name == "orders":
            frames[name], lost = known_places(frames[name], packs.rules)
            doubtful.append(lost)
        elif name == "terms":
            frames[name], lost = read_terms(frames[name], frames["orders"], packs, known_at)
            doubtful.append(lost)
        elif name in FACTS:
            frames[name], rings = without_rings(frames[name])
            doubtful += [rings, astray(frames[name], orders, known_at)]
        found = [_placed(one) for one in doubtful if not one.is_empty()]
        if not found:
            continue
        placed = pl.concat(found)
        if name != "orders":
            placed = at_orders(on_record(placed, known_at), on_record(frames["orders"], known_at))
        told.append(as_spans(name, on_record(placed, known_at)))
    return FactFrames.of(frames), [one for one in told if not one.is_empty()]


def known_places(orders: pl.DataFrame, packs: Collection[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(orders whose zone and pack exist, the others with `problem`)."""
    zones = set(orders.get_column("zone").unique()) & known_zones()
    lost = (
        pl.when(~pl.col("zone").is_in(zones))
        .then(pl.lit("zone"))
        .when(~pl.col("pack").is_in(packs))
        .then(pl.lit("pack"))
    )
    judged = orders.with_columns(problem=lost)
    good = judged.filter(pl.col("problem").is_null()).drop("problem")
    return good, judged.filter(pl.col("problem").is_not_null())


def without_rings(facts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(facts, those with `problem` that correct themselves, or each other): of such a chain no version is the last."""
    if not facts.get_column("supersedes").count():
        return facts, facts.clear()
    links = facts.select("id", "supersedes").drop_nulls()
    back = links.select(supersedes="id", corrected_by="supersedes")
    bad = links.join(back, on="supersedes").filter(pl.col("corrected_by") == pl.col("id")).get_column("id")
    if bad.is_empty():
        return facts, facts.clear()
    wrong = pl.col("id").is_in(bad.implode())
    return facts.filter(~wrong), facts.filter(wrong).with_columns(problem=pl.lit("supersedes"))


def on_record(placed: pl.DataFrame, known_at: datetime) -> pl.DataFrame:
    """Rows recorded by `known_at`, and those of which nobody can read when."""
    return placed.filter(pl.col("recorded_at").is_null() | (pl.col("recorded_at") <= known_at))


def _placed(refused: pl.DataFrame) -> pl.DataFrame:
    """What can be read of where refused rows belong; null where even that is not readable."""
    blank = pl.Series([None]).new_from_index(0, refused.height)
    told = {c: refused.get_column(c) if c in refused.columns else blank.alias(c) for c in PLACED}
    return pl.DataFrame([read_as(told[c], t).alias(c) for c, t in PLACED.items()], schema=PLACED)


def at_orders(placed: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """Refused facts at each order of their person; at their order where they name no person."""
    hit = orders.select("order", "person", "zone", "recorded_at")
    told = placed.select("person", "order", "problem", "over_at").drop_nulls("problem")
    by_person = hit.join(told.drop("order").drop_nulls("person"), on="person")
    nobody = told.filter(pl.col("person").is_null()).drop("person").drop_nulls("order")
    return pl.concat([by_person, hit.join(nobody, on="order")]).select(list(PLACED))


def as_spans(name: str, placed: pl.DataFrame) -> pl.DataFrame:
    """INPUT_MISSING from the record of the order on until all of it is put right, once an order and problem."""
    rows = placed.filter(pl.col("order").is_not_null()).with_columns(pl.col("recorded_at").fill_null(UNDATED))
    last = pl.when(pl.col("over_at").is_not_null().all()).then(pl.col("over_at").max()).over("order", "problem")
    rows = rows.with_columns(ends_at=last).sort("order", "problem", "recorded_at")
    rows = rows.unique(["order", "problem"], keep="first", maintain_order=True)
    rows = rows.filter(pl.col("ends_at").is_null() | (pl.col("recorded_at") < pl.col("ends_at")))
    rows = rows.with_columns(
        zone=pl.when(pl.col("zone").is_in(known_zones())).then("zone"),
        starts_at="recorded_at", code=pl.lit("INPUT_MISSING"), owner=pl.lit("system"),
        certainty=pl.lit("CANNOT_EVALUATE"), severity=pl.lit("review"), first_on=pl.col("recorded_at").dt.date(),
        note=pl.lit(f"{name}.") + pl.col("problem"),
        key=pl.concat_str(pl.lit("INPUT_MISSING"), "order", pl.lit(name), "problem", separator=":"),
    )  # fmt: skip
    return rows.select(pl.col(c).cast(k) if c in rows.columns else pl.lit(None, k).alias(c) for c, k in SPANS.items())
