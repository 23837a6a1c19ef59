"""Neighbours in sorted frames: numbering, runs and evidence lists without window functions (rules/speed.md)."""

from __future__ import annotations

import polars as pl

from rules.known import FOREVER


def in_order(frame: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """`frame` sorted by `keys`. Whether it is so already is seen in one pass: partitions are sorted when written."""
    if any(frame.get_column(key).null_count() for key in keys):
        return frame.sort(keys)
    apart = pl.lit(True)  # what is equal in all keys is in order
    for key in reversed(keys):
        before = pl.col(key).shift(1)
        apart = (pl.col(key) > before) | ((pl.col(key) == before) & apart)
    return frame if frame.select(apart.all()).item() else frame.sort(keys)


def shared(numbers: pl.Series) -> pl.Series:
    """Whether a number stands more than once; the rows of one are mostly neighbours already."""
    if not numbers.is_sorted():
        return numbers.is_duplicated()
    same = (numbers == numbers.shift(1)).fill_null(False)
    return same | same.shift(-1, fill_value=False)


def changed(keys: list[str]) -> pl.Expr:
    """Whether a row begins a new group; the frame is sorted by `keys`."""
    return pl.any_horizontal([pl.col(k).ne_missing(pl.col(k).shift(1)) for k in keys]) | (pl.int_range(pl.len()) == 0)


def numbered(frame: pl.DataFrame, keys: list[str], name: str = "n") -> pl.DataFrame:
    """`name`: 1, 2, 3 ... within each group (Int64); the frame is sorted by `keys`."""
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    begun = pl.when(changed(keys)).then(place).forward_fill()
    return frame.with_columns((place - begun + 1).alias(name))


def summed(column: str, keys: list[str]) -> pl.Expr:
    """The sum of `column` so far within each group; the frame is sorted by `keys`, and no cell is null."""
    all_so_far = pl.col(column).cum_sum()
    return all_so_far - pl.when(changed(keys)).then(all_so_far - pl.col(column)).forward_fill()


def next_in_group(frame: pl.DataFrame, keys: list[str], column: str, name: str) -> pl.DataFrame:
    """`name`: the value of `column` in the next row of the group, null at its end."""
    same = pl.all_horizontal([pl.col(k).eq_missing(pl.col(k).shift(-1)) for k in keys])
    return frame.with_columns(pl.when(same).then(pl.col(column).shift(-1)).alias(name))


def evidence_upto(pieces: pl.DataFrame, rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """`evidence`: ids of the rows of a piece's group numbered up to its `n` (and from `since` on, if given)."""
    tagged = pieces.with_row_index("piece")
    since = ["since"] if "since" in pieces.columns else []
    pairs = tagged.select("piece", *keys, "n", *since).join(
        rows.select(*keys, "id", row_n="n", row_t="t"), on=keys, nulls_equal=True
    )
    inside = pl.col("row_n") <= pl.col("n")
    if since:
        inside = inside & (pl.col("row_n") >= pl.col("since"))
    lists = pairs.filter(inside).sort("piece", "row_n").group_by("piece", maintain_order=True).agg(evidence="id")
    return tagged.join(lists, on="piece", how="left").drop("piece")


def counter_upto(pieces: pl.DataFrame, rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """`counter` and `counter_why`: rows (with `why`) of the group up to a piece's start that are not its evidence."""
    tagged = pieces.with_row_index("piece")
    # the lists of evidence are laid beside the few rows that came before, not beside all
    pairs = tagged.select("piece", *keys, "from_t").join(
        rows.select(*keys, "id", "why", row_t="t"), on=keys, nulls_equal=True
    )
    looked = pairs.filter(pl.col("row_t") <= pl.col("from_t"))
    looked = looked.with_columns(tagged.get_column("evidence").gather(looked.get_column("piece")))
    looked = looked.filter(~pl.col("id").is_in(pl.col("evidence").fill_null([])))
    lists = (
        looked.sort("piece", "row_t", "id").group_by("piece", maintain_order=True).agg(counter="id", counter_why="why")
    )
    return tagged.join(lists, on="piece", how="left").drop("piece")


def joined(pieces: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """`first_t`: start of the stretch that a piece belongs to (pieces of a group that touch are one stretch)."""
    rows = pieces.sort(*keys, "from_t")
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    apart = changed(keys) | (pl.col("from_t") > pl.col("to_t").fill_null(FOREVER).shift(1)).fill_null(True)
    rows = rows.with_columns(_begun=pl.when(apart).then(place).forward_fill())
    return rows.with_columns(first_t=pl.when(apart).then("from_t").forward_fill()).drop("_begun")


def whole(pieces: pl.DataFrame, same: list[str]) -> pl.DataFrame:
    """Pieces (`from_t`, `to_t`; null = without end) that touch and are the same in these columns, as one piece."""
    rows = pieces.sort(*same, "from_t")
    apart = changed(same) | (pl.col("from_t") != pl.col("to_t").shift(1)).fill_null(True)
    rows = rows.with_columns(_piece=apart.cast(pl.Int64).cum_sum())
    kept = [pl.col(c).first() for c in rows.columns if c not in ("to_t", "_piece")]
    joined_up = rows.group_by("_piece", maintain_order=True).agg(*kept, pl.col("to_t").last())
    return joined_up.select(pieces.columns)
