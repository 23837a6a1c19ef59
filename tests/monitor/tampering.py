"""A trail to tamper with, and the hand of somebody who owns the tables."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text

from monitor import audit
from monitor.db import Database
from tests.conftest import owned
from tests.web.accounts import SECRET

TABLES = "audit_entry", "audit_head", "audit_block"
KEY = audit.audit_key(SECRET)
NOW = datetime(2026, 11, 25, 8, 0, 0, 123456, tzinfo=UTC)


def write(database, count: int) -> None:
    for number in range(count):
        with database.system("test: an act") as session, session.begin():
            act = audit.Act(
                event="flag.read", subjects=(2**62 + number,), detail={"codes": "é", "n": number, "ok": True}
            )
            audit.append(session, act, KEY, NOW)


def tamper(database, *statements) -> None:
    """What only the owner of the tables could do: take the triggers away first."""
    owner = Database(owned(database.url))
    with owner.system("test: tamper") as session, session.begin():
        for lift in lifting(database):
            session.execute(text(lift))
        for statement in statements:
            session.execute(statement, execution_options={"synchronize_session": False})
        if not database.is_sqlite:
            session.execute(text("set constraints all immediate"))
        for table in () if database.is_sqlite else TABLES:
            session.execute(text(f"alter table {table} enable trigger user"))
    owner.close()


def lifting(database) -> list[str]:
    if not database.is_sqlite:
        return [f"alter table {table} disable trigger user" for table in TABLES]
    lifted = (
        "audit_entry_unchanged", "audit_entry_kept", "audit_head_forward", "audit_head_kept", "audit_block_unchanged",
        "audit_block_kept",
    )  # fmt: skip
    return [f"drop trigger if exists {name}" for name in lifted]
