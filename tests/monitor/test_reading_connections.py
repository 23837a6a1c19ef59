"""Connections of readers: on SQLite they are others than those of whoever writes, and cannot write at all."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from monitor.db import Database
from monitor.models import Agency


def heard(database: Database, writes: bool) -> list[str]:
    """What goes to the database while one session reads agencies."""
    told: list[str] = []
    hear = lambda _connection, _cursor, statement, *_: told.append(statement)  # noqa: E731
    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        with database.system("test: what is sent", writes=writes) as session:
            session.scalars(select(Agency.id)).all()
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)
    return told


def test_a_reader_cannot_write_whatever_was_written_before_it_on_either_database(database):
    with database.system("test: a writer first") as session, session.begin():
        session.execute(text("delete from job_run"))
    for _ in range(2):
        with database.system("test: a reader", writes=False) as session:
            with pytest.raises(DBAPIError, match=r"readonly|read-only"):
                session.execute(text("delete from job_run"))
    with database.system("test: and a writer again") as session, session.begin():
        session.execute(text("delete from job_run"))


def test_nothing_that_makes_sqlite_forget_its_statements_goes_before_a_read(database):
    sent = heard(database, writes=False)
    assert len([one for one in sent if one.startswith("SELECT")]) == 1
    assert not [one for one in sent if "pragma" in one.lower()]


def test_readers_and_writers_of_sqlite_hold_different_connections(database):
    if not database.is_sqlite:
        assert len(database.pools) == 1
        return
    writing, reading = database.pools
    with database.system("test: a reader", writes=False) as reader, database.system("test: a writer") as writer:
        reader.scalars(select(Agency.id)).all()
        writer.scalars(select(Agency.id)).all()
        assert (writing.checkedout(), reading.checkedout()) == (1, 1)
    assert (writing.checkedout(), reading.checkedout()) == (0, 0)
