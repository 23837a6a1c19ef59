"""PostgreSQL's policies of rows are taken away for a change of tables and laid again, and then are what they were."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, text

from monitor.access.row_policies import are_laid, lay, lift
from monitor.db import Database
from monitor.models import Base
from tests.conftest import owned

pytestmark = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
POLICIES = "select tablename, policyname, cmd, qual, with_check from pg_policies order by tablename, policyname"
HELD = "select relname from pg_class where relnamespace = current_schema()::regnamespace and relforcerowsecurity"
OURS = r"select proname from pg_proc where proname like 'monitor\_%' order by proname"
ROWS = "select oid from pg_policy order by oid"


@pytest.fixture
def owner(database: Database) -> Iterator[Connection]:
    """Who owns the tables, in a transaction that leaves nothing behind."""
    engine = sa.create_engine(owned(database.url))
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def read(connection: Connection) -> list[list[object]]:
    return [list(map(tuple, connection.execute(text(what)).all())) for what in (POLICIES, HELD, OURS)]


def test_what_was_taken_away_for_a_migration_is_laid_again_to_the_letter(owner: Connection) -> None:
    policies, held, functions = read(owner)
    assert policies and held and functions
    lift(owner)
    assert read(owner) == [[], [], []]
    assert not are_laid(owner, Base.metadata)
    lay(owner, Base.metadata)
    again = read(owner)
    assert again[0] == policies
    assert sorted(again[1]) == sorted(held)
    assert again[2] == functions
    assert are_laid(owner, Base.metadata)


def test_policies_that_are_there_already_are_not_touched(owner: Connection) -> None:
    before = owner.scalars(text(ROWS)).all()
    lay(owner, Base.metadata)
    assert owner.scalars(text(ROWS)).all() == before


def test_policies_of_an_earlier_version_go_and_none_of_them_stays_beside_ours(owner: Connection) -> None:
    owner.execute(text("create policy scope_of_old on contact for select using (true)"))
    owner.execute(text("comment on function monitor_reads_all() is 'earlier'"))
    lay(owner, Base.metadata)
    assert "scope_of_old" not in {row[1] for row in read(owner)[0]}, "one that lets everything through would win"
