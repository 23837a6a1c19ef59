"""Whether this installation can do its work."""

from __future__ import annotations

import logging

from sqlalchemy.exc import OperationalError

from monitor import schema
from monitor.access.row_policies import are_laid, role_faults
from monitor.config import Settings, SettingsError
from monitor.db import Database
from monitor.models import Base

OLD_POLICIES = "Row-level security is not that of this version; run `monitor db upgrade`."
log = logging.getLogger("monitor")


def ready(database: Database) -> bool:
    """The database answers, and holds the revision that this software needs."""
    return schema.current(database) == schema.head()


def row_faults(database: Database) -> list[str]:
    """Why PostgreSQL's own policies of rows do not hold the application; empty on SQLite, which has none."""
    if database.is_sqlite:
        return []
    with database.migrating() as connection:
        laid = are_laid(connection, Base.metadata)
        return role_faults(connection) + ([] if laid else [OLD_POLICIES])


def refuse_unheld(settings: Settings, database: Database) -> None:
    """Before anything is served: raise `SettingsError` where policies of rows do not hold; a site on http is warned.

    A database that is away is no reason not to start: readiness tells of it.
    """
    try:
        faults = row_faults(database)
    except OperationalError:
        return
    if faults and settings.secure:
        raise SettingsError(" ".join(faults))
    for fault in faults:
        log.warning(fault)
