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
from rules.known import FOREVER
from rules.pack_files import Packs
from rules.refused_terms import read_terms
from rules.runs import changed
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
            doubtful = [corrected(refused, frames[name], known_at), rings, astray(frames[name], orders, known_at)]
        found = [_placed(one) for one in doubtful if not one.is_empty()]
        if not found:
            continue
        placed = pl.concat(found)
        known = on_record(frames["orders"], known_at)
        if name == "orders":
            placed = with_next_version(placed, known)
        else:
            placed = at_orders(on_record(placed, known_at), known)
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
    """(facts, those with `problem` that correct themselves, or one another): of such a chain no version is the last."""
    if not facts.get_column("supersedes").count():
        return facts, facts.clear()
    bad = in_rings(facts.select("id", "supersedes").drop_nulls())
    if bad.is_empty():
        return facts, facts.clear()
    wrong = pl.col("id").is_in(bad.implode())
    return facts.filter(~wrong), facts.filter(wrong).with_columns(problem=pl.lit("supersedes"))


def in_rings(links: pl.DataFrame) -> pl.Series:
    """The ids of corrections that lead back to themselves: what is left when both ends of every chain are taken off."""
    while not links.is_empty():
        correcting, corrected_ids = links.get_column("id"), links.get_column("supersedes")
        between = pl.col("supersedes").is_in(correcting.implode()) & pl.col("id").is_in(corrected_ids.implode())
        inner = links.filter(between)
        if inner.height == links.height:
            break
        links = inner
    return links.get_column("id")


def corrected(refused: pl.DataFrame, facts: pl.DataFrame, known_at: datetime) -> pl.DataFrame:
    """Refused facts with `over_at`: when one that fits, of `facts`, was on record as a correction or withdrawal of it.

    A correction that does not fit either puts nothing right; one of that correction does.
    """
    if refused.is_empty():
        return refused
    blank = pl.Series([None]).new_from_index(0, refused.height)
    own = pl.DataFrame(
        [read_as(refused.get_column(c) if c in refused.columns else blank, pl.Int64()).alias(c)
         for c in ("id", "supersedes")]
    )  # fmt: skip
    mends = facts.filter((pl.col("recorded_at") <= known_at) & pl.col("supersedes").is_not_null())
    found = [mends.select(id="supersedes", over_at="recorded_at")]
    while not found[-1].is_empty() and len(found) < own.height + 1:
        found.append(own.drop_nulls().join(found[-1], on="id").select(id="supersedes", over_at="over_at"))
    first = pl.concat(found).group_by("id").agg(pl.col("over_at").min())
    return refused.with_columns(own.select("id").join(first, on="id", how="left", maintain_order="left")["over_at"])


def with_next_version(placed: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """Refused versions of orders with `over_at`: when the next version that fits was on record."""
    rows = placed.drop("over_at").with_row_index("_row")
    later = rows.join(orders.select("order", over_at="recorded_at"), on="order")
    later = later.filter(pl.col("over_at") > pl.col("recorded_at")).group_by("_row").agg(pl.col("over_at").min())
    return rows.join(later, on="_row", how="left", maintain_order="left").select(list(PLACED))


def on_record(placed: pl.DataFrame, known_at: datetime) -> pl.DataFrame:
    """Rows recorded by `known_at`, and those of which nobody can read when."""
    return placed.filter(pl.col("recorded_at").is_null() | (pl.col("recorded_at") <= known_at))


def _placed(refused: pl.DataFrame) -> pl.DataFrame:
    """What can be read of where refused rows belong; null where even that is not readable."""
    blank = pl.Series([None]).new_from_index(0, refused.height)
    told = {c: refused.get_column(c) if c in refused.columns else blank.alias(c) for c in PLACED}
    return pl.DataFrame([read_as(told[c], t).alias(c) for c, t in PLACED.items()], schema=PLACED)


def at_orders(placed: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """Refused facts at the order that they name; at each order of their person where they name none of the person's."""
    hit = orders.select("order", "person", "zone", "recorded_at")
    told = placed.select("person", "order", "problem", "over_at").drop_nulls("problem")
    bound = told.join(hit.select("order", "person").unique(), on=["order", "person"], how="semi")
    loose = told.join(bound, on=["order", "person"], how="anti").drop_nulls("person")
    nobody = told.filter(pl.col("person").is_null()).drop("person").drop_nulls("order")
    found = [
        hit.join(bound, on=["order", "person"]),
        hit.join(loose.drop("order"), on="person"),
        hit.join(nobody, on="order"),
    ]
    return pl.concat([one.select(list(PLACED)) for one in found])


def as_spans(name: str, placed: pl.DataFrame) -> pl.DataFrame:
    """INPUT_MISSING from the record of the order on until all of it is put right, a stretch an order and problem."""
    rows = placed.filter(pl.col("order").is_not_null()).with_columns(pl.col("recorded_at").fill_null(UNDATED))
    rows = rows.filter(pl.col("over_at").is_null() | (pl.col("recorded_at") < pl.col("over_at")))
    rows = rows.sort("order", "problem", "recorded_at").with_columns(
        _over_t=pl.col("over_at").cast(pl.Int64).fill_null(FOREVER), _from_t=pl.col("recorded_at").cast(pl.Int64)
    )
    same = ["order", "problem"]
    apart = changed(same) | (pl.col("_from_t") > pl.col("_over_t").cum_max().over(same).shift(1)).fill_null(True)
    last = pl.when(pl.col("over_at").is_not_null().all()).then(pl.col("over_at").max())
    rows = rows.with_columns(_stretch=apart.cum_sum()).group_by("_stretch", maintain_order=True).agg(
        pl.col("order", "person", "zone", "recorded_at", "problem").first(), ends_at=last
    )
    rows = rows.with_columns(
        zone=pl.when(pl.col("zone").is_in(known_zones())).then("zone"),
        starts_at="recorded_at", code=pl.lit("INPUT_MISSING"), owner=pl.lit("system"),
        certainty=pl.lit("CANNOT_EVALUATE"), severity=pl.lit("review"), first_on=pl.col("recorded_at").dt.date(),
        note=pl.lit(f"{name}.") + pl.col("problem"),
        key=pl.concat_str(pl.lit("INPUT_MISSING"), "order", pl.lit(name), "problem", separator=":"),
    )  # fmt: skip
    return rows.select(pl.col(c).cast(k) if c in rows.columns else pl.lit(None, k).alias(c) for c, k in SPANS.items())
