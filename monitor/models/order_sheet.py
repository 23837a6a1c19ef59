"""What the court's desk chose when a version of an order was made: template, firearm questions, review, notice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to

ANSWERS = ("Y", "N", "U")
# told: the person heard of the order and got no paper; service is another matter, and has rows of its own
NOTICES = ("SERVED", "TOLD", "NONE")


class OrderSheet(HasId, OfCase, OwnedByAgency, Base):
    """One a version, never changed. ``details``: distance, classes of places, the phrases that the order reads as.

    ``firearm_flag`` is what the clerk confirmed, after what the three answers propose. ``differs``: what this version
    says otherwise than the one before, in words without names or places.
    """

    __tablename__ = "order_sheet"
    __table_args__ = (
        CheckConstraint(f"firearm_heard in {ANSWERS}", name="firearm_heard"),
        CheckConstraint(f"firearm_related in {ANSWERS}", name="firearm_related"),
        CheckConstraint(f"firearm_forbids in {ANSWERS}", name="firearm_forbids"),
        CheckConstraint(f"firearm_flag in {ANSWERS}", name="firearm_flag"),
        CheckConstraint(f"notice in {NOTICES}", name="notice"),
    )

    order_version_id: Mapped[int] = mapped_column(BigId, refers_to("order_version.id"), unique=True)
    template: Mapped[str] = mapped_column(String(60))
    edition: Mapped[str] = mapped_column(String(20))
    judge_id: Mapped[int | None] = mapped_column(BigId, refers_to("judge.id"))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    differs: Mapped[list[Any]] = mapped_column(default=list)
    firearm_heard: Mapped[str] = mapped_column(String(1), default="U")
    firearm_related: Mapped[str] = mapped_column(String(1), default="U")
    firearm_forbids: Mapped[str] = mapped_column(String(1), default="U")
    firearm_flag: Mapped[str] = mapped_column(String(1), default="U")
    notice: Mapped[str] = mapped_column(String(8), default="NONE")
    no_review_why: Mapped[str | None] = mapped_column(String(20))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(BigId)
