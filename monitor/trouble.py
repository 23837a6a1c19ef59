"""What kind of trouble the database has, told from its error: away, slow or full. Each ends by itself or by a person.

Whatever was asked is not done then; asking again later is right, so the web answers 503 and says when.
"""

from __future__ import annotations

import sqlite3
from enum import StrEnum

from psycopg import Error as PostgresError
from psycopg import OperationalError as PostgresOperationalError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

# primary result codes of SQLite (sqlite.org/rescode.html) and classes of SQLSTATE (PostgreSQL, appendix A)
_OF_SQLITE = {
    sqlite3.SQLITE_BUSY: "slow", sqlite3.SQLITE_LOCKED: "slow", sqlite3.SQLITE_INTERRUPT: "slow",
    sqlite3.SQLITE_FULL: "full", sqlite3.SQLITE_IOERR: "full", sqlite3.SQLITE_CANTOPEN: "away",
}  # fmt: skip
_OF_POSTGRES = {
    "53100": "full", "57014": "slow", "55P03": "slow", "40001": "slow", "40P01": "slow", "53200": "away",
    "53300": "away", "57P01": "away", "57P02": "away", "57P03": "away", "58030": "full",
}  # fmt: skip


class Trouble(StrEnum):
    """AWAY: it does not answer. SLOW: others are in the way, or it took too long. FULL: nothing can be written."""

    AWAY = "away"
    SLOW = "slow"
    FULL = "full"


def trouble_of(error: BaseException) -> Trouble | None:
    """The trouble behind an error; None where it is of another kind, which is ours to mend."""
    if isinstance(error, PoolTimeout):
        return Trouble.SLOW
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)
        return _named(_OF_SQLITE.get(code & 0xFF)) if code is not None else None
    if isinstance(cause, PostgresError):
        return _of_postgres(cause)
    return None


def _of_postgres(cause: PostgresError) -> Trouble | None:
    state = cause.sqlstate or ""
    if found := _named(_OF_POSTGRES.get(state)):
        return found
    # no state at all: the connection itself broke, or never came about
    broken = state.startswith("08") or (not state and isinstance(cause, PostgresOperationalError))
    return Trouble.AWAY if broken else None


def _named(word: str | None) -> Trouble | None:
    return Trouble(word) if word else None
