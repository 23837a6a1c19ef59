"""Chance without a generator: the same person, week and question always draw the same number.

So a population does not depend on how it is cut into partitions, nor on the version of Polars (its own hash changes).
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any, Final

import polars as pl

from rules.frames import INSTANT, SCHEMAS
from rules.partitions import mixed

DAY_US: Final = 86_400_000_000
WHOLE: Final = 1_000_000
# ids of one person's facts: 16 families of 1,024, so that no two facts of a population share an id
FAMILY: Final = 1_024
FAMILIES: Final = 16


class Draws:
    """Questions to chance over a frame with `person` and, where there are several a person, a number `n` of each."""

    def __init__(self, seed: int, family: int, by: str | None = "n") -> None:
        self.salt = (seed * FAMILIES + family) * 64
        self.key = pl.col("person") if by is None else pl.col("person") * FAMILY + pl.col(by)

    def below(self, question: int, size: int | pl.Expr) -> pl.Expr:
        """Int32 from 0 to below `size`."""
        return (mixed(self.key, self.salt + question) % size).cast(pl.Int32)

    def chance(self, question: int, of: float | pl.Expr) -> pl.Expr:
        """Whether it happens: `of` is a share, or a column of parts in a million."""
        parts = of if isinstance(of, pl.Expr) else pl.lit(int(of * WHOLE), dtype=pl.Int32)
        return self.below(question, WHOLE) < parts

    def one_of(self, question: int, weights: dict[str, int]) -> pl.Expr:
        """A word, as often as its weight says."""
        reached = list(accumulate(weights.values()))
        drawn = self.below(question, reached[-1])
        chosen: pl.Expr = pl.lit(None, dtype=pl.String)
        for word, limit in zip(reversed(weights), reversed(reached), strict=True):
            chosen = pl.when(drawn < limit).then(pl.lit(word)).otherwise(chosen)
        return chosen


def at_hour(day: pl.Expr, hour: int | pl.Expr = 18) -> pl.Expr:
    """The UTC instant of an hour on an Int32 day."""
    return (day.cast(pl.Int64) * DAY_US + hour * (DAY_US // 24)).cast(INSTANT)


def repeated(people: pl.DataFrame, times: int) -> pl.DataFrame:
    """Every person `times` times, numbered by `n` from 0."""
    return people.join(pl.DataFrame({"n": range(times)}, schema={"n": pl.Int32}), how="cross", maintain_order="left")


def as_facts(name: str, rows: pl.DataFrame, family: int) -> pl.DataFrame:
    """`rows` (person, n, on, recorded: Int32 days, own columns) as that frame: sorted by person, day and id."""
    schema: dict[str, Any] = SCHEMAS[name]
    number = pl.col("person") * (FAMILY * FAMILIES) + family * FAMILY + pl.col("n")
    rows = rows.filter(pl.col("recorded") <= pl.col("last_day")).with_columns(
        id=number, recorded_at=at_hour(pl.col("recorded")), retracted=pl.lit(False)
    )
    own = [pl.col(c).cast(t) if c in rows.columns else pl.lit(None, t).alias(c) for c, t in schema.items()]
    return rows.select(own).sort("person", "on", "id")
