"""Dated values set by a court, a county or a program's written policy, over and beside the packs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OwnedByAgency, refers_to


class PolicyTerm(HasId, OwnedByAgency, Base):
    """One value of local or program policy: of a court, a county or a program, of exactly one of them.

    ``value`` null takes the policy back from ``from_on`` on: the next level decides again.
    """

    __tablename__ = "policy_term"
    __table_args__ = (
        CheckConstraint(
            "(case when court_id is null then 0 else 1 end) + (case when county_id is null then 0 else 1 end)"
            " + (case when program_id is null then 0 else 1 end) = 1",
            name="one_owner",
        ),
    )

    court_id: Mapped[int | None] = mapped_column(BigId, refers_to("court.id"), index=True)
    county_id: Mapped[int | None] = mapped_column(BigId, refers_to("county.id"), index=True)
    program_id: Mapped[int | None] = mapped_column(BigId, refers_to("program.id"), index=True)
    term: Mapped[str] = mapped_column(String(40))
    value: Mapped[dict[str, Any]]
    from_on: Mapped[date]
    citation: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime]
