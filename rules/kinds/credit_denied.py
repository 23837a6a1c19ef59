"""Credit of an earlier program that may not be carried over: too many transfers, or an approval missing."""

from __future__ import annotations

import msgspec
import polars as pl

from rules.kinds import authorities
from rules.scene import Scene
from rules.terms import Duty


class CreditSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="credit_denied"):
    """`most`: transfers that keep credit. `needs`: who must have approved. `free`: reasons that do not count."""

    most: str
    needs: str
    free: list[str] = []


def pieces(scene: Scene, duty: Duty, spec: CreditSpec) -> pl.DataFrame:
    """From the transfer until a person decides."""
    moved = (
        scene.ground.laid("transfers")
        .join(duty.orders.select("order"), on="order", how="semi")
        .sort("order", "t", "id")
    )
    free = pl.col("reason").cast(pl.String).is_in(spec.free).fill_null(False)
    moved = moved.with_columns(free=free, nth=(~free).cum_sum().over("order").cast(pl.Int64))
    many = (pl.col("nth") > pl.col("n")) & ~pl.col("free")
    asked = duty.said(duty.at(moved, spec.most), spec.needs)
    rows = pl.concat([part.filter(many | ~authorities.has_all(groups or [])) for groups, part in asked])
    given = scene.credits.select("order", credit_t="t", total="total")
    have = rows.select("order", "id", "t").join(given, on="order").filter(pl.col("credit_t") < pl.col("t"))
    have = have.group_by("order", "id").agg(have=pl.col("total").max())
    rows = rows.join(have, on=["order", "id"], how="left").filter(pl.col("have") > 0)
    rows = scene.until_resolved(rows, "id")
    return rows.select(
        "order", "have", "basis", "vid", from_t="t", to_t="resolved_t", about="id", count="nth", limit="n",
        counted_in=pl.lit("minutes"), evidence=pl.concat_list("id"),
    )  # fmt: skip
