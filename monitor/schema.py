"""Bringing a database to the newest revision, and asking whether it is there."""

from __future__ import annotations

from functools import cache

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from monitor.db import Database
from monitor.models import Base


def _config(database: Database, role: str = "") -> Config:
    config = Config()
    config.attributes["role"] = role
    config.set_main_option("script_location", "monitor:migrations")
    config.attributes["database"] = database
    return config


def upgrade(database: Database, revision: str = "head", *, role: str = "") -> None:
    """Migrate to ``revision``. Safe to run twice and from several processes at once.

    On PostgreSQL the policies of rows are laid anew, and ``role``, the one the application signs in as, is let in.
    """
    command.upgrade(_config(database, role), revision)


def downgrade(database: Database, revision: str) -> None:
    """Migrate back to ``revision``."""
    command.downgrade(_config(database), revision)


def current(database: Database) -> str | None:
    """The revision that the database is at; None when it is empty."""
    with database.migrating() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str | None:
    """The newest revision that this version of the software knows."""
    config = Config()
    config.set_main_option("script_location", "monitor:migrations")
    return ScriptDirectory.from_config(config).get_current_head()


def drift(database: Database) -> list[object]:
    """Differences between the models and the tables; an empty list when they agree."""
    with database.migrating() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))
