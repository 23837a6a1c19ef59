"""Workers are killed with -9 and frozen at random instants, day after day; what is kept equals a calm run's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, make_url, select, text

from jobs.runner import Runner
from jobs.work import LEASE
from monitor import log_lines
from monitor.compliance import evaluation, news, referee
from monitor.compliance.spans import read_kept
from monitor.config import Settings
from monitor.db import Database
from monitor.models import Attendance, Base, Case, Dirty, Flag, JobRun, Mark, Span
from tests import builders
from tests.builders import (
    ZONE,
    Matter,
    absent,
    adjudicate,
    at,
    attended,
    build_town,
    correct,
    cover,
    person_with_order,
)
from tests.jobs.worker import few_packs
from tests.monitor.compliance.county import all_flags, kept
from tests.patience import until

ROOT = Path(__file__).resolve().parents[2]
FIRST = date(2026, 1, 12)
PEOPLE = 7
# Seconds for the kills of one day of the county, and then for its work. Workers' clocks go up to FASTEST times as fast
# as ours, SLOWER for the work, and must not reach midnight: the calm county's clock stands still, and what falls due at
# midnight would be a flag there only.
BLOWS, REST, FASTEST, SLOWER = 60, 150, 300, 60


# --- what the county learns, the same each time -----------------------------------------------------------------------


def found(database: Database) -> list[Matter]:
    """The county before its first day, with the same ids each time."""
    builders.number_from(1)
    with database.system("test") as session, session.begin():
        town = build_town(session)
        return [person_with_order(session, town, number=f"26-{n}") for n in range(PEOPLE)]


def live(database: Database, matters: list[Matter], day: date) -> None:
    """What becomes known on one day: classes on Mondays, decisions and corrections on other days, sheets on Sundays."""
    random = Random(day.toordinal())
    builders.number_from(day.toordinal() * 1000)
    with database.system("test") as session, session.begin():
        for matter in matters:
            if day.weekday() == 0 and random.random() < 0.9:
                (absent if random.random() < 0.5 else attended)(session, matter, day)
            elif day.weekday() == 6:
                cover(session, matter, day - timedelta(days=6), day + timedelta(days=1), recorded_on=day)
        for row in _standing(session) if day.weekday() in (1, 3) else ():
            if random.random() < 0.3:
                correct(session, row, at(day, 14), outcome="PRESENT", program_says="P")
            elif random.random() < 0.5:
                adjudicate(session, row, "UNEXCUSED", day)


def _standing(session: Any) -> list[Attendance]:
    replaced = select(Attendance.supersedes_id).where(Attendance.supersedes_id.is_not(None))
    absences = select(Attendance).where(Attendance.outcome == "ABSENT", Attendance.id.not_in(replaced))
    return list(session.scalars(absences.order_by(Attendance.id)))


def evening(day: date) -> datetime:
    """When a day's work begins: after all that it teaches, and long before the next."""
    began = at(day, 16)
    assert began + timedelta(seconds=BLOWS * FASTEST + REST * SLOWER) + LEASE < at(day + timedelta(days=1), 0)
    return began


# --- calm and storm ---------------------------------------------------------------------------------------------------


def calm(database: Database, days: list[date]) -> None:
    """Every day in order, by one runner that nobody disturbs."""
    matters = found(database)
    for day in days:
        live(database, matters, day)
        now = evening(day)
        runner = Runner(database, Settings(database_url=database.url), lambda now=now: now)
        while not is_idle(database, now):
            runner.tick()


def is_idle(database: Database, now: datetime) -> bool:
    """Nothing waits, and flags tell the truth of ``now``."""
    with database.system("test", writes=False) as session:
        swept = session.get(Mark, "sweep")
        return not news.something_new(session) and swept is not None and swept.at >= now


@dataclass
class Storm:
    """Workers under way, killed and frozen at instants that the seed gives."""

    workers: subprocess.Popen[str]
    count: int
    faster: float
    random: Random
    alive: list[int] = field(default_factory=list)
    kills: int = 0
    freezes: int = 0

    def fill(self, start: datetime) -> None:
        """Start workers in the place of dead ones."""
        while len(self.alive) < self.count:
            assert self.workers.stdin and self.workers.stdout
            self.workers.stdin.write(f"work {start.isoformat()} {self.faster}\n")
            self.workers.stdin.flush()
            self.alive.append(int(self.workers.stdout.readline()))

    def blow(self, start: datetime) -> None:
        """Let the workers run for a moment, then strike one."""
        self.fill(start)
        time.sleep(self.random.choice((0.02, 0.05, 0.15, 0.3)) * self.random.uniform(0.5, 1.5))
        victim = self.random.choice(self.alive)
        if self.count > 1 and self.random.random() < 0.1:
            os.kill(victim, signal.SIGSTOP)
            time.sleep(1.2 * LEASE.total_seconds() / self.faster)
            os.kill(victim, signal.SIGCONT)
            self.freezes += 1
        else:
            self.kill(victim)

    def kill(self, victim: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
        self.alive.remove(victim)
        self.kills += 1

    def rest(self) -> None:
        """All workers end, the way a power cut ends them."""
        for victim in list(self.alive):
            self.kill(victim)


@contextmanager
def stormy(url: str, count: int, seed: int) -> Iterator[Storm]:
    command = [sys.executable, str(ROOT / "tests" / "jobs" / "worker.py"), url]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "POLARS_MAX_THREADS": "1"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, **pipes) as workers:  # type: ignore[call-overload]
        # several workers need a lease that is longer than their work; one alone waits out its own dead runs
        storm = Storm(workers, count, 60 if count > 1 else FASTEST, Random(seed))
        try:
            yield storm
        finally:
            storm.rest()
            workers.stdin.write("quit\n")
            workers.stdin.close()


