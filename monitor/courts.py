"""Courts and the zones they keep time in."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.models import Agency

FALLBACK = "UTC"


def zones_in_use(session: Session) -> list[str]:
    """The time zones of all agencies, at least one."""
    return sorted(set(session.scalars(select(Agency.zone)))) or [FALLBACK]
