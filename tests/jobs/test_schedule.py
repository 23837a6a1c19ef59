"""When jobs run: each day once by local date, in every zone, through clock changes, outages and clock steps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from jobs.schedule import DAY_KEY, Job, schedule, slots

ZONES = ("America/Los_Angeles", "America/Phoenix", "America/New_York", "Pacific/Honolulu")
# the two nights on which clocks change, and a year's end
NIGHTS = (date(2026, 3, 8), date(2026, 11, 1), date(2026, 12, 31))


def job(name: str, *zones: str) -> Job:
    return next(one for one in schedule(zones or ZONES) if one.name == name)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("night", NIGHTS)
def test_every_local_date_has_one_run_through_clock_changes(zone: str, night: date):
    daily = job(f"missing_rosters {zone}", zone)
    now = datetime(night.year, night.month, night.day, tzinfo=ZoneInfo(zone)).astimezone(UTC) - timedelta(days=2)
    since, keys = now, []
    for _ in range(5 * 24 * 4):  # a tick every quarter of an hour
        now += timedelta(minutes=15)
        for slot in slots(daily, since, now):
            keys.append(slot.run_key)
            since = slot.due_at

    assert keys == [str(night + timedelta(days=day)) for day in range(-2, 3)]


@pytest.mark.parametrize("zone", ZONES)
def test_a_morning_is_a_morning_there(zone: str):
    daily = job(f"missing_rosters {zone}", zone)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for slot in slots(daily, start, start + timedelta(days=35)):
        assert slot.due_at.astimezone(ZoneInfo(zone)).hour == 8


def test_the_nightly_check_runs_when_it_is_night_in_the_westernmost_zone():
    nightly = job("nightly_referee")
    (slot,) = slots(nightly, datetime(2026, 3, 7, 20, tzinfo=UTC), datetime(2026, 3, 8, 20, tzinfo=UTC))

    assert slot.run_key == "2026-03-08"
    assert slot.due_at.astimezone(ZoneInfo("Pacific/Honolulu")).hour == 3


def test_after_ten_days_down_the_last_week_is_made_up_in_order():
    daily = job("missing_rosters America/Los_Angeles")
    now = datetime(2026, 3, 14, 20, tzinfo=UTC)
    made_up = slots(daily, now - timedelta(days=10), now)

    assert [slot.run_key for slot in made_up] == [f"2026-03-{day:02d}" for day in range(8, 15)]


def test_after_ten_days_down_a_minutes_job_runs_once():
    now = datetime(2026, 3, 14, 20, 0, 30, tzinfo=UTC)
    for name in ("evaluate_news", "sweep_boundaries"):
        assert len(slots(job(name), now - timedelta(days=10), now)) == 1


def test_a_clock_that_steps_back_plans_nothing_twice():
    daily = job("nightly_referee")
    now = datetime(2026, 3, 14, 20, tzinfo=UTC)
    last = slots(daily, now - timedelta(days=1), now)[-1]

    assert slots(daily, last.due_at, now - timedelta(hours=2)) == []
    assert slots(daily, last.due_at, now) == []


def test_a_job_that_never_ran_starts_with_the_newest_slot():
    now = datetime(2026, 3, 14, 20, tzinfo=UTC)

    assert [slot.run_key for slot in slots(job("nightly_referee"), None, now)] == ["2026-03-14"]


def test_names_are_unique_and_daily_keys_are_dates():
    jobs = schedule(ZONES)

    assert len({one.name for one in jobs}) == len(jobs)
    assert {one.key for one in jobs if "roster" in one.name or "nightly" in one.name} == {DAY_KEY}
