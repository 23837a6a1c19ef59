"""A contact that somebody has not saved yet, so that a locked screen or a lost line loses nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to


class ContactDraft(HasId, OfCase, OwnedByAgency, Base):
    """One officer's unsaved contact about one case. Words are kept only if the safety lint lets them through."""

    __tablename__ = "contact_draft"
    __table_args__ = (UniqueConstraint("user_id", "case_id"),)

    user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    content: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime]
