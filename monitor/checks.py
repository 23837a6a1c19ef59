"""Is the database sound? Revision, tables, integrity, audit chain; and does the record hold what cannot be?"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from monitor import audit, schema
from monitor.db import Database
from monitor.health import row_faults
from monitor.soundness import broken, rules


def check_database(database: Database, site_secret: str) -> list[str]:
    """Faults in sentences; an empty list when there are none."""
    if schema.current(database) != schema.head():
        return [f"The tables are at revision {schema.current(database)}; run `monitor db upgrade`."]
    faults = [f"A table differs from its model: {difference}." for difference in schema.drift(database)]
    faults += row_faults(database)
    with database.system("checking the database", writes=False) as session:
        if database.is_sqlite:
            faults += _sqlite_faults(session.execute(text("pragma integrity_check")).scalars().all())
            if session.execute(text("pragma foreign_key_check")).first():
                faults.append("A row refers to one that is not there; restore a copy.")
        if site_secret:
            verdict = audit.verify(session, audit.audit_key(site_secret))
            if verdict.broken_at is not None:
                faults.append(f"The audit trail breaks at entry {verdict.broken_at}: {verdict.why}.")
    return faults


def check_record(database: Database) -> list[str]:
    """What cannot be on record and is, in sentences. A drill does not ask: a copy is as good as what it was made of."""
    with database.system("checking the record", writes=False) as session:
        found = [(rule.name, number) for rule in rules() if (number := broken(session, rule))]
    return [f"What cannot be is on record: {name} ({number})." for name, number in found]


def _sqlite_faults(lines: Sequence[str]) -> list[str]:
    return [] if list(lines) == ["ok"] else ["The database file is damaged; restore a copy."]
