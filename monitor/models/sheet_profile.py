"""What a program has settled once about one kind of sheet of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OwnedByAgency, refers_to


class SheetProfile(HasId, OwnedByAgency, Base):
    """Remembered answers of one program for one shape of file (its column names and how it is laid out).

    ``signature``: SHA-256 of the shape. ``columns``: the names of its columns, for people. ``answers``: what was
    settled, by the names of `monitor.intake.answers`; of a person also who else could have been meant then.
    """

    __tablename__ = "sheet_profile"
    __table_args__ = (UniqueConstraint("program_id", "signature"),)

    program_id: Mapped[int] = mapped_column(BigId, refers_to("program.id"))
    signature: Mapped[str] = mapped_column(String(64))
    columns: Mapped[str] = mapped_column(String(300))
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    settled_at: Mapped[datetime]
    settled_by_id: Mapped[int | None] = mapped_column(BigId)
    used_at: Mapped[datetime | None]
