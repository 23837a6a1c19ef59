"""Marks of a class that somebody has not saved yet, so that a locked screen loses nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OwnedByAgency, refers_to


class GridDraft(HasId, OwnedByAgency, Base):
    """One person's unsaved marks of one class, by enrollment id: codes and numbers, no words."""

    __tablename__ = "grid_draft"
    __table_args__ = (UniqueConstraint("user_id", "group_id", "held_on"),)

    user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    group_id: Mapped[int] = mapped_column(BigId, refers_to("program_group.id"))
    held_on: Mapped[date]
    marks: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime]
