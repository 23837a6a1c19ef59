"""In which order a court has its docket listed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OwnedByAgency, refers_to

DOCKET_ORDERS = ("pressing", "time", "on-track", "name")


class DocketOrder(HasId, OwnedByAgency, Base):
    """A court's choice, by whom and since when; the newest holds. Never changed, so that an old print can be told."""

    __tablename__ = "docket_order"
    __table_args__ = (CheckConstraint(f"listed_by in {DOCKET_ORDERS}", name="listed_by"),)

    court_id: Mapped[int] = mapped_column(BigId, refers_to("court.id"), index=True)
    listed_by: Mapped[str] = mapped_column(String(10))
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
