"""What an administrator has in front of them: the machine's own work. Nothing of any case."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.flag_review.words import title_of
from monitor.job_names import named
from monitor.models import JobRun
from rules.sayings import lacks

RUNS_SHOWN = 20


class RunLine(msgspec.Struct, frozen=True):
    """One run of a job, by its plain name. ``state``: DUE, RUNNING, DONE or FAILED."""

    title: str
    zone: str
    state: str
    due_at: datetime
    finished_at: datetime | None


class Alarm(msgspec.Struct, frozen=True):
    """A night on which the nightly check found that what was kept differed, or could not evaluate a case."""

    run_key: str = ""
    cases: int = 0
    cases_differing: int = 0
    spans_differing: int = 0
    flags_differing: int = 0
    cases_failed: int = 0
    unread: dict[str, int] = {}


class UnreadLine(msgspec.Struct, frozen=True):
    """Something that could not be read, and how many cases it keeps from being evaluated. Nothing says which."""

    what: str
    rule: str
    cases: int


class Administration(msgspec.Struct, frozen=True):
    """The administrator's page."""

    runs: list[RunLine]
    alarms: list[Alarm]
    unread: list[UnreadLine]


def administration(session: Session) -> Administration:
    """Everything on the page, in two queries."""
    nights = _nights(session)
    alarms = [night for night in nights if night.cases_differing or night.cases_failed]
    return Administration(_runs(session), alarms, _unread(nights))


def _unread(nights: list[Alarm]) -> list[UnreadLine]:
    """What the last night could not read: from its totals, for an administrator reads nothing of any case."""
    found = nights[0].unread if nights else {}
    lines = [(*what.partition(" ")[::2], cases) for what, cases in found.items()]
    return [
        UnreadLine(lacks(note, "en") if note else "", "" if code == "INPUT_MISSING" else title_of(code), cases)
        for code, note, cases in sorted(lines, key=lambda line: (-line[2], line[1], line[0]))
    ]


def _nights(session: Session) -> list[Alarm]:
    """Nights checked, newest first, as long as finished runs are kept."""
    nights = select(JobRun.run_key, JobRun.totals).where(JobRun.job == "nightly_referee", JobRun.state == "DONE")
    return [
        msgspec.structs.replace(msgspec.json.decode(totals, type=Alarm), run_key=run_key)
        for run_key, totals in session.execute(nights.order_by(JobRun.slot_at.desc())) if totals
    ]  # fmt: skip


def _runs(session: Session) -> list[RunLine]:
    columns = select(JobRun.job, JobRun.state, JobRun.due_at, JobRun.finished_at)
    found = session.execute(columns.order_by(JobRun.due_at.desc()).limit(RUNS_SHOWN))
    return [RunLine(*named(job), state, due, finished) for job, state, due, finished in found]
