"""A quarter's measures as they were published: drawn up once, never again, so that no two of them can be subtracted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, refers_to


class MeasureRelease(HasId, Base):
    """One quarter, ``2026-Q3``. ``content``: only what may be published (`monitor.measures.content`), no id in it.

    ``made_by_id`` None: by the command. Triggers keep it as it was made.
    """

    __tablename__ = "measure_release"
    __table_args__ = (UniqueConstraint("quarter"),)

    quarter: Mapped[str] = mapped_column(String(7))
    content: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))
