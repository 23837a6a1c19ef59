"""Versions of the local response matrix, the responses chosen by it, and steps that people met."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, Fact, HasId, OfCase, OwnedByAgency, refers_to


class ResponseMatrix(HasId, OwnedByAgency, Base):
    """One version: edited as a draft, signed by named people, in force from a day. Triggers keep it from then on.

    ``number`` is given when it comes into force. ``signed``: name, agency and day of each who signed; the text rests
    from the first on (``signatures``: how many). ``source``: what the text was drawn from.
    ``disparity_on``: the day on which it was last reviewed for disparity; ``review_on``: by when it is reviewed next.
    """

    __tablename__ = "response_matrix"
    __table_args__ = (
        CheckConstraint(
            "(number is null) = (put_at is null) and (put_at is null) = (put_by_id is null)"
            " and (put_at is null) = (in_force_from is null)", name="put",
        ),
        CheckConstraint("put_by_id is null or put_by_id <> made_by_id", name="second_person"),
        CheckConstraint("put_at is null or length(what_changed) > 0", name="says_why"),
    )  # fmt: skip

    number: Mapped[int | None] = mapped_column(unique=True)
    content: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(Text)
    what_changed: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    signed: Mapped[list[Any]] = mapped_column(default=list)
    signatures: Mapped[int] = mapped_column(default=0)
    in_force_from: Mapped[date | None]
    disparity_on: Mapped[date | None]
    review_on: Mapped[date | None]
    put_at: Mapped[datetime | None]
    put_by_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))


class Response(HasId, OfCase, OwnedByAgency, Base):
    """What a reviewer chose from the matrix, or outside it and why. ``cell``: of the version in force, B.ELEVATED.2.

    ``outside``: UP, DOWN or nothing. ``second_up``: it follows another above the range; a supervisor looks at it.
    ``court_days``: from the day on which the question was opened.
    """

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("outside in ('', 'UP', 'DOWN')", name="outside"),
        CheckConstraint("outside = '' or (length(why) > 0 and length(words) > 0)", name="says_why"),
        CheckConstraint("(seen_at is null) = (seen_by_id is null)", name="seen"),
        Index("ix_response_agency_id_cell_decided_at", "agency_id", "cell", "decided_at"),
    )

    review_id: Mapped[int] = mapped_column(BigId, refers_to("review.id"), unique=True)
    matrix_id: Mapped[int] = mapped_column(BigId, refers_to("response_matrix.id"))
    cell: Mapped[str] = mapped_column(String(16))
    chosen: Mapped[str] = mapped_column(String(200))
    outside: Mapped[str] = mapped_column(String(4), default="")
    why: Mapped[str] = mapped_column(String(16), default="")
    words: Mapped[str] = mapped_column(String(300), default="")
    court_days: Mapped[int]
    second_up: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[datetime]
    by_user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    seen_at: Mapped[datetime | None]
    seen_by_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))


class Incentive(Fact, Base):
    """A step that the person met and how it was acknowledged: a fact of the office, read by the court as well."""

    __tablename__ = "incentive"

    occurred_on: Mapped[date]
    step: Mapped[str] = mapped_column(String(200))
    answer: Mapped[str] = mapped_column(String(200))
