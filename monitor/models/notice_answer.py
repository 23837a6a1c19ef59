"""What victim/witness staff answered about notices, and whether the safety step before a filing is finished.

There is no place here for a way to reach anybody, nor for a word that somebody said (safeguards A1, A2, A4).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to

DUE_KINDS = (
    "STANDING", "NEED", "SAFETY", "HEARING_SET", "HEARING_MOVED", "HEARING_OFF", "RESULT", "ORDER_SERVED",
    "ORDER_CHANGED", "ORDER_ENDS", "ORDER_ENDED", "WARRANT", "WARRANT_OVER", "CUSTODY", "RELEASE", "FINDING",
    "WITHDRAWN", "CORRECTION",
)  # fmt: skip
ANSWERS = ("ASKED", "DECLINED", "ATTEMPTED", "REACHED", "NOT_REACHED", "INTERPRETER", "ACCESS")
STEP_KINDS = ("ASKED", "FINISHED", "OVERRIDDEN", "REOPENED", "CALLED_OFF")


class NoticeAnswer(HasId, OfCase, OwnedByAgency, Base):
    """One coded answer of one office, which nobody of another office reads (safeguard E4). Only ever added to.

    ``kind``, ``about_id``, ``about_at``: which court event it answers. STANDING: whether notices are asked for at all.
    NEED: what a hearing needs. Taken back by whoever gave it: the row stays and counts no more.
    """

    __tablename__ = "notice_answer"
    __table_args__ = (
        CheckConstraint(f"kind in {DUE_KINDS}", name="kind"),
        CheckConstraint(f"answer in {ANSWERS}", name="answer"),
    )

    kind: Mapped[str] = mapped_column(String(14))
    about_id: Mapped[int] = mapped_column(BigId)
    about_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(12))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    taken_back_at: Mapped[datetime | None]


class SafetyStep(HasId, OfCase, OwnedByAgency, Base):
    """The safety stop before something that may raise danger (safeguard E5), asked for ``about_id``: a filing.

    It says that the step is finished and never how: reached, not reached and "wants none" are one row here.
    """

    __tablename__ = "safety_step"
    __table_args__ = (
        CheckConstraint(f"kind in {STEP_KINDS}", name="kind"),
        UniqueConstraint("about_id", "number"),
    )

    about_id: Mapped[int] = mapped_column(BigId)
    number: Mapped[int]
    what: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    by_user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
