"""Who had to agree, and whether they did."""

from __future__ import annotations

import polars as pl


def has_all(groups: list[list[str]]) -> pl.Expr:
    """Whether `authorized_by` holds at least one of every group; without groups, yes."""
    given = pl.col("authorized_by").fill_null([])
    tests = [pl.any_horizontal([given.list.contains(who) for who in group]) for group in groups]
    return pl.all_horizontal(tests) if tests else pl.lit(True)
