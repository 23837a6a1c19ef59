"""Check-ins by the person, and the days on which one was due."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, Fact, refers_to


class CheckIn(Fact, Base):
    """The person reported in, at an instant; its local day counts."""

    __tablename__ = "check_in"

    occurred_at: Mapped[datetime]
    method: Mapped[str] = mapped_column(String(12), default="PHONE")


class Expectation(Fact, Base):
    """A day on which a class or check-in was expected, set on ``occurred_on``."""

    __tablename__ = "expectation"
    __table_args__ = (CheckConstraint("kind in ('session', 'check_in')", name="kind"),)

    enrollment_id: Mapped[int | None] = mapped_column(BigId, refers_to("enrollment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    occurred_on: Mapped[date]
    expected_on: Mapped[date]
