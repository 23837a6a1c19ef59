"""A question that an office put away from its work list until a day, with who did it and why."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to


class HiddenItem(HasId, OfCase, OwnedByAgency, Base):
    """Hidden for one office from ``hidden_at`` until ``until_on`` begins, or until somebody shows it again.

    ``flag_key`` and ``flag_version`` are the question as it read then: with other content it is not hidden. A row is
    ended once and never changed otherwise.
    """

    __tablename__ = "hidden_item"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="needs_reason"),
        CheckConstraint("(ended_at is null) = (ended_by_id is null)", name="ended"),
        Index("ix_hidden_item_agency_id_until_on", "agency_id", "until_on"),
    )

    flag_key: Mapped[str] = mapped_column(String(120), index=True)
    flag_version: Mapped[str] = mapped_column(String(40))
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(300))
    hidden_at: Mapped[datetime]
    hidden_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))
