"""What an officer asks a program about one class of one person, and what the program answers: codes, and no words."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to

QUESTION_KINDS = ("SHEET_MISSING", "NOT_RECORDED", "CHECK_ENTRY", "WHY_ABSENT")
QUESTION_ANSWERS = (
    "RECORDED", "SOON", "NO_CLASS", "NOT_EXPECTED", "STANDS", "CORRECTED", "NO_REASON", "WITH_ENTRY", "ON_PAPER",
    "TAKEN_BACK",
)  # fmt: skip


class ProgramQuestion(HasId, OfCase, OwnedByAgency, Base):
    """``agency_id``: the program's, which answers; ``from_agency_id``: the office that asks. Nobody else reads it.

    There is no column for words, nor for why it is asked. ``answer`` is written once, by the program or, taken back, by
    the office; ``read_at``: since when somebody of the office has read the answer.
    """

    __tablename__ = "program_question"
    __table_args__ = (
        CheckConstraint(f"kind in {QUESTION_KINDS}", name="kind"),
        CheckConstraint(f"answer is null or answer in {QUESTION_ANSWERS}", name="answer"),
        CheckConstraint("(answer is null) = (answered_at is null)", name="answered"),
        CheckConstraint("read_at is null or answer is not null", name="read"),
    )

    from_agency_id: Mapped[int] = mapped_column(BigId, refers_to("agency.id"), index=True)
    enrollment_id: Mapped[int] = mapped_column(BigId, refers_to("enrollment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    about_on: Mapped[date]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    answer: Mapped[str | None] = mapped_column(String(12))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))
    read_at: Mapped[datetime | None]
    read_by_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))
