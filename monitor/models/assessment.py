"""A level that a trained assessor found with a named tool: the level and its days, never how it was reached (G6)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, Fact, HasId, refers_to

# as packs call them
LEVELS = ("minimum", "medium", "maximum", "high", "greatest", "1", "2", "3", "4")


class Assessment(Fact, Base):
    """``occurred_on``: the day of the assessment; from ``expires_on`` on it is out of date.

    There is no column for a tool's questions, answers or points, and none is to be added (safeguards A6, G6).
    """

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint(f"level in {LEVELS}", name="level"),
        CheckConstraint("expires_on > occurred_on", name="expires"),
        Index("ix_assessment_case_id_occurred_on", "case_id", "occurred_on"),
    )

    tool: Mapped[str] = mapped_column(String(20))
    tool_version: Mapped[str] = mapped_column(String(20))
    level: Mapped[str] = mapped_column(String(10))
    occurred_on: Mapped[date]
    expires_on: Mapped[date]
    assessed_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))


class Training(HasId, Base):
    """Somebody is trained in a tool until ``until_on`` begins, says an administrator. Ended once, never edited."""

    __tablename__ = "training"
    __table_args__ = (CheckConstraint("(ended_at is null) = (ended_by_id is null)", name="ended"),)

    user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"), index=True)
    tool: Mapped[str] = mapped_column(String(20))
    until_on: Mapped[date]
    marked_at: Mapped[datetime]
    marked_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))
