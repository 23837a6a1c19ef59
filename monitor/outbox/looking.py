"""What an administrator sees of the outbox, and the two acts on it: try again, and decide after a restore."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitor.models import Outbox

LATE: Final = timedelta(minutes=15)
MOST: Final = 20
SINCE: Final = timedelta(days=7)


class GivenUp(msgspec.Struct, frozen=True):
    """A notice that could not be sent. ``error``: the kind of fault; neither recipient nor words."""

    subject: str
    why: str
    tries: int
    error: str


class OutboxState(msgspec.Struct, frozen=True):
    """How many notices are in each state. ``late``: some wait for more than a quarter of an hour."""

    waiting: int
    sent: int
    failed: int
    suspect: int
    oldest: datetime | None
    late: bool
    given_up: tuple[GivenUp, ...]


def outbox_state(session: Session, now: datetime) -> OutboxState:
    """Counts of what waits, of the last week's letters, and of what needs a person."""
    rows_by_state = session.execute(select(Outbox.state, func.count(Outbox.id)).group_by(Outbox.state)).all()
    counted: Mapping[str, int] = {state: number for state, number in rows_by_state}
    sent = session.scalar(select(func.count(Outbox.id)).where(Outbox.state == "SENT", Outbox.sent_at > now - SINCE))
    oldest = session.scalar(select(func.min(Outbox.due_at)).where(Outbox.state == "DUE", Outbox.due_at <= now))
    failed = select(Outbox.subject, Outbox.why, Outbox.attempt, Outbox.error).where(Outbox.state == "FAILED")
    rows = session.execute(failed.order_by(Outbox.due_at.desc()).limit(MOST))
    return OutboxState(
        counted.get("DUE", 0), sent or 0, counted.get("FAILED", 0), counted.get("SUSPECT", 0), oldest,
        oldest is not None and oldest < now - LATE, tuple(GivenUp(*row[:3], row.error or "") for row in rows),
    )  # fmt: skip


def try_again(session: Session, now: datetime) -> int:
    """Put everything that was given up back in line; how many."""
    return _move(session, "FAILED", state="DUE", due_at=now, attempt=0, lease_until=None)


def decide_restored(session: Session, send: bool, now: datetime) -> int:
    """After a restore: send what may have been sent already, or drop it; how many."""
    if send:
        return _move(session, "SUSPECT", state="DUE", due_at=now, attempt=0, lease_until=None)
    return _move(session, "SUSPECT", state="FAILED", error="dropped after a restore")


def _move(session: Session, standing: str, **values: Any) -> int:
    """Row by row: a person's session changes rows that it has read, never in bulk."""
    rows = session.scalars(select(Outbox).where(Outbox.state == standing)).all()
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)
    session.flush()
    return len(rows)
