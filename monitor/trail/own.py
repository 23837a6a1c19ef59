"""A person's own trail: everybody may see what is kept of what they did (access matrix, row 17)."""

from __future__ import annotations

from datetime import date

import msgspec
from sqlalchemy.orm import Session

from monitor.models import AuditEntry
from monitor.trail.entries import MOST, Entry, entries, on_day


class Trail(msgspec.Struct, frozen=True):
    """Acts of one local day, newest first; ``cut``: there were more than a page holds."""

    day: date
    entries: list[Entry]
    cut: bool


def own_day(session: Session, user_id: int, day: date, zone: str) -> Trail:
    """What one person did on a day."""
    return _trail(day, entries(session, AuditEntry.user_id == user_id, on_day(day, zone), named=False))


def agency_day(session: Session, agency_id: int, day: date, zone: str) -> Trail:
    """What the people of one agency did on a day; for its privacy officer."""
    return _trail(day, entries(session, AuditEntry.agency_id == agency_id, on_day(day, zone)))


def _trail(day: date, found: list[Entry]) -> Trail:
    return Trail(day, found, len(found) == MOST)
