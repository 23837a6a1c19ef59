"""The queue of job runs, in the database: which runs are due, who has one, and whether its effects may stand.

A run is one row per job and run key. The key is the local date or time of its slot, so a doubled hour cannot run twice
and a missed night is run for its own date. Whoever claims a run holds a lease; ``attempt`` is the fence: a run that
lost its lease finds another number there, and its transaction is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Select, and_, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from monitor.models import JobPause, JobRun, random_id

MAX_ATTEMPTS = 5
BY_HAND = "by hand "  # how the run key of a run begins that somebody asked for


class Slot(msgspec.Struct, frozen=True):
    """One due time of a job: the instant, and the local date or time that names it."""

    run_key: str
    due_at: datetime


class Claim(msgspec.Struct, frozen=True):
    """A run that this process holds: the slot it was meant for, and the attempt that fences it."""

    run_id: int
    job: str
    run_key: str
    slot_at: datetime
    attempt: int
    owner: str


class LeaseLost(RuntimeError):
    """Another process has taken this run over; nothing of this attempt may stand."""


class LastRun(msgspec.Struct, frozen=True):
    """What an administrator sees of one job."""

    job: str
    run_key: str
    state: str
    finished_at: datetime | None
    attempt: int
    totals: str
    error: str


def waiting(session: Session, job: str) -> bool:
    """Whether a run of the job is due or under way."""
    found = select(JobRun.id).where(JobRun.job == job, JobRun.state.in_(("DUE", "RUNNING"))).limit(1)
    return session.scalar(found) is not None


def forget_done(session: Session, before: datetime) -> int:
    """Delete finished runs from before an instant; failed ones stay until a person has looked."""
    done: Any = session.execute(delete(JobRun).where(JobRun.state == "DONE", JobRun.slot_at < before))
    return int(done.rowcount)


def last_slot(session: Session, job: str) -> datetime | None:
    """The newest slot on record; plans go on from there. A run that somebody asked for is no slot."""
    planned = select(JobRun.slot_at).where(JobRun.job == job, JobRun.run_key.not_like(f"{BY_HAND}%"))
    return session.scalar(planned.order_by(JobRun.slot_at.desc()).limit(1))


def plan(session: Session, job: str, slots: Iterable[Slot]) -> int:
    """Write the slots that are not on record yet; any number of processes may do so at once."""
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    made = 0
    for slot in slots:
        row = dialect.insert(JobRun.__table__).values(
            id=random_id(), job=job, run_key=slot.run_key, slot_at=slot.due_at, due_at=slot.due_at, state="DUE",
            attempt=0,
        )  # fmt: skip
        new = row.on_conflict_do_nothing(index_elements=["job", "run_key"]).returning(JobRun.id)
        made += len(session.scalars(new).all())  # a driver may not count rows
    return made


def claim(session: Session, owner: str, now: datetime, lease: timedelta) -> Claim | None:
    """Take the run that has been due longest: never started, or abandoned by a process whose lease ran out."""
    while (run := _next(session, now)) is not None:
        run.attempt += 1
        if run.attempt <= MAX_ATTEMPTS:
            run.state, run.owner, run.lease_until, run.started_at = "RUNNING", owner, now + lease, now
            return Claim(run.id, run.job, run.run_key, run.slot_at, run.attempt, owner)
        # a run that ends its process each time must not be tried for ever: a person looks
        run.state, run.finished_at, run.lease_until = "FAILED", now, None
        run.error = run.error or "The process ended before the run did."
        session.flush()
    return None


def _next(session: Session, now: datetime) -> JobRun | None:
    abandoned = and_(JobRun.state == "RUNNING", JobRun.lease_until < now)
    free = or_(and_(JobRun.state == "DUE", JobRun.due_at <= now), abandoned)
    free = and_(free, JobRun.job.not_in(_paused(now)))
    found = select(JobRun).where(free).order_by(JobRun.due_at, JobRun.id).limit(1).with_for_update(skip_locked=True)
    return session.scalar(found)


def paused(session: Session, now: datetime) -> dict[str, datetime]:
    """Jobs of which no run is planned or begun, and until when: an administrator has paused them."""
    rows = session.execute(_paused(now).add_columns(JobPause.until_at))
    return {job: until if until.tzinfo else until.replace(tzinfo=UTC) for job, until in rows}


def _paused(now: datetime) -> Select[str]:
    return select(JobPause.job).where(JobPause.ended_at.is_(None), JobPause.until_at > now)


def renew(session: Session, held: Claim, now: datetime, lease: timedelta) -> bool:
    """Keep the lease alive; False when somebody else has the run."""
    return _change(session, held, lease_until=now + lease)


def finish(session: Session, held: Claim, now: datetime, totals: str) -> None:
    """Mark the run done in the transaction of its effects. Raises `LeaseLost`, and then nothing may be committed."""
    if not _change(session, held, state="DONE", lease_until=None, finished_at=now, totals=totals, error=None):
        raise LeaseLost(f"{held.job} {held.run_key} was taken over")


def fail(session: Session, held: Claim, now: datetime, error: str) -> None:
    """Put the run back, to be tried again later, or give it up where a person must look."""
    given_up = held.attempt >= MAX_ATTEMPTS
    again = now + timedelta(seconds=30 * 2**held.attempt)
    _change(
        session, held, state="FAILED" if given_up else "DUE", lease_until=None, error=error[:400],
        due_at=now if given_up else again, finished_at=now if given_up else None,
    )  # fmt: skip


def hand_back(session: Session, held: Claim, now: datetime) -> None:
    """Put a run back because this process was told to stop: no fault of the run's, so the attempt does not count."""
    _change(session, held, state="DUE", lease_until=None, due_at=now, owner=None, attempt=held.attempt - 1)


def last_runs(session: Session) -> list[LastRun]:
    """The newest run of each job, for readiness and the administrator's page."""
    newest: dict[str, LastRun] = {}
    columns = (
        JobRun.job, JobRun.run_key, JobRun.state, JobRun.finished_at, JobRun.attempt, JobRun.totals, JobRun.error,
    )  # fmt: skip
    for row in session.execute(select(*columns).order_by(JobRun.due_at.desc()).limit(500)):
        newest.setdefault(row.job, LastRun(*row[:5], row.totals or "", row.error or ""))
    return sorted(newest.values(), key=lambda run: run.job)


def _change(session: Session, held: Claim, **values: Any) -> bool:
    mine = (
        JobRun.id == held.run_id, JobRun.owner == held.owner, JobRun.attempt == held.attempt, JobRun.state == "RUNNING",
    )  # fmt: skip
    done: Any = session.execute(update(JobRun).where(*mine).values(**values))
    return bool(done.rowcount)
