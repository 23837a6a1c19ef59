"""Whether this installation can do its work."""

from __future__ import annotations

from monitor import schema
from monitor.db import Database


def ready(database: Database) -> bool:
    """The database answers, and holds the revision that this software needs."""
    return schema.current(database) == schema.head()
