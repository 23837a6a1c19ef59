"""Calls and police reports about a person under order: coded, never told in words, never with a place or a name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, Fact, HasId, OfCase, OwnedByAgency, refers_to

INCIDENT_KINDS = ("CALL", "REPORT")
STRANGULATION = ("YES", "NO", "NOT_ASKED")


class Incident(Fact, Base):
    """A call's reference by dispatch, or a report by law enforcement. It starts a clock and finds nothing.

    ``number``: the agency's own. ``order_id``: the order whose condition it touches; ``touched`` that condition's code,
    None: none, or not known. The rest a report alone says: ``offence`` (a code), ``weapon``, ``strangulation`` and
    whether both accounts were taken. There is no column for words, a place or anybody else, and none is to be added.
    """

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint(f"kind in {INCIDENT_KINDS}", name="kind"),
        CheckConstraint(f"strangulation is null or strangulation in {STRANGULATION}", name="strangulation"),
        CheckConstraint("kind = 'CALL' or (weapon is not null and strangulation is not null"
                        " and accounts is not null)", name="report"),
        Index("ix_incident_agency_id_number", "agency_id", "number"),
    )  # fmt: skip

    kind: Mapped[str] = mapped_column(String(6))
    number: Mapped[str] = mapped_column(String(24))
    occurred_at: Mapped[datetime]
    order_id: Mapped[int | None] = mapped_column(BigId, refers_to("court_order.id"), index=True)
    touched: Mapped[str | None] = mapped_column(String(20))
    offence: Mapped[str | None] = mapped_column(String(20))
    weapon: Mapped[bool | None]
    strangulation: Mapped[str | None] = mapped_column(String(9))
    accounts: Mapped[bool | None]


class IncidentDraft(HasId, OfCase, OwnedByAgency, Base):
    """One somebody has begun and not filed: its writer's alone. ``content``: the coded fields, no name."""

    __tablename__ = "incident_draft"

    user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(BigId, refers_to("court_order.id"), index=True)
    content: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime]
