"""Money unpaid: a question about means for the court, never a flag about the person (safeguard G1)."""

from __future__ import annotations

import msgspec
import polars as pl

from rules.known import FOREVER
from rules.scene import Scene
from rules.terms import Duty

CLEARING = ("paid", "waiver_granted", "waiver_denied", "ability_found")


class FeeSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="fee"):
    """From an unpaid item, or a discharge for non-payment, to payment, a waiver decision or a finding on means."""


def pieces(scene: Scene, duty: Duty, spec: FeeSpec) -> pl.DataFrame:
    """One stretch per order from the first unsettled item on; severity rises with a discharge."""
    fees = scene.ground.laid("fees").select("order", "t", "id", word=pl.col("event").cast(pl.String))
    out = scene.ground.laid("enrollments").filter(
        (pl.col("event") == "discharged") & (pl.col("reason") == "non_payment")
    )
    rows = pl.concat([fees, out.select("order", "t", "id", word=pl.lit("discharged"))])
    rows = rows.join(duty.orders.select("order"), on="order", how="semi").sort("order", "t", "id")
    cleared = pl.col("word").is_in(CLEARING)
    # A stretch number grows with every clearing event: what follows it is another stretch.
    rows = rows.with_columns(stretch=cleared.cast(pl.Int64).cum_sum().shift(1, fill_value=0).over("order"))
    opens = pl.col("word").is_in(["unpaid", "discharged"])
    group = ["order", "stretch"]
    rows = rows.with_columns(
        begun_t=pl.col("t").filter(opens).min().over(group),
        keyed=pl.col("id").filter(opens).first().over(group),
        asked=(pl.col("word") == "waiver_requested").cum_max().over(group),
        high=(pl.col("word") == "discharged").cum_max().over(group),
        next_t=pl.col("t").shift(-1).over("order"),
    )
    rows = rows.filter(
        ~cleared & (pl.col("t") >= pl.col("begun_t")) & (pl.col("t") < pl.col("next_t").fill_null(FOREVER))
    )
    return rows.select(
        "order", "keyed", from_t="t", to_t="next_t", first_t="begun_t",
        severity=pl.when("high").then(pl.lit("high")).otherwise(pl.lit("info")),
        mitigation=pl.when("asked").then(pl.lit(["waiver_pending"])),
    )  # fmt: skip
