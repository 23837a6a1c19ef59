"""How Alembic reaches our database: batch mode on SQLite, one migrator at a time on PostgreSQL."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from monitor.access import row_policies
from monitor.config import load_settings
from monitor.db import Database
from monitor.models import Base
from monitor.models.base import UtcInstant

ADVISORY_LOCK = 0x4D6F6E  # any constant of our own; two upgrades at once wait for one another


def _render(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    # old migrations must never import our code
    if kind == "type" and isinstance(item, UtcInstant):
        return "sa.DateTime(timezone=True)"
    return False


def _moves() -> bool:
    head = context.script.get_current_head()
    try:
        wanted = context.get_revision_argument()
    except KeyError:  # a new revision is being drafted
        return False
    return not (context.get_context().get_current_revision() == wanted == head)


def _guard_rows(connection: sa.Connection, role: str) -> None:
    # the policies say what the newest models say; on the way to an older revision there are none
    if context.get_context().get_current_revision() != context.script.get_current_head():
        row_policies.lift(connection)
        return
    row_policies.lay(connection, Base.metadata)
    if role:
        row_policies.grant(connection, role)


def run() -> None:
    """Migrate the database of the settings, or the one that the caller put in ``attributes``."""
    database = context.config.attributes.get("database") or Database(load_settings().database_url)
    with database.migrating() as connection:
        if not database.is_sqlite:
            connection.execute(sa.text(f"select pg_advisory_xact_lock({ADVISORY_LOCK})"))
        context.configure(
            connection=connection, target_metadata=Base.metadata, render_as_batch=database.is_sqlite,
            render_item=_render, compare_type=True, transaction_per_migration=False,
        )  # fmt: skip
        if not database.is_sqlite and _moves():
            row_policies.lift(connection)  # they name columns and tables that may change
        context.run_migrations()
        if not database.is_sqlite:
            _guard_rows(connection, context.config.attributes.get("role", ""))


run()
