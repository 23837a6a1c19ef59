"""What else a program decides about a place: leave ahead of time, a transfer taken over, a certificate."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, Fact, refers_to

TRANSFER_REASONS = ("MOVED", "SCHEDULE", "PROGRAM_CLOSED", "OTHER")
# who agreed, as the rule frames call them
AUTHORITIES = ("provider", "referrer", "probation", "court")


class Leave(Fact, Base):
    """One day of leave, approved on ``occurred_on``. ``approved_by``: words of `AUTHORITIES`, with commas."""

    __tablename__ = "leave"
    __table_args__ = (Index("ix_leave_enrollment_id_covers_on", "enrollment_id", "covers_on"),)

    enrollment_id: Mapped[int] = mapped_column(BigId, refers_to("enrollment.id"))
    occurred_on: Mapped[date]
    covers_on: Mapped[date]
    approved_by: Mapped[str] = mapped_column(String(60))


class Transfer(Fact, Base):
    """A person who comes from another program; ``occurred_on``: the start here. Whether credit comes along, a rule
    says, by the reason and by who agreed (``authorized_by``: words of `AUTHORITIES`, with commas, or nobody)."""

    __tablename__ = "transfer"
    __table_args__ = (CheckConstraint(f"why in {TRANSFER_REASONS}", name="why"),)

    enrollment_id: Mapped[int] = mapped_column(BigId, refers_to("enrollment.id"), index=True)
    from_program_id: Mapped[int] = mapped_column(BigId, refers_to("program.id"))
    to_program_id: Mapped[int] = mapped_column(BigId, refers_to("program.id"))
    occurred_on: Mapped[date]
    why: Mapped[str] = mapped_column(String(16))
    authorized_by: Mapped[str | None] = mapped_column(String(60))


class Certificate(Fact, Base):
    """The program certifies completion. ``reason`` holds why, where something that the duty asks for was missing."""

    __tablename__ = "certificate"

    enrollment_id: Mapped[int] = mapped_column(BigId, refers_to("enrollment.id"), index=True)
    occurred_on: Mapped[date]
