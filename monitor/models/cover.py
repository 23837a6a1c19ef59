"""One officer stands in for another: the caseload is read and worked by both from one day to another."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OwnedByAgency, refers_to


class Cover(HasId, OwnedByAgency, Base):
    """``by_id`` stands in for ``officer_id`` from ``from_on`` until ``until_on`` begins (half-open), or until it is
    ended earlier. A row is ended once and never changed otherwise; on its last day nobody needs to do anything."""

    __tablename__ = "cover"
    __table_args__ = (
        CheckConstraint("until_on > from_on", name="span"),
        CheckConstraint("officer_id <> by_id", name="another"),
        CheckConstraint("(ended_at is null) = (ended_by_id is null)", name="ended"),
        Index("ix_cover_by_id_until_on", "by_id", "until_on"),
    )

    officer_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"), index=True)
    by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))
