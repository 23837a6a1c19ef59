"""Papers on file: firearm receipts and letters that explain."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, Fact, refers_to


class FirearmReceipt(Fact, Base):
    """A step in giving up firearms, at an instant."""

    __tablename__ = "firearm_receipt"
    __table_args__ = (
        CheckConstraint(
            "event in ('RELINQUISHED', 'PROOF_FILED', 'FORM_FILED', 'NO_FIREARMS_DECLARED')", name="event"
        ),
    )

    event: Mapped[str] = mapped_column(String(22))
    occurred_at: Mapped[datetime]


class Letter(Fact, Base):
    """Mitigation on file: a waiting list, a hospital stay, an employer's letter. Only the kind is kept.

    ``enrollment_id``: the place that somebody waits for; an agency may have two programs, and a case a place in each.
    """

    __tablename__ = "letter"
    __table_args__ = (CheckConstraint("kind in ('WAITLIST', 'HOSPITAL', 'EMPLOYER')", name="kind"),)

    kind: Mapped[str] = mapped_column(String(10))
    occurred_on: Mapped[date]
    seat_on: Mapped[date | None]
    enrollment_id: Mapped[int | None] = mapped_column(BigId, refers_to("enrollment.id"), index=True)


class DrugTest(Fact, Base):
    """A supervision test and its result; treatment tests are never stored (safeguard A9)."""

    __tablename__ = "drug_test"
    __table_args__ = (
        CheckConstraint("result in ('NEGATIVE', 'POSITIVE', 'DILUTED', 'REFUSED')", name="result"),
    )

    occurred_on: Mapped[date]
    result: Mapped[str] = mapped_column(String(8))
