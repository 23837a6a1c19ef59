"""Nothing that runs once a day runs when clocks change, and no known axis is missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from jobs.schedule import DAY_KEY, schedule
from monitor.models import Base
from monitor.models.base import Fact
from rules import frames

# west to east, with and without daylight saving
ZONES = ["Pacific/Honolulu", "America/Los_Angeles", "America/Phoenix", "America/Chicago", "America/New_York"]
DAILY = [job for job in schedule(ZONES) if job.key == DAY_KEY]


@pytest.mark.parametrize("job", DAILY, ids=[job.name for job in DAILY])
def test_no_daily_job_runs_between_one_and_three_local_time(job):
    when = datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(400):
        fires = job.trigger.get_next_fire_time(None, when)
        local = fires.astimezone(job.trigger.timezone)
        assert local.hour not in (1, 2), f"{job.name} fires at {local}: on two nights a year that hour is odd; move it."
        when = fires.astimezone(UTC) + timedelta(seconds=1)


def test_the_two_changes_of_the_clock_give_each_daily_job_one_run_a_day():
    zone = ZoneInfo("America/Los_Angeles")
    for job in DAILY:
        if str(job.trigger.timezone) != str(zone):
            continue
        for first in (datetime(2026, 3, 6, tzinfo=zone), datetime(2026, 10, 30, tzinfo=zone)):
            runs, when = [], first
            while when < first + timedelta(days=5):
                fires = job.trigger.get_next_fire_time(None, when)
                runs.append(fires.strftime(DAY_KEY))
                when = fires.astimezone(UTC) + timedelta(seconds=1)
            assert len(runs) == len(set(runs)), f"{job.name} runs twice on one day: {runs}"


def facts_of_the_record() -> list[type]:
    # sorted: the registry is a set, and workers of one run must collect the same tests in the same order
    found = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Fact)]
    return sorted(found, key=lambda fact: fact.__name__)


@pytest.mark.parametrize("fact", facts_of_the_record(), ids=lambda fact: fact.__name__)
def test_every_fact_on_record_has_both_time_axes_and_a_way_to_be_corrected(fact):
    columns = set(fact.__table__.columns.keys())
    assert {"recorded_at", "supersedes_id", "retracted", "agency_id", "case_id"} <= columns
    world = [name for name in columns - {"recorded_at"} if name.endswith(("_on", "_at", "_from", "starts", "due"))]
    assert world, f"{fact.__name__} says nothing about when it happened: add occurred_on or occurred_at."


@pytest.mark.parametrize("name", sorted(frames.FACTS))
def test_every_frame_of_facts_that_rules_read_has_its_known_axis(name):
    columns = {**frames.FACT, **frames.FACTS[name]}
    missing = {"on", "recorded_at", "supersedes", "retracted"} - set(columns)
    assert not missing, f"Without {missing} in {name} nobody can replay what the court knew."


@pytest.mark.parametrize("name", ["ORDERS", "LEVELS", "TERMS"])
def test_every_other_frame_that_changes_has_its_known_axis(name):
    assert "recorded_at" in getattr(frames, name), f"{name} changes over time: add recorded_at."
