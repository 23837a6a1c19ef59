"""A wall that stands already, whoever put it up."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.db import Database
from monitor.models import Wall


def put_up(database: Database, user: int, person: int, agency: int) -> int:
    """Wall ``user`` off from every case of ``person``."""
    with database.system("test: a wall") as session, session.begin():
        wall = Wall(
            user_id=user, person_id=person, agency_id=agency, sealed_why=b"", entered_by_id=1,
            entered_at=datetime(2026, 1, 12, tzinfo=UTC),
        )  # fmt: skip
        session.add(wall)
        session.flush()
        return wall.id
