"""The queue in the database: each slot once, one holder at a time, and nothing of a holder that lost its lease."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.work import LEASE, Work
from monitor import job_queue
from monitor.config import Settings
from monitor.db import Database
from monitor.models import JobRun, Mark

NOW = datetime(2026, 3, 4, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SLOTS = [job_queue.Slot("2026-03-03", NOW - timedelta(days=1)), job_queue.Slot("2026-03-04", NOW)]


@contextmanager
def opened(database: Database) -> Iterator[Session]:
    with database.system("test") as session, session.begin():
        yield session


def plan(database: Database, *slots: job_queue.Slot) -> int:
    with opened(database) as session:
        return job_queue.plan(session, "count", slots or SLOTS)


def claim(database: Database, owner: str = "one", now: datetime = NOW) -> job_queue.Claim | None:
    with opened(database) as session:
        return job_queue.claim(session, owner, now, LEASE)


def runs(database: Database) -> list[tuple[Any, ...]]:
    columns = (JobRun.run_key, JobRun.state, JobRun.attempt)
    with opened(database) as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(JobRun.slot_at))]


def work(database: Database, held: job_queue.Claim | None, now: datetime = NOW) -> Work:
    assert held is not None
    return Work(database, Settings(), held, lambda: now)


def test_a_slot_is_planned_once_however_often_and_by_whomever(database: Database):
    assert (plan(database), plan(database), plan(database, SLOTS[1])) == (2, 0, 0)
    with opened(database) as session:
        assert job_queue.last_slot(session, "count") == NOW


def test_runs_are_claimed_oldest_first_and_each_by_one(database: Database):
    plan(database)

    first, second, third = claim(database), claim(database, "two"), claim(database, "three")

    assert first is not None and second is not None
    assert (first.run_key, second.run_key, third) == ("2026-03-03", "2026-03-04", None)


def test_nobody_claims_what_is_not_due(database: Database):
    plan(database, job_queue.Slot("later", NOW + MINUTE))

    assert claim(database) is None
    assert claim(database, now=NOW + MINUTE) is not None


def test_an_abandoned_run_is_taken_over_when_its_lease_is_over(database: Database):
    plan(database, SLOTS[1])
    first = claim(database)

    assert claim(database, "two", NOW + LEASE) is None
    second = claim(database, "two", NOW + LEASE + MINUTE)

    assert first is not None and second is not None
    assert (first.attempt, second.attempt, second.slot_at) == (1, 2, NOW)


def test_a_worker_that_was_frozen_past_its_lease_changes_nothing(database: Database):
    plan(database, SLOTS[1])
    frozen = work(database, claim(database))
    with frozen.reading():
        pass  # here it freezes; meanwhile another does the run
    later = NOW + LEASE + MINUTE
    other = claim(database, "two", later)
    with work(database, other, later).transaction() as session:
        session.add(Mark(name="done by two", at=later))

    with pytest.raises(job_queue.LeaseLost), frozen.transaction() as session:
        session.add(Mark(name="done by one", at=later))

    with opened(database) as session:
        assert set(session.scalars(select(Mark.name))) == {"done by two"}
        assert other is not None
        job_queue.finish(session, other, later, "{}")
    assert runs(database) == [("2026-03-04", "DONE", 2)]


def test_a_worker_that_is_late_but_was_not_missed_goes_on(database: Database):
    plan(database, SLOTS[1])
    slow = work(database, claim(database), NOW + 10 * MINUTE)
    with slow.transaction() as session:
        session.add(Mark(name="late", at=NOW))

    assert claim(database, "two", NOW + 11 * MINUTE) is None, "the lease was renewed"


def test_a_run_that_was_taken_over_cannot_be_finished_or_failed_by_the_first(database: Database):
    plan(database, SLOTS[1])
    first = claim(database)
    second = claim(database, "two", NOW + LEASE + MINUTE)
    assert first is not None and second is not None
    with pytest.raises(job_queue.LeaseLost), opened(database) as session:
        job_queue.finish(session, first, NOW, "{}")
    with opened(database) as session:
        job_queue.fail(session, first, NOW, "ValueError")

    assert runs(database) == [("2026-03-04", "RUNNING", 2)]


def test_a_run_that_fails_is_tried_later_each_time_and_then_left_for_a_person(database: Database):
    plan(database, SLOTS[1])
    now, waits = NOW, []
    for _ in range(job_queue.MAX_ATTEMPTS):
        held = claim(database, now=now)
        assert held is not None
        assert held.slot_at == NOW, "a run is made up for its own slot"
        with opened(database) as session:
            job_queue.fail(session, held, now, "ValueError in jobs.example:7")
        with opened(database) as session:
            waits.append(session.scalars(select(JobRun.due_at)).one() - now)
        now += timedelta(hours=1)

    assert runs(database) == [("2026-03-04", "FAILED", job_queue.MAX_ATTEMPTS)]
    assert waits[:-1] == sorted(waits[:-1]) and waits[0] < waits[-2]
    with opened(database) as session:
        assert job_queue.last_runs(session)[0].error == "ValueError in jobs.example:7"


def test_a_run_that_fails_does_not_keep_later_slots_from_being_planned(database: Database):
    plan(database, SLOTS[1])
    held = claim(database)
    assert held is not None
    with opened(database) as session:
        job_queue.fail(session, held, NOW, "ValueError")
        assert job_queue.last_slot(session, "count") == NOW


def test_a_run_that_ends_its_process_each_time_is_not_tried_for_ever(database: Database):
    plan(database, SLOTS[1])
    now = NOW
    for _ in range(job_queue.MAX_ATTEMPTS):
        assert claim(database, now=now) is not None
        now += LEASE + MINUTE

    assert claim(database, now=now) is None
    assert runs(database) == [("2026-03-04", "FAILED", job_queue.MAX_ATTEMPTS + 1)]


def test_a_run_handed_back_by_a_process_that_stops_may_be_claimed_at_once(database: Database):
    plan(database, SLOTS[1])
    for _ in range(2 * job_queue.MAX_ATTEMPTS):
        held = claim(database)
        assert held is not None
        with opened(database) as session:
            job_queue.hand_back(session, held, NOW)

    assert runs(database) == [("2026-03-04", "DUE", 0)]


def test_finished_runs_are_forgotten_after_a_week_and_failed_ones_never(database: Database):
    plan(database)
    for outcome in (job_queue.finish, job_queue.fail):
        held = claim(database)
        assert held is not None
        with opened(database) as session:
            outcome(session, held, NOW, "{}")
    with opened(database) as session:
        assert job_queue.forget_done(session, NOW + timedelta(days=7)) == 1
    assert [state for _key, state, _attempt in runs(database)] == ["DUE"]
