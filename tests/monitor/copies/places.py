"""Empty places to which a copy can be put back, of each kind."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from monitor.copies.restoring import Target
from monitor.db import Database
from monitor.models import Base
from tests.conftest import APPLICATION, OWNER, _administer, as_role
from tests.monitor.test_removals import STAYS

MakePlace = Callable[[str], Target]


def all_rows(database: Database, leave_out: frozenset[str] = frozenset()) -> dict[str, list[bytes]]:
    """Every row of every table but those that a removal or a restore writes; JSON without its order."""
    with database.system("test: the whole record", writes=False) as session:
        return {
            table.name: sorted(
                msgspec.json.encode(list(row), order="sorted") for row in session.execute(sa.select(table))
            )
            for table in Base.metadata.sorted_tables if table.name not in STAYS | leave_out
        }  # fmt: skip


@contextmanager
def empty_postgres(server: str) -> Iterator[Target]:
    """A database without a table: its owner's address, and the application's."""
    name = f"r_{secrets.token_hex(6)}"
    _administer(server, f'create database "{name}" owner {OWNER}')
    try:
        yield Target(as_role(server.format(name), APPLICATION), as_role(server.format(name), OWNER))
    finally:
        _administer(server, f'drop database if exists "{name}" with (force)')


@contextmanager
def places(request: pytest.FixtureRequest, folder: Path) -> Iterator[MakePlace]:
    """Makes places of the kind named, and takes them away in the end."""
    with ExitStack() as stack:

        def make(kind: str) -> Target:
            if kind == "sqlite":
                return Target(f"sqlite:///{folder}/back-{secrets.token_hex(4)}.db")
            request.getfixturevalue("postgres_template")  # makes the roles
            return stack.enter_context(empty_postgres(request.getfixturevalue("postgres_server")))

        yield make
