"""A job that an administrator has paused: for how long, why, and who ended it sooner."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, refers_to


class JobPause(HasId, Base):
    """One pause. It ends by itself at ``until_at``, or when somebody ended it before."""

    __tablename__ = "job_pause"
    __table_args__ = (
        CheckConstraint("(ended_at is null) = (ended_by_id is null)", name="ended"),
        CheckConstraint("until_at > paused_at", name="until_at"),
    )

    job: Mapped[str] = mapped_column(String(60), index=True)
    why: Mapped[str] = mapped_column(String(12))
    paused_at: Mapped[datetime]
    paused_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    until_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))
