"""Half-open stretches laid over one another."""

from __future__ import annotations

import polars as pl

from rules.known import FOREVER

START = -(2**62)


def split_by(pieces: pl.DataFrame, others: pl.DataFrame, keys: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(parts of `pieces` inside `others`, parts outside). Times are `from_t`, `to_t`; null = without end."""
    solid = united(others, keys)
    return clipped(pieces, solid, keys), clipped(pieces, complement(solid, pieces, keys), keys)


def united(pieces: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Stretches of each group without overlaps."""
    rows = pieces.select(*keys, "from_t", pl.col("to_t").fill_null(FOREVER)).sort(*keys, "from_t")
    reach = pl.col("to_t").cum_max().shift(1).over(keys)
    apart = (pl.col("from_t") > reach).fill_null(True)
    rows = rows.with_columns(_island=apart.cum_sum().over(keys))
    return (
        rows.group_by(*keys, "_island")
        .agg(pl.col("from_t").min(), pl.col("to_t").max())
        .drop("_island")
        .sort(*keys, "from_t")
    )


def complement(solid: pl.DataFrame, of: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """What lies between the stretches of each group that `of` names."""
    edges = pl.concat(
        [
            of.select(keys).unique().with_columns(at=pl.lit(START), back=pl.lit(None, pl.Int64)),
            solid.select(*keys, at="to_t", back="from_t"),
        ]
    ).sort(*keys, "at")
    after = pl.col("back").shift(-1).over(keys).fill_null(FOREVER)
    return (
        edges.with_columns(from_t="at", to_t=after)
        .filter(pl.col("from_t") < pl.col("to_t"))
        .select(*keys, "from_t", "to_t")
    )


def clipped(pieces: pl.DataFrame, frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The parts of `pieces` that lie in stretches of `frame`."""
    pairs = pieces.join(frame.rename({"from_t": "_a", "to_t": "_b"}), on=keys)
    pairs = pairs.with_columns(
        from_t=pl.max_horizontal("from_t", "_a"), to_t=pl.min_horizontal(pl.col("to_t").fill_null(FOREVER), "_b")
    )
    return pairs.filter(pl.col("from_t") < pl.col("to_t")).drop("_a", "_b")


def cut_at(pieces: pl.DataFrame, moments: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """`pieces` cut in two at each moment (`t`) of their group that lies inside them."""
    tagged = pieces.with_row_index("_piece")
    inside = tagged.select("_piece", *keys, "from_t", "to_t").join(moments.select(*keys, "t"), on=keys)
    inside = inside.filter((pl.col("from_t") < pl.col("t")) & (pl.col("t") < pl.col("to_t").fill_null(FOREVER)))
    if inside.is_empty():
        return pieces
    starts = pl.concat([tagged.select("_piece", "from_t"), inside.select("_piece", from_t="t")]).unique()
    starts = starts.sort("_piece", "from_t").with_columns(
        _next=pl.when(pl.col("_piece").shift(-1) == pl.col("_piece")).then(pl.col("from_t").shift(-1))
    )
    cut = starts.join(tagged.drop("from_t"), on="_piece", maintain_order="left")
    return cut.with_columns(to_t=pl.min_horizontal("_next", "to_t")).select(pieces.columns)


def stretches(edges: pl.DataFrame, keys: list[str], opens: pl.Expr, keep: tuple[str, ...] = ()) -> pl.DataFrame:
    """Edges (`on`, `t`), those that open and those that close, as half-open stretches of each group.

    A second opening inside one changes nothing.
    """
    known = in_turn(edges.with_columns(open=opens), keys)
    same = pl.all_horizontal([pl.col(k) == pl.col(k).shift(1) for k in keys])
    turns = known.filter(~(same & (pl.col("open") == pl.col("open").shift(1))).fill_null(False))
    after = pl.all_horizontal([pl.col(k) == pl.col(k).shift(-1) for k in keys]) & ~pl.col("open").shift(-1)
    return (
        turns.with_columns(
            to_on=pl.when(after).then(pl.col("on").shift(-1)), to_t=pl.when(after).then(pl.col("t").shift(-1))
        )
        .filter("open")
        .select(*keys, *keep, from_on="on", from_t="t", to_on="to_on", to_t="to_t")
    )


def in_turn(edges: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Edges (`t`, `open`) by time. Of two at one instant the closing one comes first where a stretch was open.

    Both together leave everything as it was; so whether one was open is told by the last edge that stood alone.
    """
    told = edges.sort(*keys, "t", ~pl.col("open"))
    if not told.select(*keys, "t").is_duplicated().any():
        return told
    both = pl.col("open").n_unique().over(*keys, "t") > 1
    last = pl.when(~both).then("open").forward_fill().over(keys).fill_null(False)
    return told.with_columns(_turn=pl.when(both & last).then("open").otherwise(~pl.col("open"))).sort(
        *keys, "t", "_turn", maintain_order=True
    ).drop("_turn")  # fmt: skip
