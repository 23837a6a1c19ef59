"""What a person must be told of this installation while it still answers: a silent scheduler looks like compliance.

Sentences for whoever runs it; strangers learn only that somebody should look.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, make_url, select, text
from sqlalchemy.orm import Session

from monitor import audit
from monitor.case_sharing import unknown
from monitor.config import Settings
from monitor.db import Database
from monitor.job_queue import paused
from monitor.local_law import LocalLawError, local_law
from monitor.models import AuditEntry, JobRun
from monitor.soundness import last_found

LEAST_FREE = 0.2  # of the disk (CJIS AU-4)
MOST_SKEW = timedelta(seconds=2)
# how often each job of `jobs.schedule` is due, held by a test; one for each zone counts under its first word
PERIODS: Mapping[str, timedelta] = {
    "evaluate_news": timedelta(minutes=1), "send_outbox": timedelta(minutes=1),
    "sweep_boundaries": timedelta(minutes=5), "insiders": timedelta(minutes=15), "morning_digest": timedelta(days=1),
    "freeze_packets": timedelta(minutes=15), "intake_folder": timedelta(minutes=1), "trail_seal": timedelta(minutes=1),
    "long_sheets": timedelta(minutes=1),
    "nightly_referee": timedelta(days=1), "nightly_tidy": timedelta(days=1), "retention": timedelta(days=1),
    "trail_check": timedelta(days=1), "unused_accounts": timedelta(days=1), "missing_rosters": timedelta(days=1),
    "record_check": timedelta(days=1),
}  # fmt: skip
AT_LEAST = timedelta(minutes=15)  # a long evaluation is not silence
UNUSUAL = timedelta(days=1)


def concerns(database: Database, settings: Settings, now: datetime) -> list[str]:
    """Everything that somebody must look at; empty: all is well. Raises what the database raises."""
    with database.system("is all well?", writes=False) as session:
        found = [*_clock(session, now), *_jobs(session, now), *_record(session)]
        found += _offices(session, settings)
    return [*found, *_disk(settings), *_trail(database, settings, now)]


def overdue(session: Session, now: datetime) -> Iterator[tuple[str, datetime | None]]:
    """Jobs that have not ended well for two periods, and when they last did."""
    newest = select(JobRun.job, func.max(JobRun.finished_at), func.min(JobRun.slot_at)).group_by(JobRun.job)
    done = {job: last for job, last, _first in session.execute(newest.where(JobRun.state == "DONE"))}
    for job, _last, first in session.execute(newest):
        patience = max(2 * PERIODS.get(job.partition(" ")[0], UNUSUAL), AT_LEAST)
        last = done.get(job)
        if _utc(last or first) + patience < now:
            yield job, _utc(last) if last else None


def _jobs(session: Session, now: datetime) -> Iterator[str]:
    if session.scalar(select(JobRun.id).limit(1)) is None:
        yield "The scheduler has never run: start `monitor work`."
    stopped = paused(session, now)
    for job, until in sorted(stopped.items()):
        yield f"The job {job} is paused until {until:%Y-%m-%d %H:%M} UTC. An administrator can end the pause sooner."
    for job, last in overdue(session, now):
        if job in stopped:
            continue
        when = f"since {last:%Y-%m-%d %H:%M} UTC" if last else "yet"
        yield f"The job {job} has not ended well {when}: flags and alerts may be missing. Is `monitor work` running?"
    newest = select(JobRun.state, JobRun.error).where(JobRun.job == "trail_check").order_by(JobRun.slot_at.desc())
    if (run := session.execute(newest.limit(1)).first()) and run.state != "DONE" and "TrailBroken" in (run.error or ""):
        yield "The audit trail does not hold. Run `monitor audit verify`, and keep database and copies as they are."


def _offices(session: Session, settings: Settings) -> Iterator[str]:
    try:
        law = local_law(settings.local_law_file)
    except LocalLawError as error:  # it was sound when the site started: somebody is at work on it
        yield str(error)
        return
    yield from unknown(session, law)


def _record(session: Session) -> Iterator[str]:
    for name, number in last_found(session).items():
        yield f"The record holds what cannot be: {name} ({number}). Keep database and copies as they are, and ask us."


def _disk(settings: Settings) -> Iterator[str]:
    """Of the disk that SQLite lies on; elsewhere the one we are started on. PostgreSQL's own is its host's."""
    url = make_url(settings.database_url)
    name = url.database if url.get_backend_name() == "sqlite" else None
    folder = Path(name).absolute().parent if name else Path.cwd()
    if folder.is_dir():
        use = shutil.disk_usage(folder)
        if use.free < LEAST_FREE * use.total:
            yield f"Only {use.free * 100 // use.total} % of the disk is free. Make room before nothing can be saved."


def _clock(session: Session, now: datetime) -> Iterator[str]:
    if session.get_bind().dialect.name == "postgresql":
        theirs = session.execute(text("select clock_timestamp()")).scalar_one()
        if abs(theirs - now) > MOST_SKEW:
            yield f"The clocks of this machine and of the database are {abs(theirs - now)} apart."
    newest = session.scalar(select(AuditEntry.at).order_by(AuditEntry.number.desc()).limit(1))
    if newest and _utc(newest) > now + MOST_SKEW:
        yield "The clock went back: the newest entry of the audit trail is from the future. Set the clock right."


def _trail(database: Database, settings: Settings, now: datetime) -> Iterator[str]:
    """An entry is written and taken back."""
    try:
        with database.system("can the trail be written?") as session, session.begin() as begun:
            audit.append(session, audit.Act(event="database.copied"), audit.audit_key(settings.secret_key), now)
            begun.rollback()
    except Exception:  # whatever it is, nothing that has to be recorded can be done
        yield "The audit trail cannot be written, so nobody can work: is the disk full, or the database read-only?"


def _utc(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
