"""What an officer set themselves to do by a day, and the lists that they look at again and again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to


class Task(HasId, OfCase, OwnedByAgency, Base):
    """One's own task about a person, by a day. ``act``: those of one press share it, and are undone together."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("length(what) > 0", name="says_what"),
        Index("ix_task_user_id_due_on", "user_id", "due_on"),
    )

    user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    act: Mapped[int] = mapped_column(BigId, index=True)
    what: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date]
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class SavedView(HasId, OwnedByAgency, Base):
    """A named list of the caseload: codes of filters and order, never a name of a person."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("user_id", "name"), CheckConstraint("length(name) > 0", name="named"))

    user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    name: Mapped[str] = mapped_column(String(40))
    filters: Mapped[list[Any]] = mapped_column(default=list)
    order: Mapped[str] = mapped_column("sorted_by", String(8))
    team: Mapped[bool] = mapped_column(default=False)
