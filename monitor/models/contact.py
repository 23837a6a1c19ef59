"""An officer's contact with, or about, the person. The protected person is never a contact."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, Fact

CONTACT_KINDS = ("DIRECT", "COLLATERAL", "BOTH")
CONTACT_METHODS = ("IN_PERSON", "VIDEO", "PHONE", "MESSAGE", "LETTER")
CONTACT_STATES = ("SCHEDULED", "ATTEMPTED", "COMPLETED", "CANCELLED")
CONTACT_PLACES = ("OFFICE", "HOME", "WORK", "COURT", "JAIL", "PROVIDER", "LAW_ENFORCEMENT", "FIELD", "OTHER")


class Contact(Fact, Base):
    """One contact at an instant; an attempt is not a completed contact.

    ``travel``: time on the road there and back, in minutes, in bands: a key of `monitor.contact_log.ways.TRAVEL`, which
    the form alone writes (a constraint would stop an older version); None: nobody went anywhere, or nobody said.
    ``no_show``: an attempt that came to nothing because the person did not come; what it means is for the officer.
    """

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint(f"kind in {CONTACT_KINDS}", name="kind"),
        CheckConstraint(f"method in {CONTACT_METHODS}", name="method"),
        CheckConstraint(f"state in {CONTACT_STATES}", name="state"),
        CheckConstraint(f"place in {CONTACT_PLACES}", name="place"),
    )

    occurred_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(10))
    method: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(Text)
    travel: Mapped[str | None] = mapped_column(String(8))
    no_show: Mapped[bool] = mapped_column(default=False)
