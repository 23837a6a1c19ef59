"""An older version at work beside newer tables: what it wrote and read before an upgrade, it writes and reads after it.

A new version is brought in while the old one still runs (security/bars J-11). That is safe where a migration only adds:
tables, and columns that may stay empty. One that asks more of what an older version writes needs a stop, and says so
in `docs/operate.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from monitor import schema
from monitor.copies.restoring import Target, _no_triggers
from monitor.db import Database
from tests.conftest import APPLICATION
from tests.monitor.copies.places import places
from tests.sweep import county

ROOT = Path(__file__).resolve().parents[3]
OLDEST = "0030"  # versions from here on are held beside the newest tables; docs/operate.md names it
# migrations that an older version does not survive, and why; the same numbers stand in docs/operate.md
STOPS: dict[str, str] = {}
# written by the database itself, or by a migration
OWN = {"alembic_version"}
WORKED_ON = ("outbox", "job_run", "upload", "flag", "assignment", "enrollment", "app_user")
CONSTRAINTS = ("get_multi_unique_constraints", "get_multi_check_constraints", "get_multi_foreign_keys")
QUOTED = re.compile(r"'([\w.]+)'(?:::[\w ]+)?(?:\[\])?,? *")
TRIGGERS = {
    "sqlite": "select tbl_name, sql from sqlite_master where type = 'trigger'",
    "postgresql": "select relname, pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = tgrelid "
                  "where not tgisinternal",
}  # fmt: skip
Columns = dict[str, tuple[str, bool, bool]]  # kind, may be empty, has a default


class Shape(msgspec.Struct):
    """What a database asks of whoever writes: columns by table, and constraints by table, in words."""

    columns: dict[str, Columns]
    constraints: dict[str, set[str]]


def revisions() -> list[str]:
    """From the first to the newest."""
    config = Config()
    config.set_main_option("script_location", "monitor:migrations")
    return [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()][::-1]


def shape_of(database: Database) -> Shape:
    with database.migrating() as connection:
        looked = sa.inspect(connection)
        columns = {
            table: {one["name"]: (str(one["type"]), one["nullable"], one["default"] is not None) for one in found}
            for (_, table), found in looked.get_multi_columns().items()
        }
        constraints: dict[str, set[str]] = {table: set() for table in columns}
        for kind in CONSTRAINTS:
            for (_, table), found in getattr(looked, kind)().items():
                constraints[table] |= {"; ".join(f"{key}: {one[key]}" for key in sorted(one)) for one in found}
        for (_, table), indexes in looked.get_multi_indexes().items():
            constraints[table] |= {f"unique {one['column_names']}" for one in indexes if one["unique"]}
        for table, words in connection.execute(sa.text(TRIGGERS[connection.dialect.name])):
            constraints[table].add(words)
    return Shape(columns, constraints)


def asked_of_older(before: Shape, after: Shape) -> list[str]:
    """What the newer shape asks that an older version does not know."""
    asked = [f"{table} is gone" for table in before.columns.keys() - after.columns.keys()]
    for table in before.columns.keys() & after.columns.keys():
        asked += [f"{table}.{words}" for words in _of_columns(before.columns[table], after.columns[table])]
        more = after.constraints[table] - before.constraints[table]
        fresh = after.columns[table].keys() - before.columns[table].keys()
        more = {one for one in more if not any(f"constrained_columns: ['{name}']" in one for name in fresh)}
        wider = {frame_of(one): words_in(one) for one in before.constraints[table]}
        asked += [f"{table}: {one}" for one in more if not words_in(one) >= wider.get(frame_of(one), {one})]
    return sorted(asked)


def words_in(constraint: str) -> set[str]:
    """The words of a list: ``state in ('NEW', 'SENT')``."""
    return set(QUOTED.findall(constraint))


def frame_of(constraint: str) -> str:
    """All but those words: a list that grew asks nothing of whoever writes the old ones."""
    return QUOTED.sub("", constraint)


def _of_columns(old: Columns, new: Columns) -> Iterator[str]:
    yield from (f"{name} is gone" for name in old.keys() - new.keys())
    for name in new.keys() - old.keys():
        _kind, empty, default = new[name]
        if not (empty or default):
            yield f"{name} is asked for"
    for name in old.keys() & new.keys():
        if old[name][0] != new[name][0]:
            yield f"{name} is of another kind"
        if old[name][1] and not new[name][1]:
            yield f"{name} may not be empty"


@pytest.fixture
def newer(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Any:
    """An empty place of the same kind as ``database``."""
    with places(request, tmp_path) as make:
        yield make("sqlite" if database.is_sqlite else "postgres")


def grown(place: Target) -> tuple[sa.MetaData, dict[str, list[str]]]:
    """Bring a place from `OLDEST` to the newest, step by step: the tables of then, and what each step asks of them."""
    owner, old, asked = Database(place.owner_url or place.url), sa.MetaData(), {}
    schema.upgrade(owner, OLDEST)
    with owner.migrating() as connection:
        old.reflect(connection)
    before = shape_of(owner)
    for step in revisions()[revisions().index(OLDEST) + 1:]:
        schema.upgrade(owner, step, role="" if owner.is_sqlite else APPLICATION)
        after = shape_of(owner)
        if words := asked_of_older(before, after):
            asked[step] = words
        before = after
    owner.close()
    return old, asked


@pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)], indirect=True
)  # fmt: skip
def test_an_older_version_writes_and_reads_as_before_beside_newer_tables(database: Database, newer: Target) -> None:
    county.build(database)
    old, asked = grown(newer)
    assert asked.keys() == STOPS.keys(), asked
    tables = [table for table in old.sorted_tables if table.name not in OWN]
    with database.system("test: all that an older version would have written", writes=False) as session:
        rows = {table.name: [dict(row._mapping) for row in session.execute(sa.select(table))] for table in tables}
    assert sum(map(bool, rows.values())) > 50, "the county has something of nearly everything"

    beside = Database(newer.owner_url or newer.url)
    # triggers judge acts of people, step by step; these rows are what such acts left
    with beside.migrating() as connection, _no_triggers(connection):
        for table in tables:
            if rows[table.name]:
                connection.execute(table.delete())
                connection.execute(table.insert(), rows[table.name])
            if table.name in WORKED_ON:
                connection.execute(table.update().values({c: c for c in table.columns if not c.primary_key}))
    with beside.migrating() as connection:
        for table in tables:
            read = [dict(row._mapping) for row in connection.execute(sa.select(table))]
            assert sorted(map(repr, read)) == sorted(map(repr, rows[table.name])), table.name
    beside.close()


def test_what_only_adds_asks_nothing_and_what_asks_more_is_noticed() -> None:
    list_of = "name: ck_state; sqltext: state in ('NEW', 'SENT')"
    before = Shape({"letter": {"id": ("INTEGER", False, False), "to": ("TEXT", True, False)}}, {"letter": {list_of}})

    def with_(columns: Columns, *constraints: str) -> list[str]:
        return asked_of_older(before, Shape({"letter": before.columns["letter"] | columns}, {"letter": {*constraints}}))

    assert with_({"why": ("TEXT", True, False), "n": ("INTEGER", False, True)}, list_of) == []
    assert with_({}, "name: ck_state; sqltext: state in ('NEW', 'SENT', 'DROPPED')") == []
    assert with_({}, "name: ck_state; sqltext: state in ('NEW', 'DROPPED')") != []
    assert with_({}, list_of, "name: ck_to; sqltext: to <> ''") != []
    assert with_({"why": ("TEXT", False, False)}, list_of) == ["letter.why is asked for"]
    assert with_({"to": ("TEXT", False, False)}, list_of) == ["letter.to may not be empty"]
    assert asked_of_older(before, Shape({}, {})) == ["letter is gone"]


def test_migrations_that_need_a_stop_are_named_where_an_operator_reads() -> None:
    told = (ROOT / "docs" / "operate.md").read_text()
    assert all(f"`{step}`" in told for step in STOPS)
