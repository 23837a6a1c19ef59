"""Proof that an order was served."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, Fact, refers_to

SERVICE_METHODS = ("IN_COURT", "PERSONAL", "SUBSTITUTE", "PUBLICATION")


class Service(Fact, Base):
    """An order served on the person at an instant. Where it was served is not kept."""

    __tablename__ = "service"
    __table_args__ = (CheckConstraint(f"method in {SERVICE_METHODS}", name="method"),)

    order_id: Mapped[int] = mapped_column(BigId, refers_to("court_order.id"), index=True)
    occurred_at: Mapped[datetime]
    method: Mapped[str] = mapped_column(String(12))
    server: Mapped[str] = mapped_column(String(80))
