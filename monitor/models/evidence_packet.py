"""What the prosecution puts together for a hearing and for the defense, kept as bytes; and to whom it was handed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to
from monitor.models.packet import HandedToDefense


class EvidencePacket(HasId, OfCase, OwnedByAgency, Base):
    """An evidence packet about a report, or a certified record of a period. Triggers keep it from being changed.

    ``content`` is canonical JSON with its SHA-256; ``paper_hash`` that of the PDF which was drawn from it then.
    ``from_on`` to ``until_on``: the days that a record covers, both included.
    """

    __tablename__ = "evidence_packet"
    __table_args__ = (
        CheckConstraint("kind in ('PACKET', 'RECORD')", name="kind"),
        CheckConstraint("(kind = 'PACKET') = (allegation_id is not null)", name="about"),
    )

    kind: Mapped[str] = mapped_column(String(6))
    allegation_id: Mapped[int | None] = mapped_column(BigId, refers_to("allegation.id"), index=True)
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]
    made_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    made_at: Mapped[datetime]
    content: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    paper_hash: Mapped[str] = mapped_column(String(64))


class EvidenceCopy(HandedToDefense, HasId, OfCase, OwnedByAgency, Base):
    """An evidence packet or record that was handed to the defense."""

    __tablename__ = "evidence_copy"

    evidence_packet_id: Mapped[int] = mapped_column(BigId, refers_to("evidence_packet.id"), index=True)
