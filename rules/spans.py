"""From the pieces that a kind found to spans: whose matter, since when, by what authority, under which two ids."""

from __future__ import annotations

import hashlib
from typing import Any, Final

import polars as pl

from rules.catalogue import CATALOGUE
from rules.frames import AUTHORITY, INSTANT, SPANS
from rules.known import FOREVER
from rules.packs import Rule
from rules.pieces import as_pieces
from rules.scene import Scene
from rules.terms import Duty

SIGNED_AT_ONCE: Final = 50_000


def spans_of(scene: Scene, duty: Duty, rules: list[Rule], pieces: pl.DataFrame) -> pl.DataFrame:
    """Spans of one duty, without `version`. Zero-length pieces are dropped; so is what began after its end."""
    if pieces.is_empty():
        return pl.DataFrame(schema=SPANS)
    entry = CATALOGUE[duty.code]
    ground = scene.ground
    names = {rule.pack: rule.id for rule in rules}
    provisions = {rule.pack: rule.provision for rule in rules}
    told = ground.orders.select(
        "order", "person", "zone", "zone_ix", "supervision",
        rule=pl.col("pack").replace_strict(names, default=None, return_dtype=pl.String),
        provision=pl.col("pack").replace_strict(provisions, default=None, return_dtype=pl.String),
    )  # fmt: skip
    rows = as_pieces(pieces).join(told, on="order", maintain_order="left")
    rows = rows.with_columns(
        from_t=pl.coalesce("from_t", ground.day_start("from_on")), to_t=pl.coalesce("to_t", ground.day_start("to_on"))
    ).filter(pl.col("from_t") < pl.col("to_t").fill_null(FOREVER))
    rows = rows.with_columns(first_t=pl.coalesce("first_t", "from_t"))
    rows = rows.with_columns(first_on=pl.coalesce(pl.col("first_on"), ground.of_local(pl.col("first_t"))))
    hourly = pl.col("due_at_t").is_not_null()
    rows = rows.with_columns(
        code=pl.lit(duty.code),
        owner=pl.lit(entry.owner),
        certainty=pl.col("certainty").fill_null("CERTAIN"),
        severity=pl.col("severity").fill_null(entry.severity),
        response_class=pl.col("response_class").fill_null(entry.response_class),
        route_to=pl.col("supervision").cast(pl.String).replace_strict(
            {"unsupervised": "prosecutor", "none": "court"}, default=None, return_dtype=pl.String
        ),
        first_at=pl.when(hourly).then("first_t"),
        due_at=pl.col("due_at_t"),
        starts_at=pl.col("from_t"),
        ends_at=pl.when(pl.col("to_t") < FOREVER).then("to_t"),
        unit=pl.col("counted_in"),
        key=pl.concat_str(
            [
                pl.lit(duty.code), pl.coalesce("under", "order"), pl.col("program").fill_null(0),
                pl.coalesce("keyed", "about", "window_from", pl.col("first_on").cast(pl.Int64)),
                pl.when(pl.col("certainty") != "CERTAIN").then(pl.lit("?")).otherwise(pl.lit("")),
            ],
            separator=":",
        ),
        order=pl.coalesce("under", "order"),
    )  # fmt: skip
    rows = with_authority(rows, duty.cites)
    return rows.select(_as_span(c, k, rows) for c, k in SPANS.items())


def _as_span(column: str, kind: Any, rows: pl.DataFrame) -> pl.Expr:
    if column not in rows.columns:
        return pl.lit(None, kind).alias(column)
    if kind == INSTANT and rows.schema[column] == pl.Int64:
        return pl.col(column).cast(INSTANT)
    return pl.col(column).cast(kind)


def with_authority(rows: pl.DataFrame, cites: pl.DataFrame) -> pl.DataFrame:
    """`authority`: the value that decided, with where it comes from."""
    fields = [f.name for f in AUTHORITY.fields]
    struct = cites.select("vid", authority=pl.concat_list(pl.struct(fields).cast(AUTHORITY)))
    return rows.join(struct, on="vid", how="left", maintain_order="left")


def with_versions(spans: pl.DataFrame) -> pl.DataFrame:
    """`version`: a content hash (canonical JSON, blake2b) of everything that a span says.

    A part at a time, for the JSON of all would be several times as large as the spans.
    """
    hashes = [version for part in spans.iter_slices(SIGNED_AT_ONCE) for version in _hashed(part)]
    return spans.with_columns(version=pl.Series(hashes, dtype=pl.String))


def _hashed(spans: pl.DataFrame) -> list[str]:
    content = spans.select(pl.struct(pl.exclude("version")).struct.json_encode().cast(pl.Binary)).to_series()
    return [hashlib.blake2b(text, digest_size=12).hexdigest() for text in content]
