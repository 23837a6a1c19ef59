"""The runner on a real database: everything that is due is run, for its own slot, and one fault stops nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from jobs import missing_rosters
from jobs.runner import Runner, run_pending
from monitor import log_lines
from monitor.compliance import evaluation
from monitor.config import Settings
from monitor.db import Database
from monitor.models import Dirty, Flag, JobRun, Outbox
from tests.builders import absent, add_user, at, build_town, person_with_order
from tests.jobs.worker import few_packs
from tests.patience import until

ROOT = Path(__file__).resolve().parents[2]
MONDAY = date(2026, 1, 19)
NOW = at(date(2026, 1, 21), 12)
SETTINGS = Settings()


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    packs = few_packs()
    monkeypatch.setattr(evaluation, "switched_on", lambda *_folders: packs)
    log_lines.configure("critical")


def county(database: Database) -> None:
    """One person who missed a class; the program has somebody to write to."""
    with database.system("test") as session, session.begin():
        town = build_town(session)
        add_user(session, town.program_agency, "program", "facilitator@x.example")
        absent(session, person_with_order(session, town), MONDAY)


def states(database: Database) -> dict[str, set[str]]:
    with database.system("test", writes=False) as session:
        found: dict[str, set[str]] = {}
        for job, state in session.execute(select(JobRun.job, JobRun.state)):
            found.setdefault(job, set()).add(state)
        return found


def count(database: Database, entity: type) -> int:
    with database.system("test", writes=False) as session:
        return session.scalar(select(func.count()).select_from(entity)) or 0


def test_one_call_runs_every_job_that_is_due(database: Database):
    county(database)

    assert run_pending(database, SETTINGS, NOW) >= 4

    assert states(database) == {
        "evaluate_news": {"DONE"}, "sweep_boundaries": {"DONE"}, "nightly_referee": {"DONE"},
        "nightly_tidy": {"DONE"}, "retention": {"DONE"},
        "unused_accounts": {"DONE"}, "trail_check": {"DONE"}, "trail_seal": {"DONE"}, "record_check": {"DONE"},
        "insiders": {"DONE"},
        "intake_folder": {"DONE"}, "long_sheets": {"DONE"}, "freeze_packets": {"DONE"},
        "missing_rosters America/Los_Angeles": {"DONE"}, "send_outbox": {"DONE"},
        "morning_digest America/Los_Angeles": {"DONE"},
    }  # fmt: skip
    assert (count(database, Dirty), count(database, Flag)) == (0, 1)


def test_again_at_the_same_instant_nothing_is_due(database: Database):
    county(database)
    run_pending(database, SETTINGS, NOW)

    assert run_pending(database, SETTINGS, NOW) == 0


def test_news_is_evaluated_at_once_and_not_only_at_the_next_minute(database: Database):
    county(database)
    now = NOW + timedelta(seconds=7)
    run_pending(database, SETTINGS, now)
    with database.system("test") as session, session.begin():
        session.add(Dirty(case_id=session.scalars(select(Flag.case_id)).one()))

    assert run_pending(database, SETTINGS, now + timedelta(seconds=5)) == 1
    assert count(database, Dirty) == 0


def test_a_fault_of_one_job_stops_no_other_and_its_text_is_not_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    county(database)

    def fault(*_what: object) -> int:
        raise ValueError("Ann Example, born 1990")

    monkeypatch.setattr(missing_rosters, "remind_programs", fault)
    run_pending(database, SETTINGS, NOW)

    assert states(database)["missing_rosters America/Los_Angeles"] == {"DUE"}
    assert states(database)["sweep_boundaries"] == {"DONE"}
    with database.system("test", writes=False) as session:
        errors = [error for error in session.scalars(select(JobRun.error)) if error]
    assert len(errors) == 1
    assert errors[0].startswith("ValueError in ") and "Ann" not in errors[0]


def test_a_case_that_cannot_be_evaluated_makes_the_run_fail_and_tells_where(database: Database):
    county(database)
    with database.system("test") as session, session.begin():
        person_with_order(session, build_town(session, code="far"), facts={"supervision_started_on": "soon"})
    run_pending(database, SETTINGS, NOW)

    with database.system("test", writes=False) as session:
        failed = session.scalars(select(JobRun.error).where(JobRun.job == "evaluate_news", JobRun.error != "")).all()
    assert failed and failed[0].startswith("ValueError in monitor.compliance.orders")
    assert count(database, Flag) == 1, "the others were evaluated"


def test_missing_sheets_are_asked_for_by_the_date_of_the_slot_that_is_made_up(database: Database):
    county(database)
    for day in (date(2026, 1, 26), date(2026, 2, 5)):  # the second after ten days down
        run_pending(database, SETTINGS, at(day, 12))

    with database.system("test", writes=False) as session:
        keys = sorted(key.split(":")[2] for key in session.scalars(select(Outbox.key)))
        mornings = select(JobRun.run_key).where(JobRun.job.startswith("missing_rosters")).order_by(JobRun.slot_at)
        made_up = session.scalars(mornings).all()
    assert keys == ["2026-01-12", "2026-01-26", "2026-02-02"], "each class once; the sheet of the 19th is in"
    assert made_up[-7:] == [str(date(2026, 1, 30) + timedelta(days=n)) for n in range(7)]


def test_a_runner_that_is_told_to_stop_hands_its_run_back(database: Database):
    county(database)
    one = Runner(database, SETTINGS, lambda: NOW)
    jobs = one.jobs()
    one.plan(jobs)
    held = one._claim()
    one.stopping = True
    assert held is not None

    assert not one._run(held, jobs)

    with database.system("test", writes=False) as session:
        run = session.get_one(JobRun, held.run_id)
        assert (run.state, run.attempt) == ("DUE", 0)


def test_several_workers_at_once_do_each_run_once(database: Database):
    if database.is_sqlite:
        pytest.skip("one worker on SQLite")
    county(database)
    one, two = (Runner(database, SETTINGS, lambda: NOW) for _ in range(2))
    for each in (one, two):
        each.plan(each.jobs())
    first, second = one._claim(), two._claim()

    assert first is not None and second is not None
    assert (first.job, first.run_key) != (second.job, second.run_key)


def test_the_scheduler_process_ends_soon_and_cleanly_when_told_to(database_url: str, tmp_path: Path):
    environment = {
        **os.environ, "MONITOR_DATABASE_URL": database_url, "MONITOR_SECRET_KEY": "x" * 40, "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "jobs"], env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    database = Database(database_url)
    until(lambda: "DONE" in states(database).get("sweep_boundaries", set()), 120)
    process.send_signal(signal.SIGTERM)
    _out, said = process.communicate(timeout=120)
    database.close()

    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert {"RUNNING"} & set().union(*states(Database(database_url)).values()) == set()
