"""A quarter's measures for the command line: published by the machine, read as anybody reads them."""

from __future__ import annotations

from datetime import datetime

from monitor import audit
from monitor.config import Settings
from monitor.db import Database
from monitor.handoffs.targets import site_targets
from monitor.measures.quarters import Quarter
from monitor.measures.release import Release, counted, drawable, keep, release


def publish_quarter(database: Database, settings: Settings, quarter: Quarter, now: datetime) -> bool:
    """Count it and keep it; False: it is there already, or cannot be drawn up yet."""
    with database.system("a quarter's measures") as session, session.begin():
        if quarter not in drawable(session, now):
            return False
        keep(session, quarter, counted(session, quarter, site_targets(settings.targets_file)), None, now)
        if settings.secret_key:
            act = audit.Act(event="measure.drawn_up", user_id=None, agency_id=None, component="command",
                            detail={"quarter": quarter.name})  # fmt: skip
            audit.append(session, act, audit.audit_key(settings.secret_key), now)
    return True


def read_quarter(database: Database, quarter: Quarter) -> Release | None:
    """What was published; None: nothing yet."""
    with database.system("a quarter's measures as published", writes=False) as session:
        return release(session, quarter)
