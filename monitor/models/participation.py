"""How somebody took part in a class, and what a program puts before the officer at once."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, Fact, HasId, OfCase, OwnedByAgency, refers_to

RATINGS = ("ENGAGED", "PASSIVE", "DISRUPTIVE", "DENIED_OR_BLAMED", "UNDER_INFLUENCE")
CONCERNS = ("THREAT", "WEAPON", "CONTACT", "SELF_HARM", "OTHER")
# The participant's own words or acts, or what staff saw. There is no other ground: what anybody else told stays out.
GROUNDS = ("SAID_IN_CLASS", "SEEN_IN_CLASS", "TOLD_STAFF")
CONCERN_ANSWERS = ("SPOKE_WITH_PROGRAM", "PASSED_ON", "NOTHING_TO_DO")


class Participation(Fact, Base):
    """How one person took part in one class: a question of its own beside attendance, on a fixed scale."""

    __tablename__ = "participation"
    __table_args__ = (
        CheckConstraint(f"rating in {RATINGS}", name="rating"),
        Index("ix_participation_enrollment_id_occurred_on", "enrollment_id", "occurred_on"),
    )

    enrollment_id: Mapped[int] = mapped_column(BigId, refers_to("enrollment.id"))
    occurred_on: Mapped[date]
    rating: Mapped[str] = mapped_column(String(20))
    upload_id: Mapped[int | None] = mapped_column(BigId, refers_to("upload.id"), index=True)


class Concern(Fact, Base):
    """A question that a program puts to the officer at once; it finds nothing, and no rule reads it.

    ``ground`` says how staff know: from the participant, or with their own eyes. No words are kept.
    """

    __tablename__ = "concern"
    __table_args__ = (
        CheckConstraint(f"kind in {CONCERNS}", name="kind"),
        CheckConstraint(f"ground in {GROUNDS}", name="ground"),
    )

    enrollment_id: Mapped[int] = mapped_column(BigId, refers_to("enrollment.id"), index=True)
    occurred_on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(10))
    ground: Mapped[str] = mapped_column(String(14))


class ConcernAnswer(HasId, OfCase, OwnedByAgency, Base):
    """What an officer did about a concern. The program does not read it."""

    __tablename__ = "concern_answer"
    __table_args__ = (CheckConstraint(f"did in {CONCERN_ANSWERS}", name="did"),)

    concern_id: Mapped[int] = mapped_column(BigId, refers_to("concern.id"), unique=True)
    did: Mapped[str] = mapped_column(String(20))
    by_user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    answered_at: Mapped[datetime]
