"""Columns of days get the same answers as single days, and nothing where the table ends."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import calendar, calendar_table
from rules.calendar import Days
from rules.calendar_table import day_number, day_of_number

COURTS = [
    frozenset[date](),
    frozenset({date(2026, 1, 1), date(2026, 7, 3), date(2026, 12, 25)}),
    frozenset(date(2026, 5, day) for day in range(1, 32)),
]
TABLE = calendar_table.court_days(COURTS)
MONTHS = calendar_table.month_table()
ZONES = ["America/Los_Angeles", "America/New_York", "America/Phoenix"]

days = st.dates(date(1991, 1, 1), date(2070, 12, 31))
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1))  # noqa: DTZ001 (given its zone below)
rows = st.lists(st.tuples(st.integers(0, 2), st.dates(date(2025, 6, 1), date(2027, 6, 1)), st.integers(0, 25)))


def frame(of: list[tuple[int, date, int]]) -> pl.DataFrame:
    schema = {"calendar": pl.Int32, "day": pl.Int32, "n": pl.Int32}
    return pl.DataFrame([(court, day_number(day), n) for court, day, n in of], schema=schema, orient="row")


def column(table: pl.DataFrame, expression: pl.Expr) -> list[date | None]:
    found = table.select(out=expression).get_column("out")
    assert found.dtype == pl.Int32
    return [None if day is None else day_of_number(day) for day in found]


@given(rows)
def test_business_days_of_a_column_agree_with_single_days(of: list[tuple[int, date, int]]) -> None:
    shifted = column(frame(of), TABLE.add_business_days(pl.col("calendar"), pl.col("day"), pl.col("n")))
    assert shifted == [calendar.add_business_days(day, n, COURTS[court]) for court, day, n in of]


@given(rows)
def test_rolled_days_of_a_column_agree_with_single_days(of: list[tuple[int, date, int]]) -> None:
    rolled = column(frame(of), TABLE.roll_forward(pl.col("calendar"), pl.col("day")))
    assert rolled == [calendar.roll_forward(day, COURTS[court]) for court, day, _ in of]
    opened = frame(of).select(out=TABLE.is_open(pl.col("calendar"), pl.col("day"))).get_column("out")
    assert opened.to_list() == [calendar.is_open(day, COURTS[court]) for court, day, _ in of]


@given(st.lists(st.tuples(st.just(0), days, st.integers(-24, 72))))
def test_months_of_a_column_agree_with_single_days(of: list[tuple[int, date, int]]) -> None:
    of = [(court, day, n) for court, day, n in of if 1991 <= (day.year + n // 12) <= 2070]
    table, day = frame(of), pl.col("day")
    assert column(table, MONTHS.add_months(day, pl.col("n"))) == [calendar.add_months(day, n) for _, day, n in of]
    assert column(table, MONTHS.month_end(day)) == [calendar.month_end(day) for _, day, _ in of]
    assert column(table, MONTHS.month_start(day)) == [calendar.month_start(day) for _, day, _ in of]
    assert column(table, MONTHS.quarter_start(day)) == [calendar.quarter_start(day) for _, day, _ in of]
    for starts in ("monday", "sunday"):
        weeks = column(table, calendar_table.week_start(day, starts))
        assert weeks == [calendar.week_start(day, starts) for _, day, _ in of]


def test_outside_the_tables_years_the_answer_is_null() -> None:
    small = calendar_table.court_days(COURTS[:2], Days(date(2026, 1, 1), date(2027, 1, 1)))
    table = frame([(0, date(2025, 12, 30), 1), (1, date(2026, 12, 30), 9), (1, date(2028, 1, 1), 1)])
    assert column(table, small.add_business_days(pl.col("calendar"), pl.col("day"), pl.col("n"))) == [None] * 3
    assert column(table.with_columns(day=pl.lit(-90_000, pl.Int32)), MONTHS.add_months(pl.col("day"), 1)) == [None] * 3


def test_a_null_day_stays_null() -> None:
    table = pl.DataFrame({"calendar": [0], "day": [None]}, schema={"calendar": pl.Int32, "day": pl.Int32})
    assert column(table, TABLE.add_business_days(pl.col("calendar"), pl.col("day"), 2)) == [None]
    assert column(table, MONTHS.add_months(pl.col("day"), 2)) == [None]


@settings(max_examples=50)
@given(st.lists(st.tuples(MOMENTS, st.sampled_from(ZONES))))
def test_local_days_and_hours_of_a_column_agree_with_single_instants(of: list[tuple[datetime, str]]) -> None:
    at = [instant.replace(tzinfo=UTC) for instant, _ in of]
    zone = [name for _, name in of]
    table = pl.DataFrame({"at": at, "zone": zone}, schema={"at": pl.Datetime("us", "UTC"), "zone": pl.String})
    found = column(table, calendar_table.local_day(pl.col("at"), pl.col("zone"), ZONES))
    assert found == [calendar.local_day(instant, name) for instant, name in zip(at, zone, strict=True)]
    later = table.select(later=calendar_table.add_hours(pl.col("at"), 24)).get_column("later").to_list()
    assert later == [calendar.add_hours(instant, 24) for instant in at]


def test_days_and_instants_are_numbered_from_1970() -> None:
    assert day_number(date(1970, 1, 2)) == 1
    assert day_of_number(day_number(date(2026, 11, 25))) == date(2026, 11, 25)
    assert calendar_table.instant_number(datetime.fromisoformat("1970-01-01T01:00+01:00")) == 0
    assert calendar_table.instant_number(datetime.fromisoformat("1970-01-01T00:00:01Z")) == 1_000_000
