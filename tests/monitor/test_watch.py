"""What a person must be told while everything seems to work: each fault is made, and gone it is told no more."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from jobs.schedule import schedule
from monitor import audit, watch
from monitor.config import Settings
from monitor.db import Database
from monitor.models import JobRun
from monitor.watch import PERIODS, concerns
from tests.conftest import owned
from tests.office import NOW
from tests.web.accounts import SECRET


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(secret_key=SECRET, database_url=database_url)


@pytest.fixture(autouse=True)
def room(monkeypatch):
    monkeypatch.setattr(watch, "LEAST_FREE", 0)  # whatever the disk of this machine is like
    monkeypatch.setattr(watch, "MOST_SKEW", timedelta(days=3650))  # the clock of the tests stands still


def ran(database: Database, now=NOW, **ago: timedelta) -> None:
    """Every job ended well a moment ago, but those named: so long ago."""
    with database.system("test: runs") as session, session.begin():
        session.execute(sa.delete(JobRun))
        for job in schedule(["America/Chicago"]):
            ended = now - ago.get(job.name.partition(" ")[0], timedelta(seconds=30))
            session.add(JobRun(job=job.name, run_key=str(ended), state="DONE", slot_at=ended, due_at=ended,
                               finished_at=ended))  # fmt: skip


def told(database: Database, settings: Settings) -> str:
    return " ".join(concerns(database, settings, NOW))


def test_every_job_of_the_schedule_has_its_period_here():
    for job in schedule(["America/Chicago", "Europe/Berlin"]):
        first = job.trigger.get_next_fire_time(None, NOW)
        second = job.trigger.get_next_fire_time(None, first + timedelta(microseconds=1))
        assert PERIODS[job.name.partition(" ")[0]] == second - first, job.name
    assert set(PERIODS) == {job.name.partition(" ")[0] for job in schedule(["UTC"])}


def test_a_scheduler_that_never_ran_or_fell_silent_is_told_by_job_after_two_periods(database, settings):
    assert "never run" in told(database, settings)
    ran(database)
    assert told(database, settings) == ""
    ran(database, evaluate_news=timedelta(minutes=14), trail_check=timedelta(hours=47))
    assert told(database, settings) == ""
    ran(database, evaluate_news=timedelta(minutes=16), trail_check=timedelta(hours=49))
    assert "The job evaluate_news has not" in told(database, settings)
    assert "The job trail_check has not" in told(database, settings)
    assert "insiders" not in told(database, settings)


def test_a_job_that_only_fails_is_as_silent_as_one_that_does_not_run(database, settings):
    ran(database)
    with database.system("test: it fails") as session, session.begin():
        session.execute(sa.update(JobRun).where(JobRun.job == "insiders")
                        .values(state="FAILED", slot_at=NOW - timedelta(hours=1)))  # fmt: skip
    assert "The job insiders has not ended well yet" in told(database, settings)


def test_a_clock_that_went_back_is_told(database, settings, monkeypatch):
    ran(database)
    monkeypatch.setattr(watch, "MOST_SKEW", timedelta(seconds=2))
    for later, heard in ((timedelta(seconds=1), False), (timedelta(hours=2), True)):
        with database.system("test: an entry") as session, session.begin():
            audit.append(session, audit.Act(event="database.copied"), audit.audit_key(SECRET), NOW + later)
        assert ("clock went back" in told(database, settings)) is heard
    if not database.is_sqlite:
        assert "of the database are" in told(database, settings), "the tests' clock is not that of the server"


def test_a_disk_with_less_than_a_fifth_free_is_told(database, settings, monkeypatch):
    ran(database)
    monkeypatch.setattr(watch, "LEAST_FREE", 1.0)
    assert "of the disk is free" in told(database, settings)


def test_a_trail_that_takes_no_entry_is_told_and_looking_leaves_none(database, database_url, settings):
    ran(database)
    assert told(database, settings) == ""
    with database.system("test: the trail", writes=False) as session:
        assert audit.head(session)[0] == 0
    owner = Database(owned(database_url))
    shut, again = (
        ("create trigger shut before insert on audit_entry begin select raise(abort, 'no'); end", "drop trigger shut")
        if database.is_sqlite
        else ("alter table audit_entry rename to audit_away", "alter table audit_away rename to audit_entry")
    )
    with owner.migrating() as connection:
        connection.exec_driver_sql(shut)
    try:
        if database.is_sqlite:
            assert "The audit trail cannot be written" in told(database, settings)
        else:
            with pytest.raises(sa.exc.ProgrammingError):  # not even read: the page answers that somebody has to look
                concerns(database, settings, NOW)
    finally:
        with owner.migrating() as connection:
            connection.exec_driver_sql(again)
        owner.close()
    assert told(database, settings) == ""
