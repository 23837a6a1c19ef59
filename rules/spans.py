"""From the pieces that a kind found to spans: whose matter, since when, by what authority, under which two ids."""

from __future__ import annotations

import hashlib
from typing import Any, Final, NamedTuple

import polars as pl

from rules.catalogue import CATALOGUE
from rules.frames import AUTHORITY, INSTANT, SPANS
from rules.known import FOREVER
from rules.packs import Rule
from rules.scene import Scene
from rules.terms import Duty

SIGNED_AT_ONCE: Final = 50_000
USUAL: Final[dict[str, Any]] = {
    "duty": pl.Int32, "code": pl.String, "owner": pl.String, "usual_severity": pl.String, "usual_class": pl.String,
}  # fmt: skip
RULED: Final[dict[str, Any]] = {"duty": pl.Int32, "pack": pl.String, "rule": pl.String, "provision": pl.String}


def spans_of(scene: Scene, found: list[Found]) -> pl.DataFrame:
    """Spans of all duties, without `version`. Zero-length pieces are dropped; so is what began after its end."""
    if not found:
        return pl.DataFrame(schema=SPANS)
    rows = pl.concat([one.pieces.with_columns(duty=pl.lit(n, pl.Int32)) for n, one in enumerate(found)])
    rows = with_rules(with_moments(scene, rows), found)
    hourly = pl.col("due_at_t").is_not_null()
    rows = rows.with_columns(
        certainty=pl.col("certainty").fill_null("CERTAIN"),
        severity=pl.coalesce("severity", "usual_severity"),
        response_class=pl.coalesce("response_class", "usual_class"),
        route_to=pl.col("supervision").cast(pl.String).replace_strict(
            {"unsupervised": "prosecutor", "none": "court"}, default=None, return_dtype=pl.String
        ),
        first_at=pl.when(hourly).then("first_t"),
        due_at=pl.col("due_at_t"),
        starts_at=pl.col("from_t"),
        ends_at=pl.when(pl.col("to_t") < FOREVER).then("to_t"),
        unit=pl.col("counted_in"),
        order=pl.coalesce("under", "order"),
    )  # fmt: skip
    rows = rows.with_columns(
        key=pl.concat_str(
            [
                "code", "order", pl.col("program").fill_null(0),
                pl.coalesce("keyed", "about", "window_from", pl.col("first_on").cast(pl.Int64)),
                pl.when(pl.col("certainty") != "CERTAIN").then(pl.lit("?")).otherwise(pl.lit("")),
            ],
            separator=":",
        )
    )  # fmt: skip
    return rows.select(_as_span(c, k, rows) for c, k in SPANS.items())


class Found(NamedTuple):
    """What one duty found (`pieces`: with every column of PIECE), and the rules that it stands for."""

    duty: Duty
    rules: list[Rule]
    pieces: pl.DataFrame


def with_moments(scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    """Pieces beside their orders, with `from_t`, `to_t`, `first_t` and `first_on`, where they have any length."""
    ground = scene.ground
    told = ground.orders.select("order", "person", "zone", "zone_ix", "supervision", "pack")
    rows = rows.join(told, on="order", maintain_order="left")
    rows = rows.with_columns(
        from_t=pl.coalesce("from_t", ground.day_start("from_on")), to_t=pl.coalesce("to_t", ground.day_start("to_on"))
    ).filter(pl.col("from_t") < pl.col("to_t").fill_null(FOREVER))
    rows = rows.with_columns(first_t=pl.coalesce("first_t", "from_t"))
    return rows.with_columns(first_on=pl.coalesce(pl.col("first_on"), ground.of_local(pl.col("first_t"))))


def with_rules(rows: pl.DataFrame, found: list[Found]) -> pl.DataFrame:
    """Of each piece's duty: code, owner, what is usual, the rule of the order's pack, and `authority`, what decided."""
    usual = [
        (n, one.duty.code, entry.owner, entry.severity, entry.response_class)
        for n, one in enumerate(found)
        for entry in [CATALOGUE[one.duty.code]]
    ]
    ruled = [(n, rule.pack, rule.id, rule.provision) for n, one in enumerate(found) for rule in one.rules]
    cited = [one.duty.cites.with_columns(duty=pl.lit(n, pl.Int32)) for n, one in enumerate(found)]
    fields = [f.name for f in AUTHORITY.fields]
    cites = pl.concat(cited).select("duty", "vid", authority=pl.concat_list(pl.struct(fields).cast(AUTHORITY)))
    rows = rows.join(pl.DataFrame(usual, schema=USUAL, orient="row"), on="duty", maintain_order="left")
    rules = pl.DataFrame(ruled, schema=RULED, orient="row")
    rows = rows.join(rules, on=["duty", "pack"], how="left", maintain_order="left")
    return rows.join(cites, on=["duty", "vid"], how="left", maintain_order="left")


def _as_span(column: str, kind: Any, rows: pl.DataFrame) -> pl.Expr:
    if column not in rows.columns:
        return pl.lit(None, kind).alias(column)
    if kind == INSTANT and rows.schema[column] == pl.Int64:
        return pl.col(column).cast(INSTANT)
    return pl.col(column).cast(kind)


def with_versions(spans: pl.DataFrame) -> pl.DataFrame:
    """`version`: a content hash (canonical JSON, blake2b) of everything that a span says.

    A part at a time, for the JSON of all would be several times as large as the spans.
    """
    hashes = [version for part in spans.iter_slices(SIGNED_AT_ONCE) for version in _hashed(part)]
    return spans.with_columns(version=pl.Series(hashes, dtype=pl.String))


def _hashed(spans: pl.DataFrame) -> list[str]:
    content = spans.select(pl.struct(pl.exclude("version")).struct.json_encode().cast(pl.Binary)).to_series()
    return [hashlib.blake2b(text, digest_size=12).hexdigest() for text in content]
