"""A calendar that a person's own program reads: whose, of what, and the hash of what its address says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OwnedByAgency, refers_to

FEED_KINDS = ("COURT", "JUDGE", "OFFICER", "PROGRAM")


class CalendarFeed(HasId, OwnedByAgency, Base):
    """One calendar of one user in one role. What it holds is read through that user's own scope, each time.

    ``about_id``: the court or judge; None: the user's own cases, or the program's. ``room``: one room of the court, ""
    all. ``style``: what a line says, COUNT or INITIALS. ``token_hash`` is a keyed hash of what was shown once.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = (
        CheckConstraint(f"kind in {FEED_KINDS}", name="kind"),
        CheckConstraint("style in ('COUNT', 'INITIALS')", name="style"),
    )

    user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(8))
    about_id: Mapped[int | None] = mapped_column(BigId)
    room: Mapped[str] = mapped_column(String(20), default="")
    style: Mapped[str] = mapped_column(String(8))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
