"""How time stops: custody, hospital, a closed program, a stay."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, Fact

PAUSE_KINDS = (
    "CUSTODY", "HOSPITAL", "WARRANT", "REVOCATION", "PROVIDER_CLOSED", "COURT_STAY", "SYSTEM_OUTAGE",
)  # fmt: skip
# how `reason` begins where an officer chose from whom the pause is known (`monitor.pauses`)
KNOWN_FROM = "Known from "


class Pause(Fact, Base):
    """A stretch of days, half-open; an open end is a version of its own that a later version closes."""

    __tablename__ = "pause"
    __table_args__ = (
        CheckConstraint(f"kind in {PAUSE_KINDS}", name="kind"),
        CheckConstraint("basis is null or basis in ('SENTENCE', 'PRETRIAL', 'HOLD')", name="basis"),
        CheckConstraint("ends_on is null or ends_on > starts_on", name="span"),
    )

    kind: Mapped[str] = mapped_column(String(16))
    basis: Mapped[str | None] = mapped_column(String(10))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
