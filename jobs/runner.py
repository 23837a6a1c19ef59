"""Runs what is due: plans slots, claims one run at a time, and keeps its effects only while it holds the lease."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from jobs.schedule import Job, schedule, slots
from jobs.work import LEASE, ToldToStop, Work
from monitor import job_queue
from monitor.again import again
from monitor.compliance.news import something_new
from monitor.config import Settings
from monitor.courts import zones_in_use
from monitor.db import Database
from monitor.traces import Traces

KEEP_RUNS = timedelta(days=7)
NEWS = "evaluate_news"

log = structlog.get_logger("jobs")


class Runner:
    """One worker. Any number of them may run against PostgreSQL, one against SQLite."""

    def __init__(
        self, database: Database, settings: Settings, clock: Callable[[], datetime], traces: Traces | None = None
    ) -> None:
        self.database, self.settings, self.clock, self.traces = database, settings, clock, traces
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.stopping = False

    def tick(self) -> int:
        """Plan what has come due and run all of it; returns how many runs ended well."""
        jobs = self.jobs()
        self.plan(jobs)
        done = 0
        while not self.stopping and (held := self._claim()) is not None:
            done += self._told(held, partial(self._run, held, jobs))
        return done

    def jobs(self) -> list[Job]:
        """The schedule, for the zones that agencies are in."""
        with self.database.system("which zones are in use", writes=False) as session:
            return schedule(zones_in_use(session))

    def plan(self, jobs: Sequence[Job]) -> None:
        """Write down the slots that came due since the newest on record, and news that should not wait for one."""
        now = self.clock()
        with self.database.system("planning job runs") as session, session.begin():
            paused = job_queue.paused(session, now)
            for job in jobs:
                if job.name not in paused:
                    job_queue.plan(session, job.name, slots(job, job_queue.last_slot(session, job.name), now))
            if something_new(session) and NEWS not in paused and not job_queue.waiting(session, NEWS):
                job_queue.plan(session, NEWS, [job_queue.Slot(f"news {now.isoformat()}", now)])
            job_queue.forget_done(session, now - KEEP_RUNS)

    def _claim(self) -> job_queue.Claim | None:
        with self.database.system("claiming a job run") as session, session.begin():
            return job_queue.claim(session, self.owner, self.clock(), LEASE)

    def _told(self, held: job_queue.Claim, run: Callable[[], bool]) -> bool:
        """Run it, and tell of it where the site wants traces."""
        began = time.time_ns()
        well = run()
        if self.traces:
            self.traces.tell(f"job {held.job}", began, time.time_ns(), {"monitor.attempt": held.attempt}, not well)
        return well

    def _run(self, held: job_queue.Claim, jobs: Sequence[Job]) -> bool:
        job = next((job for job in jobs if job.name == held.job), None)
        work = Work(self.database, self.settings, held, self.clock, lambda: self.stopping)
        try:
            if job is None:
                raise LookupError(f"no job is called {held.job}")
            totals = job.run(work)
            again(partial(self._finish, held, totals))
        except job_queue.LeaseLost:
            log.warning("run_taken_over", job=held.job, run_key=held.run_key)
            return False
        except ToldToStop:
            with self.database.system(f"job {held.job} goes back") as session, session.begin():
                job_queue.hand_back(session, held, self.clock())
            return False
        except Exception as error:  # one job's failure must not stop the others
            self._give_back(held, error)
            return False
        log.info("run_done", job=held.job, run_key=held.run_key, totals=totals)
        return True

    def _give_back(self, held: job_queue.Claim, error: Exception) -> None:
        where = place_of(error)
        log.error("run_failed", job=held.job, run_key=held.run_key, attempt=held.attempt, fault=where)
        again(partial(self._fail, held, where))

    def _finish(self, held: job_queue.Claim, totals: str) -> None:
        with self.database.system(f"job {held.job} is done") as session, session.begin():
            job_queue.finish(session, held, self.clock(), totals)

    def _fail(self, held: job_queue.Claim, where: str) -> None:
        with self.database.system(f"job {held.job} failed") as session, session.begin():
            job_queue.fail(session, held, self.clock(), where)


def run_pending(database: Database, settings: Settings, now: datetime) -> int:
    """Run everything that is due at ``now``, in this process; returns how many runs ended well."""
    return Runner(database, settings, lambda: now).tick()


def place_of(error: BaseException) -> str:
    """The type of a fault and where it arose; never its text, which may hold what a person typed."""
    error = error.__cause__ or error
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    module = trace.tb_frame.f_globals.get("__name__", "?")
    return f"{type(error).__name__} in {module}:{trace.tb_lineno}"
