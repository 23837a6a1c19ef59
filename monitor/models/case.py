"""Cases, the agencies that share each, and who is assigned to it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OwnedByAgency, refers_to


class Case(HasId, OwnedByAgency, Base):
    """One court case about one person; ``agency_id`` is the court's agency."""

    __tablename__ = "court_case"
    __table_args__ = (UniqueConstraint("court_id", "number"),)

    court_id: Mapped[int] = mapped_column(BigId, refers_to("court.id"), index=True)
    judge_id: Mapped[int | None] = mapped_column(BigId, refers_to("judge.id"), index=True)
    person_id: Mapped[int] = mapped_column(BigId, refers_to("person.id"), index=True)
    number: Mapped[str] = mapped_column(String(40), index=True)
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]


class CaseAgency(HasId, Base):
    """An agency that shares a case. A case is there for an agency only while such a row is open.

    ``from_on`` to ``until_on`` is half-open. Court, probation office and each program have one.
    """

    __tablename__ = "case_agency"
    __table_args__ = (
        UniqueConstraint("case_id", "agency_id"),
        CheckConstraint("until_on is null or until_on >= from_on", name="span"),
        Index("ix_case_agency_agency_id_case_id", "agency_id", "case_id"),
    )

    case_id: Mapped[int] = mapped_column(BigId, refers_to("court_case.id"))
    agency_id: Mapped[int] = mapped_column(BigId, refers_to("agency.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class Assignment(HasId, OwnedByAgency, Base):
    """The officer who supervises a case, from one day to another (half-open).

    ``made_at``, ``made_by_id``: who assigned it when; rows of one act share both. None: before that was kept.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        # one officer at a time: at most one open assignment a case and office
        Index(
            "uq_assignment_open", "case_id", "agency_id", unique=True,
            sqlite_where=text("until_on is null"), postgresql_where=text("until_on is null"),
        ),
        # whom somebody was given lately, without a look at all that an office has
        Index(
            "ix_assignment_open_from_on", "from_on",
            sqlite_where=text("until_on is null"), postgresql_where=text("until_on is null"),
        ),
        # an officer's cases, which nearly each statement of their pages asks for
        Index("ix_assignment_user_id_until_on_case_id", "user_id", "until_on", "case_id"),
        CheckConstraint("until_on is null or until_on >= from_on", name="span"),
    )

    case_id: Mapped[int] = mapped_column(BigId, refers_to("court_case.id"), index=True)
    user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    made_at: Mapped[datetime | None]
    made_by_id: Mapped[int | None] = mapped_column(BigId)
