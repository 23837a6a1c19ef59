"""Hearings, and what the court decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, Fact, HasId, OfCase, OwnedByAgency, refers_to

HEARING_KINDS = (
    "ARRAIGNMENT", "COMPLIANCE_REVIEW", "SHOW_CAUSE", "VIOLATION", "MODIFICATION", "FIREARM_REVIEW",
    "PROTECTION_ORDER", "SENTENCING", "TERMINATION",
)  # fmt: skip
HEARING_OUTCOMES = (
    "CONTINUED", "COMPLIANT_CONTINUE", "WARNED", "SANCTIONED", "MODIFIED", "REVOKED", "WARRANT", "DISMISSED",
    "COMPLETED", "ADVISED_RETURN", "OFF_CALENDAR", "DID_NOT_APPEAR",
)  # fmt: skip
COURT_DECISIONS = (
    "BREACH_RESOLVED", "PROGRAM_RESTARTED", "GOOD_CAUSE_FOUND", "EXTENSION_GRANTED", "EXTENSION_DENIED",
    "BREAK_APPROVED", "REVIEW_HELD", "RESPONSE_RECORDED", "FLAG_RESOLVED", "RULE_VERSION_CHOSEN",
    "FEWER_SESSIONS_RECOMMENDED",
)  # fmt: skip


class Hearing(HasId, OfCase, OwnedByAgency, Base):
    """A date before the court, as it now stands. ``review_no`` counts compliance reviews of the case.

    Moved, resulted or given to another room through `monitor.amending` only, which keeps what it said before.
    """

    __tablename__ = "hearing"
    __table_args__ = (
        CheckConstraint(f"kind in {HEARING_KINDS}", name="kind"),
        CheckConstraint(f"outcome is null or outcome in {HEARING_OUTCOMES}", name="outcome"),
        Index("ix_hearing_court_id_starts_at", "court_id", "starts_at"),
    )

    court_id: Mapped[int] = mapped_column(BigId, refers_to("court.id"))
    judge_id: Mapped[int | None] = mapped_column(BigId, refers_to("judge.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    starts_at: Mapped[datetime]
    room: Mapped[str] = mapped_column(String(20))
    review_no: Mapped[int | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    resulted_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]


class EarlierHearing(HasId, OfCase, OwnedByAgency, Base):
    """What a hearing's row said until it became known otherwise; written by `monitor.amending` only, never changed."""

    __tablename__ = "earlier_hearing"
    __table_args__ = (Index("ix_earlier_hearing_court_id_starts_at", "court_id", "starts_at"),)

    hearing_id: Mapped[int] = mapped_column(BigId, refers_to("hearing.id"), index=True)
    court_id: Mapped[int] = mapped_column(BigId, refers_to("court.id"))
    judge_id: Mapped[int | None] = mapped_column(BigId, refers_to("judge.id"))
    kind: Mapped[str] = mapped_column(String(20))
    starts_at: Mapped[datetime]
    room: Mapped[str] = mapped_column(String(20))
    review_no: Mapped[int | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    resulted_at: Mapped[datetime | None]
    until_at: Mapped[datetime]


class CourtDecision(Fact, Base):
    """A decision of the court (or of the one the law names) that a rule obeys: a review held, a limit raised."""

    __tablename__ = "court_decision"
    __table_args__ = (CheckConstraint(f"kind in {COURT_DECISIONS}", name="kind"),)

    kind: Mapped[str] = mapped_column(String(28))
    decided_by: Mapped[str] = mapped_column(String(10), default="COURT")
    occurred_on: Mapped[date]
    order_id: Mapped[int | None] = mapped_column(BigId, refers_to("court_order.id"))
    hearing_id: Mapped[int | None] = mapped_column(BigId, refers_to("hearing.id"))
    about_id: Mapped[int | None] = mapped_column(BigId)
    until_on: Mapped[date | None]
    term: Mapped[str | None] = mapped_column(String(40))
    value: Mapped[int | None]
    found: Mapped[bool | None]
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
