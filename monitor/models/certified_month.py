"""A month that a program has signed as complete and true."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OwnedByAgency, refers_to


class CertifiedMonth(HasId, OwnedByAgency, Base):
    """One month of one program, signed by somebody; never taken back. ``month`` is its first day.

    What is corrected afterwards is corrected row by row, each with its reason, and goes to whoever was told.
    """

    __tablename__ = "certified_month"
    __table_args__ = (
        UniqueConstraint("program_id", "month"),
        CheckConstraint("people >= 0", name="people"),
    )

    program_id: Mapped[int] = mapped_column(BigId, refers_to("program.id"))
    month: Mapped[date]
    people: Mapped[int]
    signed_as: Mapped[str] = mapped_column(String(120))
    certified_at: Mapped[datetime]
    certified_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
