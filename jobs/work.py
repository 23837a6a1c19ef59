"""What a job works with: the database, its slot, and transactions that stand only while it holds its lease."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from monitor import job_queue
from monitor.compliance.moves import record_moves
from monitor.config import Settings
from monitor.db import Database

LEASE = timedelta(minutes=2)


class ToldToStop(Exception):
    """The process is to end; the run goes back to the queue between two transactions."""


class Work:
    """One run under way. ``slot_at`` is the instant the run was meant for, whenever it is made up."""

    def __init__(
        self, database: Database, settings: Settings, held: job_queue.Claim, clock: Callable[[], datetime],
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        self.database, self.settings, self.held, self.clock, self.stopping = database, settings, held, clock, stopping

    @property
    def slot_at(self) -> datetime:
        return self.held.slot_at

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """One consistent picture of the record; locks nobody out."""
        if self.stopping():
            raise ToldToStop(self.held.job)
        with self.database.system(f"job {self.held.job} reads", writes=False) as session, session.begin():
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """A transaction whose effects stand only if the run is still ours when it ends; renews the lease.

        The audit trail tells in it which flags moved.
        """
        with self.database.system(f"job {self.held.job}") as session, session.begin():
            yield session
            session.flush()
            if not job_queue.renew(session, self.held, self.clock(), LEASE):
                raise job_queue.LeaseLost(f"{self.held.job} {self.held.run_key} was taken over")
            record_moves(session, self.settings.secret_key, self.clock(), "job")
