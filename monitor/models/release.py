"""What a participant has released a program to tell, to whom, and until when (safeguard C8)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, Fact, refers_to

# to whom; the first is what every referral needs
SCOPES = ("probation", "court", "prosecutor", "advocate_list")


class Release(Fact, Base):
    """One signed release. ``scope``: words of `SCOPES`, with commas. ``until_on``: its last day, inclusive; None: 90
    days after discharge. A withdrawal is a version that ends sooner. The paper itself stays with the program."""

    __tablename__ = "release"
    __table_args__ = (
        CheckConstraint("until_on is null or until_on >= occurred_on", name="span"),
    )

    enrollment_id: Mapped[int] = mapped_column(BigId, refers_to("enrollment.id"), index=True)
    occurred_on: Mapped[date]
    until_on: Mapped[date | None]
    scope: Mapped[str] = mapped_column(String(60))
