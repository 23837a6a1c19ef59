"""Attendance: what the program saw. Whether an absence is excused is an `Adjudication`."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import CheckConstraint, Index, String, literal, text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, Fact, refers_to

OUTCOMES = (
    "PRESENT", "PRESENT_LATE", "LEFT_EARLY", "ABSENT", "SENT_AWAY_BEHAVIOUR", "SENT_AWAY_PROVIDER",
    "SESSION_CANCELLED",
)  # fmt: skip
SESSION_KINDS = ("GROUP", "INDIVIDUAL", "INTAKE", "ORIENTATION")
# an absence as the index of absences says it, for statements that ask for them: of a parameter SQLite would plan the
# statement anew at every run (0.6 ms for a strip of hand-offs), and PostgreSQL's general plan not use the index
ABSENT: Final[Any] = literal("ABSENT", String, literal_execute=True)


class Attendance(Fact, Base):
    """One person at one class meeting.

    ``outcome`` is the fact. ``program_says`` keeps the program's own code (P L LN D SX E U ABS M C N J I of the sheet
    vocabulary), because "excused" on a sheet is what the program says, not a decision. ``source`` tells where it came
    from ("roster.csv:14", "grid"). Not recorded at all is no row: never an absence.
    """

    __tablename__ = "attendance"
    __table_args__ = (
        CheckConstraint(f"outcome in {OUTCOMES}", name="outcome"),
        CheckConstraint(f"session_kind in {SESSION_KINDS}", name="session_kind"),
        CheckConstraint("minutes_late is null or minutes_late >= 0", name="minutes_late"),
        Index("ix_attendance_enrollment_id_occurred_on", "enrollment_id", "occurred_on"),
        # what became known of a case since some hour, without a look at its classes of before
        Index("ix_attendance_case_id_recorded_at", "case_id", "recorded_at"),
        # absences with all that a list tells of them: a case's classes lie scattered over the pages of the table
        Index(
            "ix_attendance_absent", "case_id", "outcome", "retracted", "enrollment_id", "occurred_on", "recorded_at",
            "program_says", sqlite_where=text("outcome = 'ABSENT'"), postgresql_where=text("outcome = 'ABSENT'"),
        ),
    )  # fmt: skip

    case_id: Mapped[int] = mapped_column(BigId, refers_to("court_case.id"), sort_order=-19)  # indexed above
    enrollment_id: Mapped[int] = mapped_column(BigId, refers_to("enrollment.id"))
    group_session_id: Mapped[int | None] = mapped_column(BigId, refers_to("group_session.id"))
    occurred_on: Mapped[date]
    number: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[str] = mapped_column(String(20))
    program_says: Mapped[str] = mapped_column(String(4))
    session_kind: Mapped[str] = mapped_column(String(12), default="GROUP")
    minutes: Mapped[int | None]
    minutes_late: Mapped[int | None]
    makeup_for_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(String(300))
    source: Mapped[str] = mapped_column(String(120))
    upload_id: Mapped[int | None] = mapped_column(BigId, refers_to("upload.id"), index=True)
