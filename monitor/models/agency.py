"""Agencies: courts, probation offices, programs and the others of the coordinated response."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, HasId

AGENCY_KINDS = (
    "court", "probation", "program", "prosecution", "victim_witness", "law_enforcement", "dispatch",
    "advocacy", "medical", "coordination", "administration",
)  # fmt: skip


class Agency(HasId, Base):
    """One agency. ``kind`` decides which roles its people may hold (safeguard C1)."""

    __tablename__ = "agency"
    __table_args__ = (CheckConstraint(f"kind in {AGENCY_KINDS}", name="kind"),)

    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    zone: Mapped[str] = mapped_column(String(40))
