"""An address of an agency's own software that is told when something waits: where, of what, and the sealed secrets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OwnedByAgency, refers_to

PAUSES = ("FAILING", "GONE", "PERSON", "RESTORED")


class WebhookEndpoint(HasId, OwnedByAgency, Base):
    """Where an agency's software is told, and which kinds (`monitor.webhooks.kinds`) it asked for.

    ``sealed_secret`` signs; ``sealed_earlier`` beside it until ``earlier_until``, while the receiver changes over.
    ``paused_why``: it failed for days, said that it is gone, a person said so, or a copy was put back. While it is
    paused, what is written for it waits. ``failing_since``: since when nothing arrived; ``last_fault``: of what kind.
    """

    __tablename__ = "webhook_endpoint"
    __table_args__ = (
        CheckConstraint(f"paused_why is null or paused_why in {PAUSES}", name="paused_why"),
        CheckConstraint("(paused_at is null) = (paused_why is null)", name="paused"),
    )

    url: Mapped[str] = mapped_column(String(300))
    kinds: Mapped[list[Any]]
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_earlier: Mapped[bytes | None] = mapped_column(LargeBinary)
    earlier_until: Mapped[datetime | None]
    made_by_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    paused_why: Mapped[str | None] = mapped_column(String(8))
    failing_since: Mapped[datetime | None]
    last_fault: Mapped[str | None] = mapped_column(String(80))
    arrived_at: Mapped[datetime | None]
