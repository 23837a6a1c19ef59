"""The decision on an absence: by the officer, or by the program's word where a pack says its policy decides."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, Fact, refers_to

DECISIONS = ("PENDING_EVIDENCE", "EXCUSED", "UNEXCUSED", "ATTENDED_NOT_COMPLIED", "NOT_COUNTED", "RESCHEDULED")
EXCUSE_REASONS = (
    "COURT_LEGAL", "EMPLOYMENT", "FAMILY_CHILDCARE", "HOLIDAY", "MEDICAL", "RELIGIOUS", "IN_CUSTODY",
    "WEATHER_OR_TRANSIT", "MILITARY", "PROFESSIONAL_JUDGEMENT",
)  # fmt: skip


class Adjudication(Fact, Base):
    """A decision on one version of an attendance fact; a new version re-opens the question.

    ``evidence_due_on``: by when evidence was asked for; ``evidence_received_on``: when it came; ``evidence_accepted``:
    whether it holds, None until somebody has looked at it. What it says is not kept (no medical detail).
    """

    __tablename__ = "adjudication"
    __table_args__ = (
        CheckConstraint(f"decision in {DECISIONS}", name="decision"),
        CheckConstraint("decided_by in ('OFFICER', 'PROGRAM', 'COURT')", name="decided_by"),
        CheckConstraint(f"why is null or why in {EXCUSE_REASONS}", name="why"),
        CheckConstraint("decision <> 'EXCUSED' or why is not null", name="excused_needs_why"),
    )

    attendance_id: Mapped[int] = mapped_column(BigId, refers_to("attendance.id"), index=True)
    decision: Mapped[str] = mapped_column(String(22))
    decided_by: Mapped[str] = mapped_column(String(8))
    why: Mapped[str | None] = mapped_column(String(24))
    words: Mapped[str | None] = mapped_column(String(300))
    evidence_due_on: Mapped[date | None]
    evidence_received_on: Mapped[date | None]
    evidence_accepted: Mapped[bool | None]
    occurred_on: Mapped[date]
