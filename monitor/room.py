"""Room in memory for a transaction that writes thousands of rows (SQLite).

A row with a random id changes a page of its own, and one in most indexes. What does not fit into the cache of 2 MB is
written to the log before its time, read back and written again: half of what such a writing cost.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

KIB: Final = 64 * 1024  # at most, and only as far as pages change
ROOM: Final = "room"  # in a connection's info: its cache before


def make_room(session: Session) -> None:
    """Give the session's connection a large cache until it goes back to its pool."""
    connection = session.connection()
    if connection.dialect.name == "sqlite" and ROOM not in connection.info:
        connection.info[ROOM] = connection.exec_driver_sql("pragma cache_size").scalar_one()
        connection.exec_driver_sql(f"pragma cache_size=-{KIB}")


def take_room_back(engine: Engine) -> None:
    """See to it that a connection of ``engine`` waits in its pool with the cache it came with."""
    event.listen(engine, "checkin", _as_before)


def _as_before(connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    before: Any = entry.info.pop(ROOM, None)
    if connection is not None and before is not None:
        connection.execute(f"pragma cache_size={before}")
