"""What every evaluation stands on: of several processes that find it new at once, one says so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from monitor.compliance.ground import add_mark

NOW = datetime(2026, 11, 25, 8, 0, 0, tzinfo=UTC)


def test_of_eight_processes_that_write_one_mark_exactly_one_did(database):
    def write(_turn: int) -> bool:
        with database.system("test: a mark") as session, session.begin():
            return add_mark(session, "ground 1", NOW)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(write, range(8))) == 1
