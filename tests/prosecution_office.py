"""A prosecutor's office for tests: two missed classes and an excused one, reported by probation and let go to court."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from monitor.access.scope import Scope
from monitor.access.scoped_session import ScopedSession
from monitor.db import Database
from monitor.models import Agency, random_id
from tests.builders import absent, adjudicate, unexcused
from tests.monitor.filing import reported
from tests.office import NOW, Office, open_office, raise_flag

MISSED = (date(2026, 2, 9), date(2026, 2, 23))
EXCUSED = date(2026, 2, 16)


class Prosecution(msgspec.Struct):
    """``report``: what lies before it; ``agency``: its office."""

    office: Office
    agency: int
    report: int

    @property
    def database(self) -> Database:
        """The record."""
        return self.office.database

    @property
    def case(self) -> int:
        """The case of the report."""
        return self.office.matter.case

    def scoped(self, user: int = 1, *, writes: bool = False) -> ScopedSession:
        """A session of a prosecutor."""
        return self.database.scoped(Scope(user, "prosecutor", self.agency), writes=writes)


def open_prosecution(database: Database, **typed: Any) -> Prosecution:
    """Build it: the office of probation, its report, and the only office of prosecution."""
    office = open_office(database)
    agency = random_id()
    with database.system("test: two missed classes and an excused one") as session, session.begin():
        session.add(Agency(id=agency, kind="prosecution", name="Near Prosecutor", code="near-da", zone="UTC"))
        rows = unexcused(session, office.matter, *MISSED)
        away = absent(session, office.matter, EXCUSED)
        adjudicate(session, away, "EXCUSED", EXCUSED, why="MEDICAL")
        office.flags["missed"] = raise_flag(
            session, office.matter, "ABSENCE_UNEXCUSED", "B", about_id=rows[-1].id,
            evidence=[str(row.id) for row in rows], counter=[str(away.id)], count=2, first_on=MISSED[-1],
            provision="Example Code 1.2(a)",
        )  # fmt: skip
    report = reported(office, office.flags["missed"], NOW)
    assert office.to_court(office.flags["missed"], NOW, **typed) == report
    return Prosecution(office, agency, report)
