"""The frames in which values of terms travel from packs, orders and policies to the kinds."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

NEVER: Final = -(2**30)
ALWAYS: Final = 2**30
# One row: what an order has of a term of a duty (`ask` numbers both) from `from_day` to `to_day` (Int32 days,
# half-open); `level`: of supervision.
VALUES: Final[dict[str, Any]] = {
    "order": pl.Int64, "ask": pl.Int64, "n": pl.Int64, "period_days": pl.Int32, "period_months": pl.Int32,
    "word": pl.String, "unit": pl.String, "basis": pl.String, "level": pl.String, "version": pl.String,
    "from_day": pl.Int32, "to_day": pl.Int32, "vid": pl.Int32,
}  # fmt: skip
# The same before it is settled whose value decides. `is_law`: not merely a design rule of ours.
LEVELED: Final[dict[str, Any]] = {
    **VALUES, "source": pl.String, "rank": pl.Int8, "stricter": pl.String, "is_law": pl.Boolean,
}  # fmt: skip
WEAKER: Final[dict[str, Any]] = {
    "order": pl.Int64, "ask": pl.Int64, "n": pl.Int64, "law": pl.Int64, "basis": pl.String,
}  # fmt: skip
# What each value, by its `vid`, is cited as. `basis` here names the level: court_policy, county_policy and so on.
CITES: Final[dict[str, Any]] = {
    "vid": pl.Int32, "term": pl.String, "value": pl.String, "unit": pl.String, "basis": pl.String, "from": pl.Date,
    "governed_by": pl.String, "cite": pl.String, "confidence": pl.String,
}  # fmt: skip
# Which of the dates that may govern a version stay on the axis of events; the order's date picks one for good.
DATED: Final = ("event_date", "period_start", "evaluation_date")
