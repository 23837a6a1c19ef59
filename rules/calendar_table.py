"""Court time for whole columns: the rules of `rules.calendar` as table look-ups.

Days are Int32 days since 1970-01-01, calendars are dense numbers 0, 1, 2 ... (one per court's holiday list).
A look-up is a subtraction and a `gather`, which is faster than any date function and has no surprises.
Outside the table's years the answer is null, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import polars as pl

from rules.calendar import WEEKDAY_OF, Days, WeekStart, month_end, start_of_day

EPOCH = date(1970, 1, 1)
YEARS = Days(date(1990, 1, 1), date(2080, 1, 1))
MICROSECONDS_PER_HOUR = 3_600_000_000


def day_number(day: date) -> int:
    """Days since 1970-01-01: how every frame holds a local day."""
    return (day - EPOCH).days


def day_of_number(number: int) -> date:
    """The local day that a frame holds as a number."""
    return EPOCH + timedelta(days=number)


def instant_number(at: datetime) -> int:
    """Microseconds since 1970-01-01 UTC: how every frame holds an instant."""
    return (at.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@dataclass(frozen=True)
class MonthTable:
    """Day number to month and day of month, and back."""

    first_day: int
    month_of: pl.Series
    number_of: pl.Series
    start_of: pl.Series
    length_of: pl.Series

    def add_months(self, day: pl.Expr, months: pl.Expr | int) -> pl.Expr:
        """Int32 days n months later, by number, clipped to the last day of the month."""
        month = look_up(self.month_of, day - self.first_day) + months
        number = look_up(self.number_of, day - self.first_day)
        last = look_up(self.length_of, month)
        return (look_up(self.start_of, month) + pl.min_horizontal(number, last) - 1).cast(pl.Int32)

    def month_end(self, day: pl.Expr) -> pl.Expr:
        """Int32 day: the last day of the month of `day`."""
        month = look_up(self.month_of, day - self.first_day)
        return (look_up(self.start_of, month) + look_up(self.length_of, month) - 1).cast(pl.Int32)

    def month_start(self, day: pl.Expr) -> pl.Expr:
        """Int32 day: the first day of the month of `day`."""
        return look_up(self.start_of, look_up(self.month_of, day - self.first_day))

    def quarter_start(self, day: pl.Expr) -> pl.Expr:
        """Int32 day: the first day of the calendar quarter of `day` (the table begins in a January)."""
        month = look_up(self.month_of, day - self.first_day)
        return look_up(self.start_of, month - month % 3)


@lru_cache(maxsize=4)
def month_table(years: Days = YEARS) -> MonthTable:
    """The months of `years` (both ends the first of a January)."""
    days = all_days(years)
    starts = [day for day in days if day.day == 1]
    return MonthTable(
        first_day=day_number(years.start),
        month_of=_numbers((day.year - years.start.year) * 12 + day.month - 1 for day in days),
        number_of=_numbers(day.day for day in days),
        start_of=_numbers(day_number(day) for day in starts),
        length_of=_numbers(month_end(day).day for day in starts),
    )


def _numbers(values: Iterable[int]) -> pl.Series:
    return table_of(pl.Series(list(values), dtype=pl.Int32))


@dataclass(frozen=True)
class CourtDays:
    """Open days of every court calendar: `rank` counts open days up to and with a day, `opens` lists them."""

    first_day: int
    length: int
    rank: pl.Series
    opens: pl.Series
    begins: pl.Series
    ends: pl.Series

    def add_business_days(self, calendar: pl.Expr, day: pl.Expr, count: pl.Expr | int) -> pl.Expr:
        """Int32 days: the n-th open day after `day`, on the calendar with that number; n = 0 is the day itself."""
        steps = count if isinstance(count, pl.Expr) else pl.lit(count, dtype=pl.Int32)
        return pl.when(steps == 0).then(day).otherwise(self._open(calendar, self._rank(calendar, day) + steps))

    def roll_forward(self, calendar: pl.Expr, day: pl.Expr) -> pl.Expr:
        """Int32 days: `day` if open, else the next open day."""
        return self._open(calendar, self._rank(calendar, day - 1) + 1)

    def is_open(self, calendar: pl.Expr, day: pl.Expr) -> pl.Expr:
        """Whether the court is open on that day."""
        return self.roll_forward(calendar, day) == day

    def _rank(self, calendar: pl.Expr, day: pl.Expr) -> pl.Expr:
        place = day - self.first_day
        inside = (place >= 0) & (place < self.length)
        return look_up(self.rank, pl.when(inside).then(calendar.cast(pl.Int64) * self.length + place))

    def _open(self, calendar: pl.Expr, rank: pl.Expr) -> pl.Expr:
        place = look_up(self.begins, calendar) + rank - 1
        return look_up(self.opens, pl.when(place < look_up(self.ends, calendar)).then(place))


def court_days(holidays: Sequence[frozenset[date]], years: Days = YEARS) -> CourtDays:
    """One calendar per item of `holidays`, numbered from 0 in that order."""
    days = day_numbers(years)
    weekday = (days - 4) % 7 < 5  # 1970-01-01 was a Thursday, so that Mondays are 4, 11, 18 ...
    ranks: list[pl.Series] = []
    opens: list[pl.Series] = []
    for closed in holidays:
        shut = days.is_in(pl.Series([day_number(day) for day in closed], dtype=pl.Int32).implode())
        is_open = weekday & ~shut
        ranks.append(is_open.cum_sum().cast(pl.Int32))
        opens.append(days.filter(is_open))
    ends = pl.Series([len(one) for one in opens], dtype=pl.Int64).cum_sum()
    return CourtDays(
        first_day=day_number(years.start),
        length=len(days),
        rank=table_of(*ranks),
        opens=table_of(*opens),
        begins=table_of(ends.shift(1, fill_value=0)),
        ends=table_of(ends),
    )


def day_numbers(run: Days) -> pl.Series:
    """Every day of a closed run (half-open) as a number: Int32."""
    if run.to is None:
        raise ValueError("a table of days needs an end")
    return pl.int_range(day_number(run.start), day_number(run.to), dtype=pl.Int32, eager=True)


@lru_cache(maxsize=256)
def day_starts(zone: str, years: Days = YEARS) -> pl.Series:
    """The first instant (Int64 us, UTC) of every local day of `years`, also where the clock skips midnight."""
    days = day_numbers(years)
    midnights = days.cast(pl.Date).cast(pl.Datetime("us")).to_frame("day")
    local = pl.col("day").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    starts = midnights.select(local.cast(pl.Int64)).to_series()
    skipped = starts.is_null().arg_true()
    exact = [instant_number(start_of_day(day_of_number(days[place]), zone)) for place in skipped.to_list()]
    return starts.scatter(skipped, exact) if exact else starts


def all_days(run: Days) -> list[date]:
    """Every day of a closed run (half-open)."""
    if run.to is None:
        raise ValueError("a table of days needs an end")
    return [run.start + timedelta(days=n) for n in range((run.to - run.start).days)]


def look_up(table: pl.Series, place: pl.Expr) -> pl.Expr:
    """`table[place]` of a `table_of`, null where the place is null or outside (a negative one does not count back).

    `place` stands here once: Polars works out an expression as often as it stands, and look-ups are nested.
    """
    inside = place.cast(pl.UInt32, strict=False).clip(upper_bound=len(table) - 1)
    return pl.lit(table).gather(inside)


def table_of(*parts: pl.Series) -> pl.Series:
    """The parts, one after another, and a null at the end: what `look_up` finds outside."""
    return pl.concat([*parts, pl.Series([None], dtype=parts[0].dtype)], rechunk=True)


def week_start(day: pl.Expr, starts: WeekStart = "monday") -> pl.Expr:
    """Int32 day: the first day of the calendar week. 1970-01-01 was a Thursday."""
    return day - (day + 3 - WEEKDAY_OF[starts]) % 7


def local_day(at: pl.Expr, zone: pl.Expr, zones: Sequence[str]) -> pl.Expr:
    """Int32 local days of UTC instants (Datetime, us, UTC), each in its own zone; `zones` lists those that occur."""
    days = [pl.when(zone == name).then(at.dt.convert_time_zone(name).dt.date().cast(pl.Int32)) for name in zones]
    return pl.coalesce(days) if days else pl.lit(None, dtype=pl.Int32)


def add_hours(at: pl.Expr, hours: pl.Expr | int) -> pl.Expr:
    """UTC instants (Datetime, us, UTC) n elapsed hours later."""
    return (at.cast(pl.Int64) + hours * MICROSECONDS_PER_HOUR).cast(pl.Datetime("us", "UTC"))
