"""Spans that rules emit, flags kept for a person to review, and the reviews."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to

OWNERS = ("offender", "provider", "probation", "court", "prosecutor", "system")
FLAG_STATES = (
    "OPEN", "ACKNOWLEDGED", "DISMISSED", "EXCUSED", "HANDLED", "REPORTED", "ACTED", "CLEARED", "WITHDRAWN",
)  # fmt: skip
REVIEW_DECISIONS = ("ACKNOWLEDGE", "DISMISS", "EXCUSE", "HANDLE", "ACT", "REOPEN")


class Span(HasId, OfCase, Base):
    """What a rule says of an order from one day to another, as known between two instants.

    ``key`` is stable (rule, order, first triggering fact); a flag whose count changes has several rows of one key, one
    after another. ``version`` is the hash of the content. ``known_from`` to
    ``known_until`` (half-open, null = still) is the known axis: an evaluation that says otherwise closes the row and
    adds a new one, so replay is a read.
    """

    __tablename__ = "span"
    __table_args__ = (
        Index(
            "uq_span_current", "key", "starts_at", unique=True,
            sqlite_where=text("known_until is null"), postgresql_where=text("known_until is null"),
        ),
        Index("ix_span_boundary_start", "starts_at"),
        Index("ix_span_boundary_end", "ends_at"),
        CheckConstraint("ends_at is null or ends_at > starts_at", name="span"),
        CheckConstraint(f"owner in {OWNERS}", name="owner"),
    )  # fmt: skip

    order_id: Mapped[int] = mapped_column(BigId, refers_to("court_order.id"), index=True)
    key: Mapped[str] = mapped_column(String(120))
    version: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(48))
    owner: Mapped[str] = mapped_column(String(10))
    response_class: Mapped[str | None] = mapped_column(String(1))
    severity: Mapped[str] = mapped_column(String(8))
    certainty: Mapped[str] = mapped_column(String(16), default="CERTAIN")
    starts_on: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    clears_on: Mapped[date | None]
    about_id: Mapped[int | None] = mapped_column(BigId)
    content: Mapped[dict[str, Any]]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]


class Flag(HasId, OfCase, OwnedByAgency, Base):
    """A span kept for a person to review; ``agency_id`` is the agency whose people review it.

    ``key`` is the span's stable key: acknowledgement outlives new evidence and dies with the span. ``version`` is the
    content last shown. ``earlier`` is what the row said before each change, oldest first (`monitor.flag_history`), so
    that a page of an earlier instant can be drawn again. A flag is a question, never a finding.
    """

    __tablename__ = "flag"
    __table_args__ = (
        Index("uq_flag_key", "key", unique=True),
        Index("ix_flag_agency_id_state", "agency_id", "state"),
        CheckConstraint(f"state in {FLAG_STATES}", name="state"),
        CheckConstraint(f"owner in {OWNERS}", name="owner"),
    )

    key: Mapped[str] = mapped_column(String(120))
    span_id: Mapped[int] = mapped_column(BigId, refers_to("span.id"))
    version: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(48))
    owner: Mapped[str] = mapped_column(String(10))
    response_class: Mapped[str | None] = mapped_column(String(1))
    severity: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(12), default="OPEN")
    first_on: Mapped[date]
    due_on: Mapped[date | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    contested: Mapped[bool] = mapped_column(default=False)
    earlier: Mapped[list[Any]] = mapped_column(default=list)


class Review(HasId, OfCase, OwnedByAgency, Base):
    """A person's decision on a flag, about the content they saw (``version``). Never edited; the last one counts.

    ``content`` keeps what they saw and said: the sentence, provision and rows, and the answers to barrier questions.
    """

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint(f"decision in {REVIEW_DECISIONS}", name="decision"),
        CheckConstraint("decision not in ('DISMISS', 'EXCUSE', 'HANDLE') or length(words) > 0", name="needs_words"),
    )

    flag_id: Mapped[int] = mapped_column(BigId, refers_to("flag.id"), index=True)
    version: Mapped[str] = mapped_column(String(40))
    decision: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text, default="")
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    by_user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    decided_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
