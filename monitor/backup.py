"""Consistent copies of an SQLite database, and putting one back without overwriting or sending anything twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url, update

from monitor.db import Database
from monitor.models import AuthSession, Outbox


class BackupError(ValueError):
    """The copy cannot be made or put back; the text says why and what to do."""


def back_up(database: Database, file: Path) -> None:
    """Copy a database in use to a new file. PostgreSQL has its own tools (docs/operate.md)."""
    if not database.is_sqlite:
        raise BackupError("This database is PostgreSQL: use pg_dump -Fc, as docs/operate.md says.")
    if file.exists():
        raise BackupError(f"{file} is there already; choose another name.")
    with closing(sqlite3.connect(_path(database.url))) as source, closing(sqlite3.connect(file)) as copy:
        source.backup(copy)
        if copy.execute("pragma integrity_check").fetchone() != ("ok",):
            raise BackupError("The copy is damaged; the disk may be failing.")


def restore(url: str, file: Path) -> None:
    """Put a copy where ``url`` points. Everybody is signed out, and notices that waited are held as suspect."""
    if make_url(url).get_backend_name() != "sqlite":
        raise BackupError("This database is PostgreSQL: use pg_restore, as docs/operate.md says.")
    target = Path(_path(url))
    if target.exists():
        raise BackupError(f"{target} is there already. Move it away first; nothing is overwritten.")
    with closing(sqlite3.connect(file)) as copy:
        if copy.execute("pragma integrity_check").fetchone() != ("ok",):
            raise BackupError(f"{file} is not a sound copy of a database.")
        # only now: a refused copy must leave nothing behind that blocks the next try
        with closing(sqlite3.connect(target)) as restored:
            copy.backup(restored)
    _hold_back(url)


def _hold_back(url: str) -> None:
    database = Database(url)
    with database.system("after a restore: nothing is sent twice, nobody stays signed in") as session, session.begin():
        session.execute(update(Outbox).where(Outbox.state == "DUE").values(state="SUSPECT"))
        session.execute(update(AuthSession).values(revoked_at=AuthSession.created_at))
    database.close()


def _path(url: str) -> str:
    path = make_url(url).database
    if not path or path == ":memory:":
        raise BackupError("The database is not a file.")
    return path
