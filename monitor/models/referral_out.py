"""A referral from one agency to another, outside of any order: who asks whom, for what kind of service, the answer."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to

REFERRAL_KINDS = ("SUBSTANCE_USE", "PARENTING", "MENTAL_HEALTH", "LANGUAGE", "OTHER_PROGRAM")
REFERRAL_ANSWERS = ("ACCEPTED", "DECLINED", "TAKEN_BACK")
DECLINE_REASONS = ("NO_SEAT", "NOT_OFFERED", "TERMS", "LANGUAGE", "NOT_REACHED")


class ReferralOut(HasId, OfCase, OwnedByAgency, Base):
    """``agency_id``: who receives it and whose clock it is; ``from_agency_id``: who sent it. Nobody else reads it.

    There is no column for words, nor for why the person was thought of. ``release_*``: days of the signed release at
    the sender, where the receiving side needs one. ``answer`` is written once, by one of the two.
    """

    __tablename__ = "referral_out"
    __table_args__ = (
        CheckConstraint(f"kind in {REFERRAL_KINDS}", name="kind"),
        CheckConstraint(f"answer is null or answer in {REFERRAL_ANSWERS}", name="answer"),
        CheckConstraint(f"why is null or why in {DECLINE_REASONS}", name="why"),
        CheckConstraint("(answer is null) = (answered_at is null)", name="answered"),
        CheckConstraint("(coalesce(answer, '') = 'DECLINED') = (why is not null)", name="declined"),
        CheckConstraint("(release_signed_on is null) = (release_until_on is null)", name="release"),
    )

    from_agency_id: Mapped[int] = mapped_column(BigId, refers_to("agency.id"), index=True)
    program_id: Mapped[int] = mapped_column(BigId, refers_to("program.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    release_signed_on: Mapped[date | None]
    release_until_on: Mapped[date | None]
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    answer: Mapped[str | None] = mapped_column(String(10))
    why: Mapped[str | None] = mapped_column(String(12))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))
