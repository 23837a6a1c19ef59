"""A court's day is its own: near midnight, and on the days on which its clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from monitor.court_days import court_day_before
from monitor.db import Database
from monitor.docket import docket
from monitor.models import Court, Hearing
from tests.monitor.court_town import CourtTown, add_case, build_court_town

NOW = datetime(2026, 3, 2, 15, 40, tzinfo=UTC)
CHANGES = (date(2026, 3, 8), date(2026, 11, 1))  # clocks go forward and back in the United States
ZONES = ("America/Los_Angeles", "America/Anchorage", "Pacific/Guam", "America/Phoenix")


@pytest.fixture
def town(database: Database) -> CourtTown:
    made = build_court_town(database, NOW, cases=False)
    for number in ("1", "2"):
        add_case(made, number, f"Doe{number}", classes="y")
    return made


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", CHANGES)
def test_the_first_and_the_last_minute_of_a_court_s_day_are_on_its_docket_and_on_no_other(
    town: CourtTown, day: date, zone: str
) -> None:
    with town.database.system("test: near midnight") as session, session.begin():
        session.execute(update(Court).where(Court.id == town.court).values(zone=zone))
        for hearing, at in zip(town.hearings, (time(0), time(23, 59)), strict=True):
            starts = datetime.combine(day, at, ZoneInfo(zone))
            session.execute(update(Hearing).where(Hearing.id == hearing).values(starts_at=starts))
    with town.bench() as session:
        days = {one: docket(session, town.court_code, one, NOW) for one in (
            day - timedelta(days=1), day, day + timedelta(days=1))}  # fmt: skip
    heard = {one: [line.hearing_id for line in found.lines] for one, found in days.items() if found is not None}
    assert heard == {day - timedelta(days=1): [], day: town.hearings, day + timedelta(days=1): []}
    assert [line.time for line in days[day].lines] == ["00:00", "23:59"]
    near = days[day - timedelta(days=1)].following
    assert near is not None and (near.day, near.count) == (day, 2)


@pytest.mark.parametrize(("day", "closed", "before"), [
    (date(2026, 11, 30), {date(2026, 11, 26), date(2026, 11, 27)}, date(2026, 11, 25)),  # the day before is closed
    (date(2026, 11, 29), set(), date(2026, 11, 27)),  # a Sunday is no court day, and the first day before it is
])  # fmt: skip
def test_a_closed_day_is_no_court_day_before_a_hearing(day: date, closed: set[date], before: date) -> None:
    assert court_day_before(day, 1, frozenset(closed)) == before
