"""Cells of a feed read as the types of the frames (rules/frames.py); what cannot be read so is null.

A cell is refused rather than cut short: nobody sees afterwards what was cut off.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import polars as pl

# beyond them rules.calendar_table knows no day; 1970 stands for "from the beginning"
FIRST_YEAR, LAST_YEAR = 1970, 2079
# What happened before this is taken for a slip of the pen (1986 for 2026): refused and told of, not read as it stands.
# When something was recorded, or holds from, may be older: 1970 stands for "from the beginning".
FIRST_PLAUSIBLE: Final = 1990
UNDATED: Final = ("recorded_at", "from")
INTEGERS: Final = (pl.Int32, pl.Int64)


def read_as(column: pl.Series, kind: Any) -> pl.Series:
    """A column as that type, null in every cell that cannot be read so.

    A day beyond the calendars cannot, nor half a minute as minutes, nor an hour of a day as a day: which local day that
    is nobody said.
    """
    if isinstance(kind, pl.Datetime) and column.dtype == pl.String:
        read = column.str.to_datetime(time_unit="us", time_zone="UTC", strict=False)
    elif kind == pl.Date and column.dtype == pl.String:
        read = column.str.to_date("%Y-%m-%d", strict=False)
    else:
        if isinstance(column.dtype, pl.Datetime) and kind == pl.Date:
            column = column.dt.replace_time_zone(None)  # its own clock says which day
        try:
            read = column.cast(kind, strict=False)
            whole = read.cast(column.dtype, strict=False) == column
            read = read.set(~whole.fill_null(True), None) if _coarser(column.dtype, kind) else read
        except pl.exceptions.PolarsError:  # no cell of such a column can be read as that type
            read = pl.Series(column.name, [None], dtype=kind).new_from_index(0, len(column))
    beyond = outside_calendars({column.name: kind})
    return pl.DataFrame(read).select(pl.when(~beyond).then(pl.col(column.name))).to_series()


def _coarser(given: pl.DataType, kind: Any) -> bool:
    """Whether reading a column as that type could cut something off its cells without a word."""
    return (given.is_float() and kind in INTEGERS) or (isinstance(given, pl.Datetime) and kind == pl.Date)


def outside_calendars(schema: Mapping[str, Any]) -> pl.Expr:
    """Whether a day or an instant of a row lies outside the years of which the calendars know."""
    # bounds are compared, so that no year has to be worked out for each day of a large frame
    beyond = []
    after = datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)
    for column, kind in schema.items():
        first = datetime(FIRST_YEAR if column in UNDATED else FIRST_PLAUSIBLE, 1, 1, tzinfo=UTC)
        if isinstance(kind, pl.Datetime):
            beyond.append((pl.col(column) < first) | (pl.col(column) >= after))
        elif kind == pl.Date:
            beyond.append((pl.col(column) < first.date()) | (pl.col(column) >= after.date()))
    return pl.any_horizontal(beyond or [pl.lit(False)]).fill_null(False)
