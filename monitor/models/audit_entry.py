"""The audit trail: who did what, in the same transaction as the act, sealed one by one or in blocks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, refers_to


class AuditEntry(HasId, Base):
    """One act. ``number`` orders entries and is never shown; ``subjects`` are ids, never names or text.

    In a chain (SQLite) ``number`` has no gap and ``previous`` is the seal of the entry before. On PostgreSQL ``xid`` is
    the transaction that wrote it and ``cluster`` whose transaction numbers those are; ``previous`` is empty.

    ``outcome``: done, or what stood against it (`monitor.audit.Outcome`). ``component``: web, command or job.
    ``session_mark`` tells sessions of one user apart and is no token; ``asked_from`` is the machine's network address.
    How long it took and how much was sent stands in the log, under the same ``request_id``.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_audit_entry_sealing", "cluster", "xid"),
        # when somebody last did something is looked up: what an officer reads in a year is 25,000 entries
        Index("ix_audit_entry_user_id_event_at", "user_id", "event", "at"),
    )

    number: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))
    agency_id: Mapped[int | None] = mapped_column(BigId, refers_to("agency.id"), index=True)
    event: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(10), default="done")
    component: Mapped[str] = mapped_column(String(10), default="web")
    session_mark: Mapped[str | None] = mapped_column(String(16))
    asked_from: Mapped[str | None] = mapped_column(String(45))
    subjects: Mapped[list[Any]] = mapped_column(default=list)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    request_id: Mapped[str | None] = mapped_column(String(40))
    previous: Mapped[bytes] = mapped_column(LargeBinary(32))
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))
    xid: Mapped[int | None] = mapped_column(BigId)
    cluster: Mapped[int | None] = mapped_column(BigId)


class AuditBlock(Base):
    """Entries that were sealed together: those of ``cluster`` from ``low_xid`` to ``high_xid`` (half-open).

    ``total``: sealed entries up to and with this block. ``previous``: the seal of the block before, or the head of the
    chain that there was before there were blocks.
    """

    __tablename__ = "audit_block"

    number: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    cluster: Mapped[int] = mapped_column(BigId)
    low_xid: Mapped[int] = mapped_column(BigId)
    high_xid: Mapped[int] = mapped_column(BigId)
    entries: Mapped[int] = mapped_column(BigId)
    total: Mapped[int] = mapped_column(BigId)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    previous: Mapped[bytes] = mapped_column(LargeBinary(32))
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))
    sealed_at: Mapped[datetime]


class AuditHead(Base):
    """The number and seal of the newest entry of a chain; one row, locked while an entry is added."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigId)
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))
