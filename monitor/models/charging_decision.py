"""What the prosecution decides about a report that lies before it: step by step, by named people, never edited."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to

CHARGING_KINDS = ("FILE", "DECLINE", "REFER_BACK", "TAKEN_BACK", "ANSWERED")
SAFETY_ANSWERS = ("DONE", "NOT_REACHABLE", "NONE_ASKED", "IMMINENT")


class ChargingDecision(HasId, OfCase, OwnedByAgency, Base):
    """One step about one report; where it stands is the last of its steps (`monitor.prosecution.standing`).

    ``reason``: a code of `monitor.prosecution.deciding.REASONS`. ``due_on``: by when an answer is asked for.
    ``safety``: the answer to the safety stop, the office's alone (safeguard E4). Triggers (migration ``prosecution``)
    hold that a prosecutor of the office decides, that probation answers, and that nothing is changed afterwards; two
    people cannot take the same step, for its ``number`` is one.
    """

    __tablename__ = "charging_decision"
    __table_args__ = (
        UniqueConstraint("allegation_id", "number"),
        CheckConstraint(f"kind in {CHARGING_KINDS}", name="kind"),
        CheckConstraint("length(words) > 0", name="needs_words"),
        CheckConstraint(f"safety is null or safety in {SAFETY_ANSWERS}", name="safety"),
    )

    allegation_id: Mapped[int] = mapped_column(BigId, refers_to("allegation.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(20), default="")
    words: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None]
    safety: Mapped[str | None] = mapped_column(String(13))
    by_user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    at: Mapped[datetime]
