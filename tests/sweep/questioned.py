"""Of the county of the sweeps: what its officer asked the program about a class, still open."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from monitor.models import ProgramQuestion, random_id
from tests.builders import Matter, Town


def questioned(session: Session, town: Town, matter: Matter, officer: int, now: datetime) -> None:
    """One that waits for the program's answer."""
    session.add(ProgramQuestion(
        id=random_id(), case_id=matter.case, agency_id=town.program_agency, from_agency_id=town.office,
        enrollment_id=matter.enrollment, kind="SHEET_MISSING", about_on=(now - timedelta(days=9)).date(),
        asked_at=now - timedelta(days=4), asked_by_id=officer, answer=None, answered_at=None, answered_by_id=None,
        read_at=None, read_by_id=None,
    ))  # fmt: skip
    session.flush()
