"""Counts of a comparison of two sets of packs: by court and code, and the load of the courts by week.

A summary that is to be published names no cell of fewer than eleven people (safeguard G8: 1 to 10), and neither totals
nor two numbers side by side from which such a cell could be worked out.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

SMALLEST: Final = 11
CAVEAT: Final = (
    '"Would have flagged" is not "would have prevented". This is a screen: what another set of rules would have put '
    "before a person to review."
)


def by_court_and_code(differences: pl.DataFrame) -> pl.DataFrame:
    """court, code, change, people, flags, days_least and days_most (how many days moved, without a sign)."""
    moved = pl.col("days").abs()
    return (
        differences.group_by("court", "code", "change")
        .agg(
            people=pl.col("person").n_unique().cast(pl.Int64), flags=pl.len().cast(pl.Int64), days_least=moved.min(),
            days_most=moved.max(),
        )
        .sort("court", "code", "change", nulls_last=True)
    )  # fmt: skip


def by_week(load: pl.DataFrame) -> pl.DataFrame:
    """week (its Monday), ours, theirs: people before the court; how many of theirs have no day set yet; and how many
    come under one set of packs alone (only_ours, only_theirs)."""
    theirs = pl.col("packs") == "theirs"
    people = load.group_by("week", "person").agg(
        ours=(~theirs).any(), theirs=theirs.any(), undated=(theirs & ~pl.col("dated")).any()
    )
    counts = {
        "ours": pl.col("ours"), "theirs": pl.col("theirs"), "theirs_without_a_day": pl.col("undated"),
        "only_ours": pl.col("ours") & ~pl.col("theirs"), "only_theirs": pl.col("theirs") & ~pl.col("ours"),
    }  # fmt: skip
    return people.group_by("week").agg(n.sum().cast(pl.Int64).alias(name) for name, n in counts.items()).sort("week")


def for_publication(
    counts: pl.DataFrame, people: tuple[str, ...], behind: tuple[str, ...] = ()
) -> pl.DataFrame:
    """The counts with every row left out in which a number of people is 1 to 10, and no numbers of flags or days.

    A whole row goes, so that no cell can be worked out from its neighbours. `behind`: numbers that are not shown and
    could be worked out from those that are, such as a difference of two.
    """
    small = [(pl.col(c) > 0) & (pl.col(c) < SMALLEST) for c in (*people, *behind)]
    keys = [c for c in counts.columns if c in ("court", "code", "change", "week")]
    return counts.filter(~pl.any_horizontal(small)).select(*keys, *people)


def rows_of(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON takes them: ids as text, so that no reader loses digits."""
    ids = [c for c in ("order", "person", "court", "program") if c in frame.columns]
    return frame.with_columns(pl.col(ids).cast(pl.String)).to_dicts()
