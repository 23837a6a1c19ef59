"""The known axis: which versions of facts exist, with what was recorded by an instant.

Source: rules/scenarios/FORMAT.md section 6. Of a chain of versions only the last one on record exists, and none of
it once a retraction is on record.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

FOREVER = 2**62


def on_record(frame: pl.DataFrame, known_at: datetime) -> pl.DataFrame:
    """Every version recorded by `known_at`, with `gone` (Int64 us): when the next version or a retraction came."""
    seen = frame.filter(pl.col("recorded_at") <= known_at)
    if not seen.get_column("supersedes").count():
        return seen.with_columns(gone=pl.lit(FOREVER, pl.Int64))
    later = (
        seen.filter(pl.col("supersedes").is_not_null())
        .group_by(pl.col("supersedes").alias("id"))
        .agg(gone=pl.col("recorded_at").min().cast(pl.Int64))
    )
    return seen.with_columns(instead(seen, pl.Series("gone", [FOREVER]).new_from_index(0, seen.height), later))


def told_of(frame: pl.DataFrame, few: pl.DataFrame, on: Sequence[str]) -> pl.DataFrame:
    """`frame` with the other columns of `few`, null where `few` says nothing; its columns win, order of rows stays.

    For few that are about a small part of a long frame: looked up for these rows only, in place of a join of all.
    `on`: its last column is looked at first, and together they are unique in `few`.
    """
    places = frame.get_column(on[-1]).is_in(few.get_column(on[-1]).implode()).arg_true()
    return laid_at(
        frame, places, frame.select(on)[places].join(few, on=list(on), how="left", maintain_order="left").drop(on)
    )


def laid_at(frame: pl.DataFrame, places: pl.Series, few: pl.DataFrame) -> pl.DataFrame:
    """`frame` with the columns of `few`, whose rows belong at these places of it; null everywhere else."""
    row = pl.Series([None], dtype=pl.UInt32).new_from_index(0, frame.height)
    row = row.scatter(places, pl.int_range(places.len(), dtype=pl.UInt32, eager=True))
    return frame.with_columns(one.gather(row) for one in few.get_columns())


def current(frame: pl.DataFrame, known_at: datetime) -> pl.DataFrame:
    """The versions that stand at `known_at`, with `root` (the first id of their chain)."""
    if frame.is_empty():
        return frame.with_columns(root="id")
    seen = frame.filter(pl.col("recorded_at") <= known_at)
    if seen.get_column("supersedes").count():
        replaced = seen.get_column("supersedes").drop_nulls()
        standing = seen.filter(~pl.col("id").is_in(replaced.implode()) & ~pl.col("retracted"))
        return with_root(standing, seen)
    if seen.get_column("retracted").any():
        seen = seen.filter(~pl.col("retracted"))
    return seen.with_columns(root=pl.col("id"))


def with_root(standing: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """`standing` with `root`: the id that its chain of corrections began with. Few rows correct another."""
    corrections = pl.col("supersedes").is_not_null()
    links = seen.filter(corrections).select(root="id", back="supersedes").unique("root")
    few = standing.filter(corrections).select("id", root="id")
    for _ in range(64):  # a chain longer than that is cut, not followed for ever
        few = few.join(links, on="root", how="left")
        if few.get_column("back").is_null().all():
            break
        few = few.select("id", root=pl.coalesce("back", "root"))
    return standing.with_columns(instead(standing, standing.get_column("id").alias("root"), few.select("id", "root")))


def instead(frame: pl.DataFrame, usual: pl.Series, few: pl.DataFrame) -> pl.Series:
    """`usual`, a value a row of `frame`, and in its place what `few` says about an `id` (unique there, never null)."""
    ids = frame.get_column("id")
    places = ids.is_in(few.get_column("id").implode()).arg_true()
    told = ids.gather(places).to_frame().join(few, on="id", how="left", maintain_order="left")
    return usual.scatter(places, told.get_column(usual.name)) if places.len() else usual


def last_known(frame: pl.DataFrame, key: str, known_at: datetime) -> pl.DataFrame:
    """Of rows that are versions of one `key`, the one recorded last by `known_at`."""
    seen = frame.filter(pl.col("recorded_at") <= known_at)
    return seen.sort(key, "recorded_at").unique(key, keep="last", maintain_order=True)
