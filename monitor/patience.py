"""How long a statement may take where people wait for it; jobs and commands take as long as they need.

PostgreSQL ends a statement itself; where it does not answer at all (frozen, its machine gone), the client gives up a
little later and closes the connection. SQLite works in our own process and is interrupted there.
"""

from __future__ import annotations

import time
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

UNTIL = "patience ends"
STEPS = 20_000  # of SQLite's machine between two looks at the clock: about a millisecond
BEYOND = 2.0  # seconds that the server has to end a statement itself before we hang up
CONNECTING = 3


def options(seconds: float) -> str:
    """What PostgreSQL is told when a connection opens; 0 seconds: no end."""
    return f" -c statement_timeout={int(seconds * 1000)}"


def hold_to(engine: Engine, seconds: float) -> None:
    """End every statement of this engine after so many seconds."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _look_at_the_clock)
        event.listen(engine, "before_cursor_execute", _from_now(seconds))
        event.listen(engine, "commit", _no_more)
        event.listen(engine, "rollback", _no_more)
    else:
        event.listen(engine, "do_connect", _connecting(seconds))


def _look_at_the_clock(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    info = entry.info

    def is_over() -> int:
        return int(time.monotonic() > info.get(UNTIL, float("inf")))

    connection.set_progress_handler(is_over, STEPS)


def _from_now(seconds: float) -> Any:
    def begins(connection: Connection, *_more: object) -> None:
        connection.info[UNTIL] = time.monotonic() + seconds

    return begins


def _no_more(connection: Connection) -> None:
    connection.info.pop(UNTIL, None)  # what was done in time is also committed


def _connecting(seconds: float) -> Any:
    class Impatient(psycopg.Connection[Any]):
        """Hangs up on a server that does not answer."""

        def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
            try:
                return super().wait(gen, interval, timeout or seconds + BEYOND)
            except psycopg.OperationalError:
                if self.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                    self.pgconn.finish()  # nobody knows what it is doing; it must not go back into the pool
                raise

    def connect(_dialect: object, _record: object, args: Any, options: Any) -> Any:
        return Impatient.connect(*args, **options)

    return connect
