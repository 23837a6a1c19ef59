"""What has to happen to an order outside the court, and what did: entry in the registry, and service by an officer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to

# to do, and done; telling the person at the scene is notice, and no service
STEP_KINDS = ("TO_ENTER", "ENTERED", "SENT_BACK", "TO_SERVE", "ATTEMPTED", "TOLD", "SERVED")
ENTRY_ACTIONS = ("ENTER", "MODIFY", "SERVE", "CLEAR", "CANCEL")


class OrderStep(HasId, OfCase, OwnedByAgency, Base):
    """One step, never changed. ``occurred_at``: when it happened; of what is to do, when the order was signed.

    ``how``: how a return ended (`orders.returning.ENDED`), or what was taken or sent back (`orders.steps.BACK_WORDS`).
    ``registry_number`` is what the entering agency gave; what a registry answers is not kept (safeguard A11).
    """

    __tablename__ = "order_step"
    __table_args__ = (
        CheckConstraint(f"kind in {STEP_KINDS}", name="kind"),
        CheckConstraint(f"action is null or action in {ENTRY_ACTIONS}", name="action"),
        CheckConstraint("kind <> 'ENTERED' or registry_number is not null", name="entered"),
    )

    order_id: Mapped[int] = mapped_column(BigId, refers_to("court_order.id"), index=True)
    order_version_id: Mapped[int] = mapped_column(BigId, refers_to("order_version.id"))
    kind: Mapped[str] = mapped_column(String(10))
    action: Mapped[str | None] = mapped_column(String(6))
    occurred_at: Mapped[datetime]
    registry_number: Mapped[str | None] = mapped_column(String(20))
    by_agency: Mapped[str | None] = mapped_column(String(80))
    how: Mapped[str | None] = mapped_column(String(12))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(BigId)
