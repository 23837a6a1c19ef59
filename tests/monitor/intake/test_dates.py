"""Dates as people write them: every form of every day is read back, and what cannot be decided says so."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.intake.cells.dates import DAY_FIRST, UNREADABLE, YEAR_ASSUMED, read_date, read_minutes

TODAY = date(2026, 11, 22)
DAYS = st.dates(date(2018, 1, 1), date(2035, 12, 31))


def forms(day: date) -> list[str]:
    """The ways of writing one day that name its year."""
    return [
        f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", f"{day.month}/{day.day}/{day.year}", f"{day:%m/%d/%y}",
        f"{day.month}-{day.day}-{day:%y}", f"{day.month}.{day.day}.{day.year}", f"{day:%b} {day.day}, {day.year}",
        f"{day:%B} {day.day}th, {day.year}", f"{day.day}-{day:%b}-{day:%y}", f"{day.day} {day:%b} {day.year}",
        f"{day:%a} {day.month}/{day.day}/{day.year}", f"{day:%A}, {day:%B} {day.day}, {day.year}",
        f"{day:%m/%d/%Y} 06:00 PM", f"{day:%Y-%m-%d}T18:00:00", str((day - date(1899, 12, 30)).days),
    ]  # fmt: skip


@given(DAYS)
def test_every_form_of_a_day_is_read_as_that_day(day: date) -> None:
    assert {form: read_date(form, TODAY).on for form in forms(day)} == dict.fromkeys(forms(day), day)


@given(DAYS)
def test_day_first_is_read_only_when_somebody_said_so(day: date) -> None:
    written = f"{day.day}/{day.month}/{day.year}"
    assert read_date(written, TODAY, day_first=True).on == day
    read = read_date(written, TODAY)
    if day.day > 12:
        assert (read.on, read.code) == (None, DAY_FIRST)
    else:
        assert read.ambiguous == (day.day != day.month)


def same_days(day: date, year: int) -> list[date]:
    """That day of the month in this year and the one before, where there is one: February 29 is not in each."""
    leap = (day.month, day.day) == (2, 29)
    return [day.replace(year=one) for one in (year - 1, year) if not leap or calendar.isleap(one)]


@given(DAYS, st.dates(date(2020, 3, 1), date(2034, 1, 1)))
def test_without_a_year_it_is_the_latest_such_day_at_most_a_week_ahead(day: date, today: date) -> None:
    read = read_date(f"{day.month}/{day.day}", today)
    if read.on is None:
        assert (day.month, day.day) == (2, 29)
        return
    assert read.code == YEAR_ASSUMED
    ahead = today + timedelta(days=7)
    assert read.on <= ahead
    assert not any(read.on < one <= ahead for one in same_days(day, ahead.year)), "the latest such day"
    assert (read.on.month, read.on.day) == (day.month, day.day)


@given(st.text(max_size=30))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    read = read_date(text, TODAY)
    assert (read.on is None) or (date(1, 1, 1) <= read.on)
    read_minutes(text)


@pytest.mark.parametrize(
    "text", ["11/31/2026", "2026-02-30", "Feb 30", "0/1/2026", "next Monday", "13/13/2026", "99999"]
)
def test_what_is_no_day_is_unreadable(text: str) -> None:
    read = read_date(text, TODAY)
    assert (read.on, read.code) == (None, UNREADABLE)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("6:18 PM", 1098), ("12:05 am", 5), ("18:00", 1080), ("6:00 p.m.", 1080), ("25:00", None), ("noon", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_time_of_day_is_minutes_after_midnight(text: str, minutes: int | None) -> None:
    assert read_minutes(text) == minutes
