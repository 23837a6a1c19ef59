"""What was laid before the court at one instant, kept as bytes: only ever added to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to


class Packet(HasId, OfCase, OwnedByAgency, Base):
    """A bench page frozen for a hearing, as known at ``known_at``. Triggers keep it from being changed or removed.

    ``page`` and ``spans`` are canonical JSON, each with its SHA-256. ``ground`` is the hash of the rules, packs,
    policies and closed days it stood on. ``audit_number`` and ``audit_seal`` anchor it in the audit trail of then.
    """

    __tablename__ = "packet"
    __table_args__ = (CheckConstraint("why in ('HAND', 'FREEZE')", name="why"),)

    hearing_id: Mapped[int] = mapped_column(BigId, refers_to("hearing.id"), index=True)
    known_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(6))
    taken_by_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))
    page: Mapped[str] = mapped_column(Text)
    page_hash: Mapped[str] = mapped_column(String(64))
    spans: Mapped[str] = mapped_column(Text)
    spans_hash: Mapped[str] = mapped_column(String(64))
    ground: Mapped[str] = mapped_column(String(40))
    audit_number: Mapped[int] = mapped_column(BigId)
    audit_seal: Mapped[str] = mapped_column(String(64))
