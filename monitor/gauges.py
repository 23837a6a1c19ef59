"""What operators measure of an installation: counts of its own work. Nothing of any case, agency or person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitor.db import Database
from monitor.models import AuthSession, Dirty, JobRun, Outbox
from monitor.watch import overdue


class Gauge(msgspec.Struct, frozen=True):
    """One measure: its name, what it says, the name of its label (empty: none), and a value for each label."""

    name: str
    says: str
    label: str
    values: dict[str, float]


def gauges(database: Database, now: datetime) -> tuple[Gauge, ...]:
    """Everything at once, from one picture of the record. Raises what the database raises."""
    with database.system("what operators measure", writes=False) as session:
        return tuple(_gauges(session, now))


def _gauges(session: Session, now: datetime) -> Iterator[Gauge]:
    done = session.execute(
        select(JobRun.job, func.max(JobRun.finished_at)).where(JobRun.state == "DONE").group_by(JobRun.job)
    )
    last = {job: at.replace(tzinfo=at.tzinfo or UTC).timestamp() for job, at in done if at}
    yield Gauge("job_last_success_seconds", "When each job last ended well, in seconds of Unix time.", "job", last)
    late = {job for job, _last in overdue(session, now)}
    yield Gauge("job_late", "1 where a job has not ended well for two of its periods.", "job",
                {job: float(job in late) for job in sorted(last.keys() | late)})  # fmt: skip
    given_up = select(JobRun.job, func.count(JobRun.id)).where(JobRun.state == "FAILED").group_by(JobRun.job)
    yield Gauge("job_runs_given_up", "Runs that failed five times.", "job", _counted(session, given_up))
    states = select(Outbox.state, func.count(Outbox.id)).group_by(Outbox.state)
    yield Gauge("notices", "Notices by state: DUE wait, FAILED are given up.", "state", _counted(session, states))
    waiting = session.scalar(select(func.count(Dirty.id))) or 0
    yield Gauge("cases_to_evaluate", "Cases of which something became known that no rule has read.", "", {"": waiting})
    signed_in = session.scalar(select(func.count(AuthSession.id)).where(AuthSession.revoked_at.is_(None))) or 0
    yield Gauge("sessions_open", "Sessions that nobody has ended.", "", {"": signed_in})


def _counted(session: Session, rows: object) -> dict[str, float]:
    return {name: float(number) for name, number in session.execute(rows)}  # type: ignore[call-overload]
