"""A docket for the command line: read as the clerk of that court would, and recorded."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from monitor import audit
from monitor.access.roles import Role
from monitor.access.scope import Scope
from monitor.db import Database
from monitor.docket import docket
from monitor.docket.page import Docket
from monitor.models import Court

NOBODY = 0  # the command line is no user


def read_docket(
    database: Database, site_secret: str, court: str, day: date, known_at: datetime, now: datetime
) -> Docket | None:
    """The docket through a clerk's scope, so that no flag shows that nobody reviewed. None: no such court."""
    with database.system("docket: whose court a code names", writes=False) as session:
        agency = session.scalar(select(Court.agency_id).where(Court.code == court))
    if agency is None:
        return None
    with database.scoped(Scope(NOBODY, Role.CLERK, agency)) as session:
        found = docket(session, court, day, known_at)
    if found and site_secret:
        _record(database, site_secret, agency, found, now)
    return found


def _record(database: Database, site_secret: str, agency: int, found: Docket, now: datetime) -> None:
    subjects = tuple(line.hearing_id for line in found.lines)
    act = audit.Act(event="docket.read", user_id=None, agency_id=agency, subjects=subjects, component="command")
    with database.system("docket: the look is recorded") as session, session.begin():
        audit.append(session, act, audit.audit_key(site_secret), now)
