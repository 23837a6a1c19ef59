"""A court's day is its own: near midnight, and on the days on which its clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from monitor.bench_page.record import CaseRecord
from monitor.court_days import court_day_before
from monitor.db import Database
from monitor.docket import docket
from monitor.docket.strip import Ground, delays, strip
from monitor.models import Court, Hearing
from monitor.response_matrix.versions import SAMPLE
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
    found, before = days[day], days[day - timedelta(days=1)]
    assert found is not None and [line.time for line in found.lines] == ["00:00", "23:59"]
    near = before.following if before else None
    assert near is not None and (near.day, near.count) == (day, 2)


@pytest.mark.parametrize(("shown", "late"), [
    (None, 1), ("2026-11-25T23:59", 0), ("2026-11-26T00:00", 1), ("2026-11-30T08:00", 1),
])  # fmt: skip
def test_a_page_that_the_defense_got_after_the_last_court_day_before_is_counted_as_late(
    shown: str | None, late: int
) -> None:
    """A Monday after Thanksgiving: its last court day before is Wednesday, to the end of the court's own day."""
    zone = "America/Los_Angeles"
    hearing: Any = SimpleNamespace(
        id=7, case_id=1, outcome=None, resulted_at=None, starts_at=datetime(2026, 11, 30, 9, tzinfo=ZoneInfo(zone)),
    )  # fmt: skip
    record = CaseRecord(1, zone, NOW, NOW.date())
    if shown:
        record.first_shown[7] = datetime.fromisoformat(shown).replace(tzinfo=ZoneInfo(zone))
    closed = frozenset({date(2026, 11, 26), date(2026, 11, 27)})
    ground = Ground(closed, SAMPLE)
    assert f"1 court day before: {late}" in strip([(1, delays(hearing, record, ground, ()))], ground)[1]


@pytest.mark.parametrize(("day", "closed", "before"), [
    (date(2026, 11, 30), {date(2026, 11, 26), date(2026, 11, 27)}, date(2026, 11, 25)),  # the day before is closed
    (date(2026, 11, 29), set(), date(2026, 11, 27)),  # a Sunday is no court day, and the first day before it is
])  # fmt: skip
def test_a_closed_day_is_no_court_day_before_a_hearing(day: date, closed: set[date], before: date) -> None:
    assert court_day_before(day, 1, frozenset(closed)) == before
