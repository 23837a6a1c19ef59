"""Cases taken out of the record by order: that it was done, and for a sealed case its rows, unreadable here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, refers_to

REMOVALS = ("SEAL", "EXPUNGE")


class Removal(HasId, Base):
    """One case out of the record (safeguard H7). While it stands, the database lets the case's kept rows go.

    ``about_id`` was the case's id, and refers to nothing any more. ``sealed_order``: the order's reference and the
    asker's words. ``counts``: rows removed by table. ``sealed_rows``: what a seal keeps so that the court can have the
    case back; null once it is expunged. ``units``: keys under which older copies hold a sealed case and the sheets that
    told of it (`monitor.copies.units`); nothing of it can be found in the sheets any more when it is expunged later.
    ``returned_at``: when a sealed case came back.
    """

    __tablename__ = "removal"
    __table_args__ = (
        CheckConstraint(f"kind in {REMOVALS}", name="kind"),
        CheckConstraint("kind = 'SEAL' or sealed_rows is null", name="expunged"),
        Index(
            "uq_removal_standing", "about_id", unique=True,
            sqlite_where=text("returned_at is null"), postgresql_where=text("returned_at is null"),
        ),
    )  # fmt: skip

    about_id: Mapped[int] = mapped_column(BigId)
    kind: Mapped[str] = mapped_column(String(8))
    sealed_order: Mapped[bytes] = mapped_column(LargeBinary)
    asked_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    removed_at: Mapped[datetime]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sealed_rows: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    units: Mapped[list[Any]] = mapped_column(default=list)
    returned_at: Mapped[datetime | None]
