"""What strikes: a process dies before its next statement or just after its commit, or stands still for minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from sqlalchemy import event

from monitor.db import Database


class Death(BaseException):
    """The process is gone. Nothing catches it: what was not committed never was."""


class Process:
    """One process's own connections to the record, which end with it; the next one in its place opens its own.

    What SQLAlchemy compiled is kept from one to the next, as it costs more than all the rest and knows no row.
    """

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.connections: list[Any] = []
        event.listen(self.database.engine, "connect", lambda raw, _entry: self.connections.append(raw))

    def end(self) -> None:
        """Its connections are gone, in the middle of whatever they were in; nobody rolls back politely."""
        for raw in self.connections:
            raw.close()
        self.connections.clear()
        for pool in self.database.pools:  # readers too: the next world lies in another file of the same name
            pool.dispose()


@contextmanager
def dying(database: Database, statements: int) -> Iterator[None]:
    """Inside, the process dies before the statement with that number (COMMIT counts), if it comes so far."""
    left = [statements]

    def strike(connection: Any, *_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            # the driver gives its lock back only once its cursors are collected: a dead process has none
            connection.connection.dbapi_connection.rollback()
            raise Death

    with _listening(database.engine, strike, "before_cursor_execute", "commit"):
        yield


@contextmanager
def standing_still(database: Database, transactions: int, meanwhile: Callable[[], None]) -> Iterator[None]:
    """Inside, the process stands still before the transaction with that number, and the world goes on."""
    left = [transactions]

    def strike(*_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            meanwhile()

    with _listening_at_pools(database, strike):  # a connection is taken just before BEGIN
        yield


@contextmanager
def standing_still_once_read(database: Database, said: str, meanwhile: Callable[[], None]) -> Iterator[None]:
    """Inside, the process stands still once: after the transaction with a statement that begins so, before the next."""
    seen: list[bool] = []  # first that it was said, then that it stood still

    def see(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not seen and statement.startswith(said):
            seen.append(True)

    def strike(*_: Any) -> None:
        if len(seen) == 1:
            seen.append(True)
            meanwhile()

    with (
        _listening(database.engine, see, "before_cursor_execute"),
        _listening_at_pools(database, strike),
    ):
        yield


@contextmanager
def _listening_at_pools(database: Database, strike: Callable[..., None]) -> Iterator[None]:
    with ExitStack() as stack:
        for pool in database.pools:
            stack.enter_context(_listening(pool, strike, "checkout"))
        yield


@contextmanager
def _listening(target: Any, strike: Callable[..., None], *names: str) -> Iterator[None]:
    for name in names:
        event.listen(target, name, strike)
    try:
        yield
    finally:
        for name in names:
            event.remove(target, name, strike)
