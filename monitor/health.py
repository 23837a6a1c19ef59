"""Whether this installation can do its work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from monitor import schema
from monitor.access.row_policies import are_laid, role_faults
from monitor.config import Settings, SettingsError
from monitor.db import Database
from monitor.models import Base
from monitor.watch import MOST_SKEW

OLD_POLICIES = "Row-level security is not that of this version; run `monitor db upgrade`."
CLOCKS = "The clocks of this machine and of the database are {apart} apart: set them right, then start again."
log = logging.getLogger("monitor")


def ready(database: Database) -> bool:
    """The database answers, and holds the revision that this software needs. Reads, and so waits for nobody."""
    with database.system("is it ready?", writes=False) as session:
        held: str | None = session.scalar(text("select version_num from alembic_version"))
        return held == schema.head()


def row_faults(database: Database) -> list[str]:
    """Why PostgreSQL's own policies of rows do not hold the application; empty on SQLite, which has none."""
    if database.is_sqlite:
        return []
    with database.migrating() as connection:
        laid = are_laid(connection, Base.metadata)
        return role_faults(connection) + ([] if laid else [OLD_POLICIES])


def clock_faults(database: Database, clock: Callable[[], datetime]) -> list[str]:
    """Whether this machine's clock and the database's differ by more than `MOST_SKEW`; SQLite has no clock of its own.

    The database's instant has to lie between ours before and after asking, so that a slow answer is no fault.
    """
    if database.is_sqlite:
        return []
    with database.migrating() as connection:
        before = clock()
        theirs = connection.execute(text("select clock_timestamp()")).scalar_one()
        apart = max(before - theirs, theirs - clock())
    return [CLOCKS.format(apart=apart)] if apart > MOST_SKEW else []


def refuse_unheld(settings: Settings, database: Database, clock: Callable[[], datetime]) -> None:
    """Before anything is served: raise `SettingsError` where policies of rows do not hold, or clocks differ (I-07).

    A site on http is warned.

    A database that is away is no reason not to start: readiness tells of it.
    """
    try:
        faults = row_faults(database) + clock_faults(database, clock)
    except OperationalError:
        return
    if faults and settings.secure:
        raise SettingsError(" ".join(faults))
    for fault in faults:
        log.warning(fault)
