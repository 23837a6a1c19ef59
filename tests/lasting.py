"""Connections to the tests' PostgreSQL outlive the test that opened them, and are wiped: each new one is a process that
reads the catalogue and plans every statement anew, which took more of the processor than what the test asked."""

from __future__ import annotations

import os
from threading import Lock
from typing import Any, NamedTuple

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event

MOST = 4  # laid by of one kind; whatever a test opened beyond is closed


class Kind(NamedTuple):
    """Who is signed in to which database, and what the server was told."""

    host: str
    database: str
    user: str
    options: str


class Shelf:
    """Connections that nobody uses: to databases that tests take turns with, for as long as those stand."""

    def __init__(self) -> None:
        self.databases: set[str] = set()
        self.lock = Lock()
        self.kept: dict[Kind, list[psycopg.Connection]] = {}
        os.register_at_fork(after_in_child=self._is_a_child)

    def _is_a_child(self) -> None:
        # they are the parent's: neither used here nor closed
        self.lock, self.kept, self.parents = Lock(), {}, self.kept

    def serve(self, engine: Engine) -> None:
        """What this engine closes is laid by, and what it opens was laid by, if anything was."""
        event.listen(engine, "do_connect", self._take)
        engine.dialect.do_close = self.lay_by  # type: ignore[method-assign, assignment]

    def _take(self, _dialect: Any, _entry: Any, _words: Any, told: dict[str, Any]) -> psycopg.Connection | None:
        kind = Kind(*(str(told.get(word, "")) for word in ("host", "dbname", "user", "options")))
        while True:
            with self.lock:
                if not self.kept.get(kind):
                    return None
                found = self.kept[kind].pop()
            if _wiped(found):
                return found
            found.close()

    def lay_by(self, connection: psycopg.Connection) -> None:
        """In place of closing it, if it is sound and its database is one of those."""
        if not connection.closed and connection.info.dbname in self.databases and _wiped(connection):
            info = connection.info
            with self.lock:
                same = self.kept.setdefault(Kind(info.host, info.dbname, info.user, info.options), [])
                if len(same) < MOST:
                    same.append(connection)
                    return
        connection.close()

    def pids(self) -> list[int]:
        """The processes behind them."""
        with self.lock:
            return [one.info.backend_pid for some in self.kept.values() for one in some if not one.closed]

    def let_go(self, database: str) -> None:
        """Close what leads to a database that is about to be dropped."""
        self.databases.discard(database)
        with self.lock:
            there = [kind for kind in self.kept if kind.database == database]
            for connection in [one for kind in there for one in self.kept.pop(kind)]:
                connection.close()


def _wiped(connection: psycopg.Connection) -> bool:
    """Nothing of its session is left: settings, locks, statements, tables of its own. False: it is no good."""
    if connection.pgconn.transaction_status != TransactionStatus.IDLE:
        return False
    try:
        connection.set_isolation_level(None)
        connection.set_read_only(None)
        connection.set_autocommit(True)
        connection.execute("discard all")
        connection.set_autocommit(False)
    except psycopg.Error:
        return False
    connection._notice_handlers.clear()
    return True


SHELF = Shelf()
