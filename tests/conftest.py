"""Fixtures for every test: a database of one's own on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import settings

from monitor import log_lines
from monitor.db import Database
from monitor.models import Base
from monitor.schema import upgrade
from tests.lasting import SHELF
from tests.pgtemp import temporary_server
from tests.thrift import leave_be, save_work

# on a busy machine a slow moment says nothing about a property
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
save_work()

def pytest_collection_finish() -> None:
    leave_be()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Which tests go to one worker together; only where several run."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from tests.together import Together

    return Together(config, log)


TEMPLATE = "monitor_template"
OWNER, APPLICATION = "monitor_test_owner", "monitor_test_app"
PASSWORD = secrets.token_hex(16)


@pytest.fixture(autouse=True)
def log_let_go() -> Iterator[None]:
    """A test that aims the log at what it reads leaves nothing for the next one to write into: it is closed by then."""
    yield
    log_lines.configure("critical")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "monitor.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server, ``{}`` in place of the database; ours, or MONITOR_TEST_DATABASE_URL."""
    given = os.environ.get("MONITOR_TEST_DATABASE_URL")
    if given:
        yield sa.make_url(given).set(database="{}").render_as_string(hide_password=False).replace("%7B%7D", "{}")
    else:
        with temporary_server() as url:
            yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a migrated PostgreSQL database, to be copied: one role owns it, another works with its rows."""
    name = f"{TEMPLATE}_{secrets.token_hex(4)}"
    for role in (OWNER, APPLICATION):
        _administer(postgres_server, MAKE_ROLE.format(role=role, password=PASSWORD))
    _administer(postgres_server, f'create database "{name}" owner {OWNER}')
    database = Database(as_role(postgres_server.format(name), OWNER))
    upgrade(database, role=APPLICATION)
    database.close()
    yield name
    _administer(postgres_server, f'drop database if exists "{name}" with (force)')


MAKE_ROLE = """do $$ begin
    if not exists (select from pg_roles where rolname = '{role}') then create role {role}; end if;
    alter role {role} login password '{password}' nosuperuser nobypassrls nocreatedb nocreaterole;
end $$"""


def as_role(url: str, role: str) -> str:
    """The same database, signed in to as another role."""
    return sa.make_url(url).set(username=role, password=PASSWORD).render_as_string(hide_password=False)


def _administer(server: str, statement: str) -> None:
    engine = sa.create_engine(server.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


class PostgresPool:
    """One PostgreSQL database, emptied between tests: copying a template for each would take a second a test."""

    def __init__(self, server: str, template: str) -> None:
        self.server, self.template, self.name = server, template, ""
        self.broom: psycopg.Connection | None = None

    def take(self) -> str:
        if not self.name:
            self.name = f"t_{secrets.token_hex(6)}"
            _administer(self.server, f'create database "{self.name}" template "{self.template}" owner {OWNER}')
            SHELF.databases.add(self.name)
        return self.server.format(self.name)

    def give_back(self) -> None:
        try:
            self._empty()
        except psycopg.Error:  # the test changed the tables themselves
            self.drop()

    def drop(self) -> None:
        if self.broom:
            self.broom.close()
            self.broom = None
        if self.name:
            SHELF.let_go(self.name)
            _administer(self.server, f'drop database if exists "{self.name}" with (force)')
            self.name = ""

    def _empty(self) -> None:
        # one connection and one prepared function for all tests: a new one would read the catalogue every time
        if self.broom is None:
            url = sa.make_url(self.server.format(self.name)).set(drivername="postgresql")
            self.broom = psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)
            body = " ".join(EMPTIED.format(name=name) for name in Base.metadata.tables)
            self.broom.execute(EMPTYING.format(body=body))
        self.broom.execute("select pg_temp.empty(%s)", (SHELF.pids(),))


EMPTIED = 'if exists (select from "{name}") then delete from "{name}"; end if;'
EMPTYING = """create function pg_temp.empty(spared int[]) returns void language plpgsql as $f$ begin
    perform pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and pid <> all(spared);
    perform set_config('lock_timeout', '5s', true), set_config('session_replication_role', 'replica', true);
    {body}
end $f$"""


@pytest.fixture(scope="session")
def postgres_pool(postgres_server: str, postgres_template: str) -> Iterator[PostgresPool]:
    """The PostgreSQL database that tests take turns with."""
    pool = PostgresPool(postgres_server, postgres_template)
    yield pool
    pool.drop()


@contextmanager
def empty_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The URL of an empty, migrated database of the kind that the fixture's parameter names."""
    if request.param == "sqlite":
        path = folder / "monitor.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    pool: PostgresPool = request.getfixturevalue("postgres_pool")
    # as in production: a role that owns nothing and that the policies of rows hold
    yield as_role(pool.take(), APPLICATION)
    pool.give_back()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty, migrated database: each test runs on both kinds."""
    with empty_database(request, tmp_path) as url:
        yield url


def owned(url: str) -> str:
    """The same database by the role that may change its tables."""
    return url if url.startswith("sqlite") else as_role(url, OWNER)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty, migrated database on each kind."""
    database = Database(database_url)
    yield database
    database.close()
