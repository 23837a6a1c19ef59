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
# The same before it is settled whose value decides. `is_law`: not merely a design rule of ours; `program`: whose
# policy.
LEVELED: Final[dict[str, Any]] = {
    **VALUES, "source": pl.String, "rank": pl.Int8, "stricter": pl.String, "is_law": pl.Boolean, "program": pl.Int64,
}  # fmt: skip
# The same for what belongs to one program (null: to any that has no policy of its own).
OF_PROGRAMS: Final[dict[str, Any]] = {**VALUES, "program": pl.Int64}
# Where the policies of two programs at once cannot be compared, and neither decides.
UNCLEAR: Final[dict[str, Any]] = {
    "order": pl.Int64, "ask": pl.Int64, "from_day": pl.Int32, "to_day": pl.Int32,
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
# Twelfths of a day, so that a month is a whole number of them: a twelfth of 365 days. Only lengths in unlike units
# are compared so, never counted so; no value of ours lies within a day of another in an unlike unit.
TWELFTHS: Final = {"days": 12, "weeks": 84, "months": 365, "years": 4380}


def size(number: str, unit: str, other: str) -> pl.Expr:
    """A number as it can be compared with one in another unit: eight weeks are less than three months."""
    scale = pl.col(unit).replace_strict(TWELFTHS, default=1, return_dtype=pl.Int64)
    return pl.col(number) * pl.when(pl.col(unit) == pl.col(other)).then(1).otherwise(scale)
