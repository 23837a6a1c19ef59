"""What a job works with: the database, its due time, and transactions that stand only while it holds its lease."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from monitor import job_queue
from monitor.config import Settings
from monitor.db import Database

LEASE = timedelta(minutes=2)


class Work:
    """One run under way. ``due_at`` is the instant the run was due, whenever it is made up."""

    def __init__(
        self, database: Database, settings: Settings, held: job_queue.Claim, clock: Callable[[], datetime]
    ) -> None:
        self.database, self.settings, self.held, self.clock = database, settings, held, clock

    @property
    def due_at(self) -> datetime:
        return self.held.due_at

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """A transaction whose effects stand only if the run is still ours when it ends; renews the lease."""
        with self.database.system(f"job {self.held.job}") as session, session.begin():
            yield session
            session.flush()
            if not job_queue.renew(session, self.held, self.clock(), LEASE):
                raise job_queue.LeaseLost(f"{self.held.job} {self.held.run_key} was taken over")
