"""The audit trail: who did what, in the same transaction as the act, each entry sealed to the one before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, refers_to


class AuditEntry(HasId, Base):
    """One act. ``number`` orders the chain and is never shown; ``subjects`` are ids, never names or text.

    ``outcome``: done, or what stood against it (`monitor.audit.Outcome`). ``component``: web, command or job.
    ``session_mark`` tells sessions of one user apart and is no token; ``asked_from`` is the machine's network address.
    How long it took and how much was sent stands in the log, under the same ``request_id``.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("number"),)

    number: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"), index=True)
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


class AuditHead(Base):
    """The newest entry's number and seal; one row, locked while an entry is added."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigId)
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))
