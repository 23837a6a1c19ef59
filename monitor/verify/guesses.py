"""A caller's name can be tried, and so it can be guessed: fifteen tries in a minute are no caller (safeguard B10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.access.scope import Scope
from monitor.models import AuditEntry
from monitor.trail.alarm import tell_privacy

EVENT, BY_MACHINE = "caller.matched", "order.looked_up"
TRIED = "caller"  # in the detail of a machine's question: that a caller's name was tried, and never which
STOPPED = "guessing"  # in the detail of an entry that says so
IN_A_MINUTE = 14  # the fifteenth stops
MINUTE = timedelta(minutes=1)


def guessing(session: Session, user_id: int, now: datetime) -> bool:
    """Whether this account has used up the tries of a minute, by what the trail says of it."""
    tries = sa.select(sa.func.count()).select_from(AuditEntry).where(
        AuditEntry.at > now - MINUTE, (AuditEntry.user_id + 0) == user_id, AuditEntry.event == EVENT
    )  # fmt: skip
    return (session.scalar(tries) or 0) >= IN_A_MINUTE


def machine_guessing(session: Session, mark: str, now: datetime) -> bool:
    """The same of a machine, known by its mark: of its questions those count that tried a caller's name."""
    asked = sa.select(AuditEntry.detail).where(
        AuditEntry.at > now - MINUTE, AuditEntry.session_mark == mark, AuditEntry.event == BY_MACHINE
    )
    return sum(bool(detail.get(TRIED)) for detail in session.scalars(asked)) >= IN_A_MINUTE


def tell(session: Session, who: Scope, now: datetime, machine_id: int | None = None) -> int:
    """One notice an hour to each privacy officer of the agency, or of all where it has none; how many were written."""
    hour = now.astimezone(UTC).strftime("%Y-%m-%dT%H")
    return tell_privacy(session, f"guess:{hour}:{machine_id or who.user_id}", who.agency_id, now)