def survive(database: Database, days: list[date], kills: int, count: int, seed: int) -> Storm:
    """The same days, each under blows until its work is done and enough were struck."""
    matters = found(database)
    with stormy(database.url, count, seed) as storm:
        for number, day in enumerate(days, start=1):
            live(database, matters, day)
            _one_day(database, storm, evening(day), kills * number // len(days))
    return storm


def _one_day(database: Database, storm: Storm, now: datetime, kills: int) -> None:
    deadline = time.monotonic() + BLOWS
    start, fast = now, storm.faster
    while storm.kills < kills:
        began = time.monotonic()
        storm.blow(start)
        # the next worker's clock goes on where this one's stopped
        start += timedelta(seconds=storm.faster * (time.monotonic() - began))
        assert time.monotonic() < deadline, "too few could be killed"
    storm.rest()
    storm.faster = min(fast, SLOWER)
    storm.fill(start + LEASE)  # what the dead had begun is taken over at once
    until(lambda: is_idle(database, now), REST)
    storm.rest()
    storm.faster = fast
    with database.system("test", writes=False) as session:
        assert session.get_one(Mark, "sweep").at < at(now.astimezone(ZoneInfo(ZONE)).date() + timedelta(days=1), 0)


# --- comparing --------------------------------------------------------------------------------------------------------


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    packs = few_packs()
    monkeypatch.setattr(evaluation, "switched_on", lambda *_folders: packs)
    log_lines.configure("critical")


def empty(database: Database, request: pytest.FixtureRequest) -> None:
    """Take everything out, as neither the application nor the owner of the tables may."""
    url = database.url
    if not database.is_sqlite:
        url = request.getfixturevalue("postgres_server").format(make_url(url).database)
    master = Database(url)
    with master.system("test") as session, session.begin():
        if master.is_sqlite:
            session.execute(text("pragma defer_foreign_keys=on"))
        else:
            session.execute(text("set local session_replication_role = replica"))
        for table in Base.metadata.tables.values():
            session.execute(table.delete())
    master.close()


def check_nothing_doubled(database: Database) -> None:
    with database.system("test", writes=False) as session:
        flags = session.scalar(select(func.count()).select_from(Flag))
        assert flags == session.scalar(select(func.count(Flag.key.distinct())))
        current = select(Span.key, Span.starts_at).where(Span.known_until.is_(None))
        places = session.execute(current).all()
        assert len(places) == len(set(places))
        assert session.scalar(select(func.count()).select_from(Dirty)) == 0
        for run in session.scalars(select(JobRun).where(JobRun.state == "FAILED")):
            assert run.error == "The process ended before the run did."
        slots = session.execute(select(JobRun.job, JobRun.run_key)).all()
        assert len(slots) == len(set(slots))


def check_flags_tell_the_truth(database: Database) -> None:
    """Whatever the calm county says: no flag is open whose span is over, and none is missing whose span holds."""
    with database.system("test", writes=False) as session:
        swept = session.get_one(Mark, "sweep").at
        cases = list(session.scalars(select(Case.id)))
        later = swept + timedelta(minutes=20)  # a worker may have evaluated after the last sweep
        assert not referee.flags_astray(session, cases, read_kept(session, cases), later)


def weather(database: Database, request: pytest.FixtureRequest, kills: int, days: int, seed: int) -> None:
    """A calm run and a stormy one over the same days must keep the same."""
    # Monday, Tuesday, Thursday, Sunday, and again: the days on which something becomes known
    span = [day for n in range(days) if (day := FIRST + timedelta(days=n)).weekday() in (0, 1, 3, 6)]
    calm(database, span)
    spans, flags = kept(database), all_flags(database)
    empty(database, request)
    storm = survive(database, span, kills, 1 if database.is_sqlite else 3, seed)

    print(f"{database.engine.dialect.name}: {storm.kills} kills, {storm.freezes} freezes, {len(flags)} flags")
    check_nothing_doubled(database)
    check_flags_tell_the_truth(database)
    assert kept(database) == spans
    assert all_flags(database) == flags
    assert len({state for _key, state, *_ in flags}) > 1, "some flags open, some closed"


def test_sixty_kills_lose_nothing_and_double_nothing(
    database: Database, few: None, request: pytest.FixtureRequest
):  # fmt: skip
    weather(database, request, kills=60, days=9, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_hundreds_of_kills_lose_nothing_and_double_nothing(
    database: Database, few: None, request: pytest.FixtureRequest, seed: int
):  # fmt: skip
    weather(database, request, kills=120, days=21, seed=seed + 2)
