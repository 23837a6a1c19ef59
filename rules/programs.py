"""Under which program's written policy a person comes, day by day, and what two programs at once say together.

Source: rules/packs.md, docs/terms.md. A policy acts for as long as the person is enrolled with its program. A day on
which the person is in no program still goes by the one that was left last, the time before the first by the first one.
Where two enrollments stand at once the stricter policy decides; where nobody can say which is stricter neither does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from rules.enrollments import turns_of
from rules.values import ALWAYS, LEVELED, NEVER, UNCLEAR, size

if TYPE_CHECKING:
    from rules.ground import Ground

STRETCH: Final = {"order": pl.Int64, "program": pl.Int64, "begin": pl.Int32, "finish": pl.Int32}
SEGMENT: Final = ["order", "ask", "from_day", "level"]


def while_enrolled(rows: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """LEVELED rows, those of a program's policy only while the person comes under it.

    A program that no enrollment names acts throughout: the record does not say when it began.
    """
    of_one = rows.filter(pl.col("program").is_not_null())
    if of_one.is_empty():
        return rows
    stretches = governing(ground, of_one.get_column("order").unique())
    named = of_one.join(stretches.select("order", "program").unique(), on=["order", "program"], how="semi")
    unnamed = of_one.join(named.select("order", "program").unique(), on=["order", "program"], how="anti")
    cut = named.join(stretches, on=["order", "program"]).with_columns(
        from_day=pl.max_horizontal("from_day", "begin"), to_day=pl.min_horizontal("to_day", "finish")
    )
    cut = cut.filter(pl.col("from_day") < pl.col("to_day")).select(rows.columns)
    return pl.concat([rows.filter(pl.col("program").is_null()), unnamed, cut])


def governing(ground: Ground, orders: pl.Series) -> pl.DataFrame:
    """STRETCH rows: from which day to which each program's policy goes for an order (half-open)."""
    turns = turns_of(ground.laid("enrollments"), ground.laid("transfers"))
    enrolled = enrollments(turns.filter(pl.col("order").is_in(orders.implode())))
    if enrolled.is_empty():
        return pl.DataFrame(schema=STRETCH)
    first = pl.col("begin").min().over("order")
    pairs = enrolled.join(enrolled.select("order", other="begin", until="finish"), on="order")
    after = pl.col("other").filter(pl.col("other") >= pl.col("finish")).min()
    standing = ((pl.col("other") < pl.col("finish")) & (pl.col("until") > pl.col("finish"))).any()
    ends = pairs.group_by("order", "program", "begin", "finish").agg(after=after, standing=standing)
    ends = ends.with_columns(
        # nobody else's enrollment stands: the one left last goes on to the next
        finish=pl.when("standing").then("finish").otherwise(pl.col("after").fill_null(ALWAYS)),
        begin=pl.when(pl.col("begin") == first).then(pl.lit(NEVER, pl.Int32)).otherwise("begin"),
    )
    return ends.select(pl.col(c).cast(k) for c, k in STRETCH.items())


def enrollments(turns: pl.DataFrame) -> pl.DataFrame:
    """order, program, begin, finish: each enrollment from its first day to the day after its last one."""
    rows = turns.sort("order", "program", "t", ~pl.col("joins"), "id")
    same = pl.all_horizontal(pl.col(c) == pl.col(c).shift(1) for c in ("order", "program"))
    again = (same & (pl.col("joins") == pl.col("joins").shift(1))).fill_null(False)
    rows = rows.filter(~again)
    left = pl.all_horizontal(pl.col(c) == pl.col(c).shift(-1) for c in ("order", "program"))
    rows = rows.with_columns(finish=pl.when(left.fill_null(False)).then(pl.col("over_on").shift(-1)))
    rows = rows.filter("joins").select("order", "program", begin="on", finish=pl.col("finish").fill_null(ALWAYS))
    return rows.filter(pl.col("begin") < pl.col("finish")).unique(maintain_order=True)


def stricter_of_two(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(LEVELED rows in segments with one program's policy each, UNCLEAR rows where two programs cannot be compared)."""
    theirs = rows.filter(pl.col("program").is_not_null())
    shared = theirs.group_by(SEGMENT).agg(programs=pl.col("program").n_unique()).filter(pl.col("programs") > 1)
    if shared.is_empty():
        return rows, pl.DataFrame(schema=UNCLEAR)
    several = theirs.join(shared, on=SEGMENT, how="semi", nulls_equal=True).with_columns(size=size("n", "unit", "unit"))
    several = several.with_columns(ways=pl.struct("n", "word", "period_days", "period_months").n_unique().over(SEGMENT))
    blind = (pl.col("ways") > 1) & (pl.col("stricter").is_null() | pl.col("n").is_null().any().over(SEGMENT))
    lower = pl.col("stricter") == "lower"
    best = pl.when(lower).then(pl.col("size").min().over(SEGMENT)).otherwise(pl.col("size").max().over(SEGMENT))
    chosen = several.filter(~blind & (pl.col("size").eq_missing(best) | (pl.col("ways") == 1)))
    chosen = chosen.sort(*SEGMENT, "program").unique(SEGMENT, keep="first", maintain_order=True)
    unclear = several.filter(blind).select(list(UNCLEAR)).unique()
    others = rows.join(several, on=[*SEGMENT, "vid"], how="anti", nulls_equal=True)
    return pl.concat([others, chosen.select(list(LEVELED))]), unclear
