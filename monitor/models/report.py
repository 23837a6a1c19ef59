"""What a reporter owes and sent, and the days a roster covers."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, Fact, refers_to

REPORT_KINDS = (
    "NONCOMPLIANCE", "PROGRESS", "ENROLLMENT_PROOF", "DISCHARGE_NOTICE", "SUMMARY", "EXIT_SUMMARY",
    "EXIT_SUMMARY_COPY", "PROGRAM_CHOICE", "POLICE_REPORT",
)  # fmt: skip
REPORT_PARTIES = ("PERSON", "PROGRAM", "PROBATION", "COURT", "PROSECUTOR", "REFERRER")


class Report(Fact, Base):
    """A notice or filing. ``about_id`` is the fact it tells of (an attendance id), where there is one."""

    __tablename__ = "report"
    __table_args__ = (
        CheckConstraint(f"kind in {REPORT_KINDS}", name="kind"),
        CheckConstraint(f"sent_by in {REPORT_PARTIES}", name="sent_by"),
        CheckConstraint(f"sent_to in {REPORT_PARTIES}", name="sent_to"),
    )

    kind: Mapped[str] = mapped_column(String(20))
    sent_by: Mapped[str] = mapped_column(String(10))
    sent_to: Mapped[str] = mapped_column(String(10))
    occurred_on: Mapped[date]
    about_id: Mapped[int | None] = mapped_column(BigId)
    enrollment_id: Mapped[int | None] = mapped_column(BigId, refers_to("enrollment.id"), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Coverage(Fact, Base):
    """The program says its sheets for these days, half-open, are complete for this person."""

    __tablename__ = "coverage"
    __table_args__ = (
        CheckConstraint("covers_to > covers_from", name="span"),
        Index("ix_coverage_enrollment_id_covers_from", "enrollment_id", "covers_from"),
    )

    enrollment_id: Mapped[int] = mapped_column(BigId, refers_to("enrollment.id"))
    covers_from: Mapped[date]
    covers_to: Mapped[date]
    upload_id: Mapped[int | None] = mapped_column(BigId, refers_to("upload.id"), index=True)
