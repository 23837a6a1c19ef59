"""Two hands in one instant, the same each time: neither act is written before both have come as far as they can."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text

from monitor.db import Database
from tests.conftest import owned

LONGEST = 3.0  # seconds: a request waits five for a lock, and is refused then
WAITING = text("""select pid, query from pg_stat_activity
    where datname = current_database() and pid in (select pid from pg_locks where not granted)""")


def at_once(database: Database, acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each of ``acts`` answered, in their order, where all were asked at once.

    On PostgreSQL the audit trail is held until each waits for it, or for another of them: an act that asked "is it done
    already?" before it had the lock has heard no by then. Whoever waits for another must do so before reading, not at
    the writing: what was read until then may be of two moments. On SQLite a writer is alone anyway.
    """
    with ThreadPoolExecutor(len(acts)) as hands, _held(database) as until:
        running = [hands.submit(act) for act in acts]
        waits = until(running)
    answers = [one.result(timeout=120) for one in running]
    late = [query for query in waits if "audit_entry" not in query and not query.lower().startswith("select")]
    assert not late, f"it waited only when it wrote: {late}"
    return answers


@contextmanager
def _held(database: Database) -> Iterator[Callable[[list[Future[Any]]], list[str]]]:
    if database.is_sqlite:
        yield lambda running: []
        return
    owner, beside = Database(owned(database.url), 1), Database(database.url, 1)
    with beside.system("test: who waits") as watch, owner.system("test: the trail is held") as holding, holding.begin():
        holding.execute(text("lock table audit_entry in share row exclusive mode"))

        def until(running: list[Future[Any]]) -> list[str]:
            late, waits = time.monotonic() + LONGEST, dict[int, str]()
            while time.monotonic() < late and len(waits) < sum(not one.done() for one in running):
                time.sleep(0.01)
                waits = {row.pid: row.query for row in watch.execute(WAITING)}
                watch.rollback()
            return list(waits.values())

        yield until
    owner.close()
    beside.close()
