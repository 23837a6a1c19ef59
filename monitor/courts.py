"""Courts, their judges, and the zones they keep time in."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.models import Agency, Court, Judge

FALLBACK = "UTC"
WHICH = "Several courts have a case of that number: say which court."


def zones_in_use(session: Session) -> list[str]:
    """The time zones of all agencies, at least one."""
    return sorted(set(session.scalars(select(Agency.zone)))) or [FALLBACK]


def courts_of(session: Session) -> list[tuple[str, str]]:
    """Code and name of each court, to choose from."""
    return [(row.code, row.name) for row in session.scalars(select(Court).order_by(Court.name))]


def judges_of(session: Session, court_id: int) -> tuple[tuple[int, str], ...]:
    """The judges of a court, id and name, by their names."""
    asked = select(Judge.id, Judge.name).where(Judge.court_id == court_id).order_by(Judge.name)
    return tuple((one.id, one.name) for one in session.execute(asked))
