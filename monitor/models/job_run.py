"""Runs of jobs: the database is the queue, and decides whether anything happens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from monitor.models.base import Base, BigId, HasId, OfCase


class JobRun(HasId, Base):
    """One due run. ``run_key`` is the local date or time of the slot, so a doubled hour cannot run twice.

    ``slot_at`` is the instant the run was meant for; ``due_at`` moves on when a failed run is to be tried later.
    ``attempt`` is the fence: a run that lost its lease finds another number there and changes nothing.
    """

    __tablename__ = "job_run"
    __table_args__ = (
        UniqueConstraint("job", "run_key"),
        CheckConstraint("state in ('DUE', 'RUNNING', 'DONE', 'FAILED')", name="state"),
        Index("ix_job_run_state_due_at", "state", "due_at"),
        Index("ix_job_run_job_slot_at", "job", "slot_at"),
    )

    job: Mapped[str] = mapped_column(String(60))
    run_key: Mapped[str] = mapped_column(String(40))
    slot_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), default="DUE")
    owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    totals: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(String(400))


class Mark(Base):
    """A high-water mark: up to which instant the sweep has looked."""

    __tablename__ = "mark"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]


class Dirty(HasId, OfCase, Base):
    """A case about which something new became known; written with the fact, taken by the evaluator."""

    __tablename__ = "dirty"


class Outbox(HasId, Base):
    """An outward effect, written in the transaction that causes it. ``key`` is its natural key: sent once.

    ``channel``: "email" goes at once, "digest" is gathered into one letter a day, "webhook" goes to the endpoint
    ``recipient_id`` of an agency's software, ``subject`` its kind. ``why``: what caused it, for whoever gets it. While
    it is being sent it is DUE with ``lease_until`` ahead, and ``attempt`` fences it. FAILED: given up, a person looks;
    ``error`` is the kind of fault. SUSPECT: it may have been sent before a restore.
    DROPPED: a person decided that it is not sent.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("state in ('DUE', 'SENT', 'FAILED', 'SUSPECT', 'DROPPED')", name="state"),
        Index("ix_outbox_state_due_at", "state", "due_at"),
    )

    key: Mapped[str] = mapped_column(String(160))
    channel: Mapped[str] = mapped_column(String(12))
    recipient_id: Mapped[int | None] = mapped_column(BigId)
    subject: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8), default="DUE")
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(80))

    @validates("why")
    def _says_why(self, _name: str, why: str) -> str:
        """Nobody gets a notice that does not say why it was sent; a check of the table would stop an older version."""
        if not why:
            raise ValueError("a notice has to say why it is sent")
        return why
