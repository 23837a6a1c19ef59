"""What an administrator sees of the outbox, and the two acts on it: try again, and decide after a restore."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from monitor.models import Agency, Outbox

MAIL: Final = ("email", "digest")
DROPS: Final = "drop"
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
    """Counts of letters: what waits, the last week's, and what needs a person; ``suspect`` counts other words, too."""
    mail = Outbox.channel.in_(MAIL)
    by_state = select(Outbox.state, func.count(Outbox.id)).where(mail).group_by(Outbox.state)
    rows_by_state = session.execute(by_state).all()
    counted: Mapping[str, int] = {state: number for state, number in rows_by_state}
    gone = mail, Outbox.state == "SENT", Outbox.sent_at > now - SINCE
    sent = session.scalar(select(func.count(Outbox.id)).where(*gone))
    waits = mail, Outbox.state == "DUE", Outbox.due_at <= now
    oldest = session.scalar(select(func.min(Outbox.due_at)).where(*waits))
    failed = select(Outbox.subject, Outbox.why, Outbox.attempt, Outbox.error).where(mail, Outbox.state == "FAILED")
    held = session.scalar(select(func.count(Outbox.id)).where(Outbox.state == "SUSPECT"))
    rows = session.execute(failed.order_by(Outbox.due_at.desc()).limit(MOST))
    return OutboxState(
        counted.get("DUE", 0), sent or 0, counted.get("FAILED", 0), held or 0, oldest,
        oldest is not None and oldest < now - LATE, tuple(GivenUp(*row[:3], row.error or "") for row in rows),
    )  # fmt: skip


class LostFile(msgspec.Struct, frozen=True):
    """A packet that could not be written: whose folder, how often it was tried, and the kind of fault."""

    agency: str
    tries: int
    error: str


class DropState(msgspec.Struct, frozen=True):
    """Packets for the registry: how many wait, were written in seven days, and how many of those were acknowledged."""

    waiting: int
    written: int
    acknowledged: int
    given_up: tuple[LostFile, ...]


def drop_state(session: Session, now: datetime) -> DropState:
    """Counts alone, and of each packet that was given up whose folder and why; nothing of any case."""
    of_all = select(func.count(Outbox.id)).where(Outbox.channel == DROPS)
    gone = of_all.where(Outbox.state == "SENT", Outbox.sent_at > now - SINCE)
    lost = (
        select(Agency.name, Outbox.attempt, Outbox.error).join(Agency, Agency.id == Outbox.recipient_id)
        .where(Outbox.channel == DROPS, Outbox.state == "FAILED").order_by(Outbox.due_at.desc()).limit(MOST)
    )  # fmt: skip
    return DropState(
        session.scalar(of_all.where(Outbox.state == "DUE")) or 0, session.scalar(gone) or 0,
        session.scalar(gone.where(Outbox.error.is_not(None))) or 0,
        tuple(LostFile(row[0], row[1], row[2] or "") for row in session.execute(lost)),
    )  # fmt: skip


def try_again(session: Session, now: datetime) -> int:
    """Put every letter and every file that was given up back in line; how many."""
    ours = Outbox.channel.in_((*MAIL, DROPS))
    return _move(session, "FAILED", ours, state="DUE", due_at=now, attempt=0, lease_until=None)


def decide_restored(session: Session, send: bool, now: datetime) -> int:
    """After a restore: send what may have been sent already, or drop it; how many."""
    if send:
        return _move(session, "SUSPECT", state="DUE", due_at=now, attempt=0, lease_until=None)
    return _move(session, "SUSPECT", state="DROPPED", error="dropped after a restore")


def _move(session: Session, standing: str, *which: ColumnElement[bool], **values: Any) -> int:
    """Row by row: a person's session changes rows that it has read, never in bulk."""
    rows = session.scalars(select(Outbox).where(Outbox.state == standing, *which)).all()
    for row in rows:
        for name, value in values.items():
            setattr(row, name, value)
    session.flush()
    return len(rows)
