"""What probation lays before the court: made by a named person from reviewed flags, step by step, never edited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to

ALLEGATION_STEPS = (
    "MADE", "SAVED", "SUBMITTED", "RETURNED", "DROPPED", "APPROVED", "NOTICED", "SERVED", "CONTESTED", "ANSWERED",
    "WITHDRAWN", "FOUND", "NOT_FOUND", "ADMITTED", "REOPENED",
)  # fmt: skip


class Allegation(HasId, OfCase, OwnedByAgency, Base):
    """A report to the court about one case, begun by ``made_by_id``. Where it stands is its last step.

    Triggers (migration 0016) keep it a person's: a supervisor who neither made it nor reviewed a flag of it approves,
    and only somebody of the court records what the court said.
    """

    __tablename__ = "allegation"

    made_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    made_at: Mapped[datetime]


class AllegationFlag(HasId, OfCase, OwnedByAgency, Base):
    """A reviewed flag that an allegation is about; it counts while its review stands."""

    __tablename__ = "allegation_flag"
    __table_args__ = (UniqueConstraint("allegation_id", "review_id"),)

    allegation_id: Mapped[int] = mapped_column(BigId, refers_to("allegation.id"))
    flag_id: Mapped[int] = mapped_column(BigId, refers_to("flag.id"), index=True)
    review_id: Mapped[int] = mapped_column(BigId, refers_to("review.id"))


class AllegationStep(HasId, OfCase, OwnedByAgency, Base):
    """One act on an allegation by one person of ``agency_id``, known from ``at`` on. Only ever added to.

    ``content``: of a draft what was typed; of what was submitted or approved the whole report and its hash.
    """

    __tablename__ = "allegation_step"
    __table_args__ = (
        UniqueConstraint("allegation_id", "number"),
        CheckConstraint(f"kind in {ALLEGATION_STEPS}", name="kind"),
        CheckConstraint(
            "kind not in ('RETURNED', 'WITHDRAWN', 'FOUND', 'NOT_FOUND', 'ADMITTED', 'REOPENED') or length(words) > 0",
            name="needs_words",
        ),
        Index("ix_allegation_step_allegation_id_kind", "allegation_id", "kind"),
    )

    allegation_id: Mapped[int] = mapped_column(BigId, refers_to("allegation.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    by_user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
