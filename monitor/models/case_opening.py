"""A case opened without being assigned to it, and what its context asks of a few (safeguards D3, G4, G5)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to


class CaseOpening(HasId, OfCase, OwnedByAgency, Base):
    """Break-glass: one user read one case from ``opened_at`` to ``until_at`` for a reason they typed.

    A supervisor or privacy officer reviews it by ``review_due_on``; ``verdict`` is what they found.
    """

    __tablename__ = "case_opening"
    __table_args__ = (
        CheckConstraint("verdict is null or verdict in ('EXPECTED', 'TO_ASK')", name="verdict"),
        CheckConstraint("reviewed_by_id is null or reviewed_by_id <> user_id", name="second_person"),
        Index("ix_case_opening_user_id_until_at", "user_id", "until_at"),
    )

    user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    reason: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(String(300))
    opened_at: Mapped[datetime]
    until_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    review_due_on: Mapped[date]
    escalated_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(BigId)
    reviewed_at: Mapped[datetime | None]
    verdict: Mapped[str | None] = mapped_column(String(8))


class ContextReview(HasId, OfCase, OwnedByAgency, Base):
    """A question for the prosecutor and the supervising officer only: whose violence is this order about?

    MIRROR: the parties are reversed in another case (sealed: which). MARK: set by a person, who has words for it.
    While one is not done, response suggestions for the case are off.
    """

    __tablename__ = "context_review"
    __table_args__ = (
        CheckConstraint("kind in ('MIRROR', 'MARK')", name="kind"),
        Index(
            "uq_context_review_open", "case_id", "agency_id", "kind", unique=True,
            sqlite_where=text("done_at is null"), postgresql_where=text("done_at is null"),
        ),
    )  # fmt: skip

    kind: Mapped[str] = mapped_column(String(8))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    raised_at: Mapped[datetime]
    raised_by_id: Mapped[int | None] = mapped_column(BigId)
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(BigId)
