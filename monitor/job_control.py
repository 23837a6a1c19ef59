"""The jobs as an administrator has them in front of them: how each stands, and the acts on it. Nothing of any case.

A pause ends by itself within a day and is told on the page and by `monitor health` for as long as it holds: a job that
is forgotten looks like compliance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from zlib import crc32

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitor.job_names import named
from monitor.job_queue import BY_HAND
from monitor.models import JobPause, JobRun, User
from monitor.one_at_a_time import one_at_a_time
from monitor.watch import PERIODS, overdue

WHYS: Final[Mapping[str, str]] = {
    "fault": "A fault is being looked into",
    "upkeep": "Upkeep of the machine or the database",
    "letters": "Notices must not go out at this moment",
    "agreed": "Agreed with the agencies concerned",
}
HOURS: Final = (1, 4, 12, 24)
# they watch those who work here or the record itself, or keep a promise by the day (C5): nobody keeps them still alone
GUARDS: Final = ("trail_check", "insiders", "retention", "record_check")
BETWEEN: Final = timedelta(days=1)


class JobLine(msgspec.Struct, frozen=True):
    """One job. ``state``: well, late, failed, paused or new (never ended well, and not late yet)."""

    job: str
    title: str
    zone: str
    state: str
    last_at: datetime | None
    failed: int
    waiting: bool
    paused_until: datetime | None = None
    paused_by: str = ""
    why: str = ""


def jobs(session: Session, now: datetime) -> tuple[JobLine, ...]:
    """Every job of the schedule, those of several zones once a zone that has run; by title."""
    counted = select(JobRun.job, JobRun.state, func.count(JobRun.id), func.max(JobRun.finished_at))
    by_job: dict[str, dict[str, tuple[int, datetime | None]]] = {job: {} for job in PERIODS}
    for job, state, number, newest in session.execute(counted.group_by(JobRun.job, JobRun.state)):
        by_job.setdefault(job, {})[state] = (number, newest)
    zoned = {job.partition(" ")[0] for job in by_job if " " in job}
    late = {job for job, _last in overdue(session, now)}
    stopped = {one.job: one for one in _holding(session, now)}
    lines = [
        _line(session, job, runs, job in late, stopped.get(job)) for job, runs in by_job.items()
        if job not in zoned and job.partition(" ")[0] in PERIODS
    ]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: (line.title, line.zone)))


def _line(
    session: Session, job: str, runs: Mapping[str, tuple[int, datetime | None]], late: bool, stopped: JobPause | None
) -> JobLine:
    failed, last = runs.get("FAILED", (0, None))[0], runs.get("DONE", (0, None))[1]
    state = "failed" if failed else "late" if late else "well" if last else "new"
    line = JobLine(job, *named(job), state, last, failed, bool({"DUE", "RUNNING"} & runs.keys()))
    if stopped is None:
        return line
    by = session.scalar(select(User.name).where(User.id == stopped.paused_by_id)) or ""
    why = WHYS.get(stopped.why, "")
    return msgspec.structs.replace(line, state="paused", paused_until=stopped.until_at, paused_by=by, why=why)


def _holding(session: Session, now: datetime) -> Sequence[JobPause]:
    return session.scalars(select(JobPause).where(JobPause.ended_at.is_(None), JobPause.until_at > now)).all()


def run_now(session: Session, job: str, now: datetime) -> bool:
    """Put one run of it in line. False: one waits already, it is paused, or no job is called that."""
    one_at_a_time(session, _number(job))
    lines = {line.job: line for line in jobs(session, now)}
    if job not in lines or lines[job].waiting or lines[job].state == "paused":
        return False
    key = f"{BY_HAND}{now:%Y-%m-%dT%H:%M:%S%z}"
    if session.scalar(select(JobRun.id).where(JobRun.job == job, JobRun.run_key == key)) is not None:
        return False  # asked for in this very second, and over already
    session.add(JobRun(job=job, run_key=key, slot_at=now, due_at=now, state="DUE"))
    session.flush()
    return True


def try_failed(session: Session, job: str, now: datetime) -> int:
    """Put runs that were given up back in line; how many."""
    rows = session.scalars(select(JobRun).where(JobRun.job == job, JobRun.state == "FAILED")).all()
    for row in rows:
        row.state, row.due_at, row.attempt, row.finished_at = "DUE", now, 0, None
    session.flush()
    return len(rows)


def pause(session: Session, by: int, job: str, why: str, hours: int, now: datetime) -> int | None:
    """Start no run of it for so long; the id of the pause. None: it is paused, `rests`, or no job is called that."""
    one_at_a_time(session, _number(job))
    if rests(session, job, now) or job not in {line.job for line in jobs(session, now) if line.state != "paused"}:
        return None
    made = JobPause(job=job, why=why, paused_at=now, paused_by_id=by, until_at=now + timedelta(hours=hours))
    session.add(made)
    session.flush()
    return made.id


def rests(session: Session, job: str, now: datetime) -> bool:
    """Whether it is one of `GUARDS` that was paused less than a day ago, and may not be paused again yet."""
    if job.partition(" ")[0] not in GUARDS:
        return False
    ended = select(func.max(func.coalesce(JobPause.ended_at, JobPause.until_at))).where(JobPause.job == job)
    last = session.scalar(ended)
    return last is not None and now < last + BETWEEN


def _number(job: str) -> int:
    """What two presses about the same job wait for."""
    return crc32(job.encode())


def resume(session: Session, by: int, job: str, now: datetime) -> bool:
    """End its pause now. What came due meanwhile is made up as after an outage. False: it was not paused."""
    rows = [row for row in _holding(session, now) if row.job == job]
    for row in rows:
        row.ended_at, row.ended_by_id = now, by
    session.flush()
    return bool(rows)
