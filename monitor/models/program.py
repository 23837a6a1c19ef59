"""Batterer intervention programs, their groups and class meetings."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OwnedByAgency, refers_to

USUAL_MINUTES = 120  # of a class whose length nobody entered


class Program(HasId, OwnedByAgency, Base):
    """One program of an agency. Its written policy's numbers are `PolicyTerm` rows."""

    __tablename__ = "program"

    name: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(40), unique=True)


class Group(HasId, OwnedByAgency, Base):
    """A weekly group. ``weekday`` is 0 for Monday; ``code`` is what the program writes on its sheets."""

    __tablename__ = "program_group"
    __table_args__ = (
        UniqueConstraint("program_id", "code"),
        CheckConstraint("weekday between 0 and 6", name="weekday"),
    )

    program_id: Mapped[int] = mapped_column(BigId, refers_to("program.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    weekday: Mapped[int]
    starts_at: Mapped[time]
    minutes: Mapped[int] = mapped_column(default=USUAL_MINUTES)
    language: Mapped[str | None] = mapped_column(String(8))


class GroupSession(HasId, OwnedByAgency, Base):
    """One class meeting. A meeting the program cancelled, known from ``cancelled_at`` on, is nobody's absence."""

    __tablename__ = "group_session"
    __table_args__ = (
        UniqueConstraint("group_id", "held_on", "number"),
        CheckConstraint("state in ('SCHEDULED', 'HELD', 'CANCELLED')", name="state"),
        CheckConstraint("(state = 'CANCELLED') = (cancelled_at is not null)", name="cancelled"),
    )

    group_id: Mapped[int] = mapped_column(BigId, refers_to("program_group.id"), index=True)
    held_on: Mapped[date] = mapped_column(index=True)
    number: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(10), default="SCHEDULED")
    cancelled_at: Mapped[datetime | None]
