"""Orders as the court made them: versions over time, their conditions, and the duties that rules check."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to

ORDER_KINDS = (
    "PROBATION", "CONDITIONAL_DISCHARGE", "PRETRIAL_RELEASE", "CRIMINAL_NO_CONTACT", "CIVIL_PROTECTION",
    "EMERGENCY_PROTECTIVE", "FAMILY_CUSTODY", "EXTREME_RISK", "SENTENCE_MODIFICATION",
)  # fmt: skip
ORDER_CHANGES = ("NEW", "MODIFIED", "EXTENDED", "SUSPENDED", "REINSTATED", "TERMINATED", "VACATED", "EXPIRED")
# The nine coded conditions of the protection-order exchange (NIEM/NCIC 01-09), then kinds of our own.
CODED_CONDITIONS = ("01", "02", "03", "04", "05", "06", "07", "08", "09")
LOCAL_CONDITIONS = (
    "BIP", "CHECK_IN", "TESTING", "ALCOHOL_ABSTAIN", "FIREARM_SURRENDER", "FIREARM_PROHIBITION", "NO_CONTACT",
    "STAY_AWAY", "REPORT_TO_PROBATION", "NOTIFY_CHANGE", "FINES_FEES", "OTHER_BESPOKE",
)  # fmt: skip


class Order(HasId, OfCase, OwnedByAgency, Base):
    """One order; what it says at a time is its `OrderVersion`."""

    __tablename__ = "court_order"
    __table_args__ = (CheckConstraint(f"kind in {ORDER_KINDS}", name="kind"),)

    kind: Mapped[str] = mapped_column(String(24))
    number: Mapped[str | None] = mapped_column(String(40), index=True)
    protected_party_id: Mapped[int | None] = mapped_column(BigId, refers_to("protected_party.id"))


class OrderVersion(HasId, OfCase, OwnedByAgency, Base):
    """The text of an order from one instant to another, half-open; with the anchors that time limits run from.

    Spans of one order's versions do not overlap. ``facts`` holds statutory anchors that few orders have (county,
    program type, assessed length, offense number, miles to the nearest program), by the names of the rule frames.
    """

    __tablename__ = "order_version"
    __table_args__ = (
        UniqueConstraint("order_id", "version_no"),
        CheckConstraint(f"change in {ORDER_CHANGES}", name="change"),
        CheckConstraint("effective_to is null or effective_to > effective_from", name="span"),
        Index(
            "uq_order_version_open", "order_id", unique=True,
            sqlite_where=text("effective_to is null"), postgresql_where=text("effective_to is null"),
        ),
    )  # fmt: skip

    order_id: Mapped[int] = mapped_column(BigId, refers_to("court_order.id"), index=True)
    version_no: Mapped[int]
    change: Mapped[str] = mapped_column(String(12))
    ordered_on: Mapped[date]
    effective_from: Mapped[datetime]
    effective_to: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    granted_on: Mapped[date | None]
    term_months: Mapped[int | None]
    convicted_on: Mapped[date | None]
    in_custody: Mapped[bool] = mapped_column(default=False)
    appeared: Mapped[bool] = mapped_column(default=True)
    proceeding: Mapped[str] = mapped_column(String(10), default="criminal")
    supervision: Mapped[str] = mapped_column(String(12), default="formal")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    recorded_by_id: Mapped[int | None] = mapped_column(BigId)


class Condition(HasId, OfCase, OwnedByAgency, Base):
    """One numbered duty or ban of an order version, as ordered. ``exceptions`` are data (child_exchange, counsel)."""

    __tablename__ = "condition"
    __table_args__ = (
        UniqueConstraint("order_version_id", "line"),
        CheckConstraint(f"code in {CODED_CONDITIONS + LOCAL_CONDITIONS}", name="code"),
    )

    order_version_id: Mapped[int] = mapped_column(BigId, refers_to("order_version.id"), index=True)
    line: Mapped[int]
    code: Mapped[str] = mapped_column(String(24))
    text: Mapped[str] = mapped_column(Text)
    exceptions: Mapped[list[Any]] = mapped_column(default=list)


class Requirement(HasId, OfCase, OwnedByAgency, Base):
    """A duty that rules check, drawn from a condition. ``terms`` are the values this order itself sets, by term id.

    ``kind`` is a word of the rule frames: bip, check_in, testing, alcohol_abstain, firearm_surrender, no_contact,
    stay_away, review. Ends with its condition or at ``until_on``.
    """

    __tablename__ = "requirement"

    order_id: Mapped[int] = mapped_column(BigId, refers_to("court_order.id"), index=True)
    condition_id: Mapped[int | None] = mapped_column(BigId, refers_to("condition.id"))
    kind: Mapped[str] = mapped_column(String(24))
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    supersedes_id: Mapped[int | None] = mapped_column(BigId, refers_to("requirement.id"), unique=True)
