"""The known axis: which versions of facts exist, with what was recorded by an instant.

Source: rules/scenarios/FORMAT.md section 6. Of a chain of versions only the last one on record exists, and none of
it once a retraction is on record.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

FOREVER = 2**62


def on_record(frame: pl.DataFrame, known_at: datetime) -> pl.DataFrame:
    """Every version recorded by `known_at`, with `gone` (Int64 us): when the next version or a retraction came."""
    seen = frame.filter(pl.col("recorded_at") <= known_at)
    later = (
        seen.filter(pl.col("supersedes").is_not_null())
        .group_by(pl.col("supersedes").alias("id"))
        .agg(gone=pl.col("recorded_at").min().cast(pl.Int64))
    )
    if later.is_empty():
        return seen.with_columns(gone=pl.lit(FOREVER, pl.Int64))
    return seen.join(later, on="id", how="left").with_columns(pl.col("gone").fill_null(FOREVER))


def current(frame: pl.DataFrame, known_at: datetime) -> pl.DataFrame:
    """The versions that stand at `known_at`, with `root` (the first id of their chain)."""
    seen = frame.filter(pl.col("recorded_at") <= known_at)
    replaced = seen.get_column("supersedes").drop_nulls()
    if not replaced.is_empty():
        standing = seen.filter(~pl.col("id").is_in(replaced.implode()) & ~pl.col("retracted"))
        return with_root(standing, seen)
    if seen.get_column("retracted").any():
        seen = seen.filter(~pl.col("retracted"))
    return seen.with_columns(root=pl.col("id"))


def with_root(standing: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """`standing` with `root`: the id that its chain of corrections began with."""
    links = seen.filter(pl.col("supersedes").is_not_null()).select(root="id", back="supersedes").unique("root")
    out = standing.with_columns(root=pl.col("id"))
    for _ in range(64):  # a chain longer than that is cut, not followed for ever
        out = out.join(links, on="root", how="left", maintain_order="left")
        if out.get_column("back").is_null().all():
            return out.drop("back")
        out = out.with_columns(root=pl.coalesce("back", "root")).drop("back")
    return out


def last_known(frame: pl.DataFrame, key: str, known_at: datetime) -> pl.DataFrame:
    """Of rows that are versions of one `key`, the one recorded last by `known_at`."""
    seen = frame.filter(pl.col("recorded_at") <= known_at)
    return seen.sort(key, "recorded_at").unique(key, keep="last", maintain_order=True)
