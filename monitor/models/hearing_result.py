"""What a hearing came to, as the court's desk recorded it, and who is recording it right now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to

RESULTS = ("HELD", "CONTINUED", "DID_NOT_APPEAR")


class HearingResult(HasId, OfCase, OwnedByAgency, Base):
    """One entry of the desk: the hearing's own row says the outcome, this says why, what follows, and whom it told.

    ``why``: a code of `monitor.results.words.REASONS`, where it was continued. ``words``: the court's own.
    ``next_hearing_id``: the date set; None with ``no_date`` (a code) where none was. ``warrant_id``: the version of the
    warrant that it wrote. ``response``: the line of the local matrix that the court chose, as it read in version
    ``matrix_number``; None where it chose none. ``told_at``: when word goes out; until then it can be undone,
    which keeps the row.
    """

    __tablename__ = "hearing_result"
    __table_args__ = (
        CheckConstraint(f"result in {RESULTS}", name="result"),
        CheckConstraint("warrant is null or warrant in ('ISSUED', 'RECALLED')", name="warrant"),
    )

    hearing_id: Mapped[int] = mapped_column(BigId, refers_to("hearing.id"), index=True)
    result: Mapped[str] = mapped_column(String(14))
    outcome: Mapped[str] = mapped_column(String(20))
    why: Mapped[str | None] = mapped_column(String(16))
    words: Mapped[str] = mapped_column(String(1000), default="")
    next_hearing_id: Mapped[int | None] = mapped_column(BigId, refers_to("hearing.id"), index=True)
    next_set_here: Mapped[bool]
    no_date: Mapped[str | None] = mapped_column(String(16))
    warrant: Mapped[str | None] = mapped_column(String(8))
    warrant_id: Mapped[int | None] = mapped_column(BigId, refers_to("pause.id"))
    response: Mapped[str | None] = mapped_column(String(200))
    matrix_number: Mapped[int | None]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    told_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))


class HearingClaim(HasId, OfCase, OwnedByAgency, Base):
    """Somebody of the court is recording this hearing until ``until_at``: others see who, and leave it alone."""

    __tablename__ = "hearing_claim"

    hearing_id: Mapped[int] = mapped_column(BigId, refers_to("hearing.id"), unique=True)
    user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    until_at: Mapped[datetime]
