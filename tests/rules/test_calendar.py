"""Every rule on counting time, each beside a walk that goes day by day and cannot be wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import calendar
from rules.calendar import Days

LOS_ANGELES, NEW_YORK, PHOENIX = "America/Los_Angeles", "America/New_York", "America/Phoenix"
NO_HOLIDAYS: frozenset[date] = frozenset()

days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
holidays = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=40)
days_of_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))
zones = st.sampled_from([LOS_ANGELES, NEW_YORK, PHOENIX, "America/Chicago", "America/Boise", "Pacific/Honolulu"])


def test_the_first_day_is_excluded_and_the_last_included() -> None:
    assert calendar.add_days(date(2026, 1, 5), 30) == date(2026, 2, 4)


def test_weeks_keep_the_weekday() -> None:
    assert calendar.add_weeks(date(2026, 1, 6), 27) == date(2026, 7, 14)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-08-31", 18, "2026-02-28"),
        ("2025-10-31", 3, "2026-01-31"),
        ("2026-01-31", 3, "2026-04-30"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2023-02-28", 12, "2024-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-05-31", 0, "2026-05-31"),
    ],
)
def test_months_go_by_number_and_stop_at_the_last_day(start: str, months: int, end: str) -> None:
    assert calendar.add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


@given(days, st.integers(-60, 60))
def test_months_agree_with_a_walk_over_the_month_that_is_reached(start: date, months: int) -> None:
    day = start.replace(day=1)
    for _ in range(abs(months)):
        day = (day + timedelta(days=31)).replace(day=1) if months > 0 else (day - timedelta(days=1)).replace(day=1)
    reached = [day + timedelta(days=n) for n in range(31) if (day + timedelta(days=n)).month == day.month]
    same_number = [found for found in reached if found.day == start.day]
    assert calendar.add_months(start, months) == (same_number or reached[-1:])[0]


@given(days)
def test_months_and_quarters_begin_and_end_where_a_walk_says(day: date) -> None:
    first = day
    while first.day != 1:
        first -= timedelta(days=1)
    last = day
    while (last + timedelta(days=1)).month == day.month:
        last += timedelta(days=1)
    assert (calendar.month_start(day), calendar.month_end(day)) == (first, last)
    while (first.month, first.day) not in {(1, 1), (4, 1), (7, 1), (10, 1)}:
        first -= timedelta(days=1)
    assert calendar.quarter_start(day) == first


def test_a_month_cadence_runs_to_the_end_of_the_month_it_reaches() -> None:
    assert calendar.calendar_month_due(date(2026, 2, 12), 2) == date(2026, 4, 30)
    assert calendar.calendar_month_due(date(2026, 1, 31), 1) == date(2026, 2, 28)


@given(days, st.sampled_from(["monday", "sunday"]))
def test_weeks_begin_as_the_agency_says(day: date, starts: calendar.WeekStart) -> None:
    first = day
    while first.weekday() != (0 if starts == "monday" else 6):
        first -= timedelta(days=1)
    assert calendar.week_start(day, starts) == first
    assert calendar.first_whole_week(day, starts) == (day if first == day else first + timedelta(days=7))


def test_a_level_that_begins_inside_a_week_or_quarter_starts_with_the_next_whole_one() -> None:
    assert calendar.first_whole_week(date(2026, 3, 3)) == date(2026, 3, 9)
    assert calendar.first_whole_week(date(2026, 3, 2)) == date(2026, 3, 2)
    assert calendar.first_whole_quarter(date(2026, 1, 1)) == date(2026, 1, 1)
    assert calendar.first_whole_quarter(date(2026, 1, 2)) == date(2026, 4, 1)
    assert calendar.first_whole_quarter(date(2026, 11, 30)) == date(2027, 1, 1)


def test_business_days_skip_weekends_and_this_courts_own_holidays() -> None:
    closed = frozenset({date(2026, 7, 3)})
    assert calendar.add_business_days(date(2026, 7, 2), 3, closed) == date(2026, 7, 8)
    assert calendar.add_business_days(date(2026, 7, 2), 3, NO_HOLIDAYS) == date(2026, 7, 7)
    assert calendar.add_business_days(date(2026, 5, 7), 2, NO_HOLIDAYS) == date(2026, 5, 11)


def test_the_day_of_the_event_is_day_zero_even_on_a_sunday() -> None:
    assert calendar.add_business_days(date(2026, 5, 10), 1, NO_HOLIDAYS) == date(2026, 5, 11)
    assert calendar.add_business_days(date(2026, 5, 10), 0, NO_HOLIDAYS) == date(2026, 5, 10)


@given(days_of_2026, st.integers(0, 30), holidays)
def test_business_days_agree_with_a_walk(start: date, count: int, closed: frozenset[date]) -> None:
    day, left = start, count
    while left:
        day += timedelta(days=1)
        left -= day.isoweekday() < 6 and day not in closed
    assert calendar.add_business_days(start, count, closed) == day


def test_a_saturday_and_a_holiday_monday_roll_to_tuesday() -> None:
    assert calendar.roll_forward(date(2026, 2, 14), frozenset({date(2026, 2, 16)})) == date(2026, 2, 17)
    assert calendar.roll_forward(date(2026, 2, 13), NO_HOLIDAYS) == date(2026, 2, 13)


@given(days_of_2026, holidays)
def test_rolling_forward_stops_at_the_first_open_day(day: date, closed: frozenset[date]) -> None:
    rolled = calendar.roll_forward(day, closed)
    assert calendar.is_open(rolled, closed)
    skipped = [day + timedelta(days=n) for n in range((rolled - day).days)]
    assert not any(calendar.is_open(one, closed) for one in skipped)


def test_two_events_lie_in_one_window_if_their_dates_differ_by_less_than_its_length() -> None:
    assert calendar.in_one_window(date(2025, 6, 2), date(2026, 5, 31), 364)
    assert not calendar.in_one_window(date(2025, 6, 2), date(2026, 6, 1), 364)
    assert calendar.in_one_window(date(2026, 6, 1), date(2026, 6, 1), 1)


def test_attendance_windows_are_half_open_and_read_only_when_over() -> None:
    start = date(2026, 5, 6)
    assert list(calendar.windows(start, 7, date(2026, 5, 12))) == []
    assert list(calendar.windows(start, 7, date(2026, 5, 13))) == [Days(start, date(2026, 5, 13))]
    assert len(list(calendar.windows(start, 7, date(2026, 6, 3)))) == 4


def test_the_day_on_which_a_pause_ends_is_no_longer_inside() -> None:
    pause = Days(date(2026, 3, 1), date(2026, 3, 11))
    assert [pause.holds(date(2026, 3, day)) for day in (1, 10, 11)] == [True, True, False]
    assert Days(date(2026, 3, 1), None).holds(date(2036, 1, 1))


def test_a_suspension_moves_a_due_date_only_if_it_began_on_or_before_it() -> None:
    first, second = Days(date(2026, 3, 1), date(2026, 3, 11)), Days(date(2026, 5, 1), date(2026, 5, 8))
    assert calendar.tolled(date(2026, 4, 3), [second, first]) == date(2026, 4, 13)
    assert calendar.tolled(date(2026, 3, 1), [first]) == date(2026, 3, 11)
    assert calendar.tolled(date(2026, 2, 28), [first]) == date(2026, 2, 28)
    assert calendar.tolled(date(2026, 4, 21), [first, second]) == date(2026, 5, 8)
    assert calendar.tolled(date(2026, 4, 3), [Days(date(2026, 3, 1), None)]) is None


def test_twenty_four_hours_across_the_autumn_change_end_an_hour_earlier_on_the_wall() -> None:
    served = datetime.fromisoformat("2026-10-31T20:00-07:00")
    assert calendar.add_hours(served, 24) == datetime.fromisoformat("2026-11-01T19:00-08:00")
    served = datetime.fromisoformat("2026-03-07T20:00-08:00")
    assert calendar.add_hours(served, 24) == datetime.fromisoformat("2026-03-08T21:00-07:00")


def test_hours_are_elapsed_even_when_the_instant_carries_a_zone_that_changes() -> None:
    served = datetime(2026, 10, 31, 20, 0, tzinfo=ZoneInfo(LOS_ANGELES))
    assert (calendar.add_hours(served, 24) - served.astimezone(UTC)) == timedelta(hours=24)


def test_the_local_day_of_an_instant_is_the_courts() -> None:
    assert calendar.local_day(datetime.fromisoformat("2026-05-01T07:30:00Z"), LOS_ANGELES) == date(2026, 5, 1)
    assert calendar.local_day(datetime.fromisoformat("2026-05-01T06:30:00Z"), LOS_ANGELES) == date(2026, 4, 30)
    assert calendar.local_day(datetime.fromisoformat("2026-05-01T06:30:00Z"), NEW_YORK) == date(2026, 5, 1)


def test_a_local_day_may_have_twenty_three_or_twenty_five_hours() -> None:
    def hours(day: date, zone: str) -> int:
        return (calendar.end_of_day(day, zone) - calendar.start_of_day(day, zone)) // timedelta(hours=1)

    assert hours(date(2026, 3, 8), NEW_YORK) == 23
    assert hours(date(2026, 11, 1), NEW_YORK) == 25
    assert hours(date(2026, 11, 1), PHOENIX) == 24


def test_a_day_begins_where_the_clock_skips_or_repeats_midnight() -> None:
    assert calendar.start_of_day(date(2017, 10, 15), "America/Sao_Paulo") == datetime(2017, 10, 15, 3, tzinfo=UTC)
    assert calendar.start_of_day(date(2025, 11, 2), "America/Havana") == datetime(2025, 11, 2, 4, tzinfo=UTC)


@given(days_of_2026, zones)
def test_the_first_instant_of_a_day_is_inside_and_the_one_before_is_not(day: date, zone: str) -> None:
    start = calendar.start_of_day(day, zone)
    assert calendar.local_day(start, zone) == day
    assert calendar.local_day(start - timedelta(microseconds=1), zone) == day - timedelta(days=1)


def test_the_offset_beside_an_instant_must_be_the_zones_own() -> None:
    own = calendar.offset_is_the_zones_own
    assert own(datetime.fromisoformat("2026-07-01T12:00-07:00"), LOS_ANGELES)
    assert not own(datetime.fromisoformat("2026-07-01T12:00-08:00"), LOS_ANGELES)
    assert own(datetime.fromisoformat("2026-11-01T01:30-04:00"), NEW_YORK)
    assert own(datetime.fromisoformat("2026-11-01T01:30-05:00"), NEW_YORK)
