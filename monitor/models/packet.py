"""What was laid before the court at one instant, kept as bytes: only ever added to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to


class Packet(HasId, OfCase, OwnedByAgency, Base):
    """A bench page frozen for a hearing, as known at ``known_at``. Triggers keep it from being changed or removed.

    ``page`` and ``spans`` are canonical JSON, each with its SHA-256. ``ground`` is the hash of the rules, packs,
    policies and closed days it stood on. ``audit_number`` and ``audit_seal`` anchor it in the audit trail of then.
    ``freeze_key``: court days ahead and the hearing's day ("3:2026-12-03"), where the job froze it; one of each.
    """

    __tablename__ = "packet"
    __table_args__ = (
        CheckConstraint("why in ('HAND', 'FREEZE')", name="why"),
        Index("uq_packet_freeze_key", "hearing_id", "freeze_key", unique=True),
    )  # fmt: skip

    hearing_id: Mapped[int] = mapped_column(BigId, refers_to("hearing.id"), index=True)
    known_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(6))
    freeze_key: Mapped[str | None] = mapped_column(String(16))
    taken_by_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))
    page: Mapped[str] = mapped_column(Text)
    page_hash: Mapped[str] = mapped_column(String(64))
    spans: Mapped[str] = mapped_column(Text)
    spans_hash: Mapped[str] = mapped_column(String(64))
    ground: Mapped[str] = mapped_column(String(40))
    audit_number: Mapped[int] = mapped_column(BigId)
    audit_seal: Mapped[str] = mapped_column(String(64))


COPY_TO = ("COUNSEL", "RESPONDENT")
COPY_BY = ("BY_HAND", "BY_MAIL", "E_FILING", "IN_COURT")


class HandedToDefense:
    """An entry that something was handed to the defense: when, to whom, how, and by whom. A wrong one is undone."""

    @declared_attr.directive
    def __table_args__(cls) -> tuple[CheckConstraint, ...]:
        return (
            CheckConstraint(f"given_to in {COPY_TO}", name="given_to"),
            CheckConstraint(f"how in {COPY_BY}", name="how"),
            CheckConstraint("(undone_at is null) = (undone_by_id is null)", name="undone"),
        )

    given_to: Mapped[str] = mapped_column(String(10), sort_order=20)
    how: Mapped[str] = mapped_column(String(8), sort_order=21)
    given_at: Mapped[datetime] = mapped_column(sort_order=22)
    given_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"), sort_order=23)
    undone_at: Mapped[datetime | None] = mapped_column(sort_order=24)
    undone_by_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"), sort_order=25)


class DefenseCopy(HandedToDefense, HasId, OfCase, OwnedByAgency, Base):
    """A packet of the court that was handed to the defense."""

    __tablename__ = "defense_copy"

    packet_id: Mapped[int] = mapped_column(BigId, refers_to("packet.id"), index=True)
    hearing_id: Mapped[int] = mapped_column(BigId, refers_to("hearing.id"), index=True)
