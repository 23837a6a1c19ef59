"""Connections that outlive a test bring nothing of it into the next."""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy as sa

from monitor.db import Database
from tests.conftest import APPLICATION, as_role
from tests.lasting import SHELF

ASKED = sa.text("""
    select pg_backend_pid(), current_setting('lock_timeout'), current_setting('app.read', true),
        (select count(*) from pg_prepared_statements), (select count(*) from pg_locks where locktype = 'advisory'),
        to_regclass('pg_temp.behind') is null, (select count(*) from pg_listening_channels())
""")

LEFT = (
    "set lock_timeout = '1s'", "set app.read = '*'", "select pg_advisory_lock(7)", "listen behind",
    "create temporary table behind (id int)", "prepare behind as select 1",
)  # fmt: skip


@pytest.fixture
def url(postgres_pool):
    yield as_role(postgres_pool.take(), APPLICATION)
    postgres_pool.give_back()


def asked(url):
    database = Database(url)
    with database.plainly("test: what a session is told") as connection:
        told = connection.execute(ASKED).one()
    database.close()
    return told


def test_the_next_test_gets_the_same_process_and_nothing_that_was_done_in_it(url):
    before = asked(url)
    database = Database(url)
    with database.plainly("test: a session that is left as it is") as connection:
        assert connection.exec_driver_sql("select pg_backend_pid()").scalar() == before[0], "it was kept"
        for statement in LEFT:
            connection.exec_driver_sql(statement)
    database.close()
    assert asked(url) == before


def test_what_is_in_the_middle_of_something_or_was_ended_is_not_kept(url):
    database = Database(url)
    held = database.engine.raw_connection()
    held.cursor().execute("select 1")
    SHELF.lay_by(held.driver_connection)
    assert held.driver_connection.closed, "a transaction was open"
    held.invalidate()
    database.close()
    ended = asked(url)[0]
    with psycopg.connect(sa.make_url(url).set(drivername="postgresql").render_as_string(False), autocommit=True) as one:
        one.execute("select pg_terminate_backend(%s)", (ended,))
    assert asked(url)[0] != ended, "another one is opened, and nobody notices"
