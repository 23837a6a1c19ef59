"""A person's place in a program, and what has happened to it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, Fact, HasId, OfCase, OwnedByAgency, refers_to

ENROLLMENT_EVENTS = (
    "REFERRED", "CONTACTED", "INTAKE_SCHEDULED", "INTAKE_HELD", "INTAKE_FAILED", "ENROLLED", "REJECTED",
    "GROUP_CHANGED", "DISCHARGED", "EXITED",
)  # fmt: skip
DISCHARGE_REASONS = (
    "COMPLETED", "ABSENCES", "BEHAVIOUR", "NON_PAYMENT", "PROGRAM_CLOSED", "MOVED", "ADMINISTRATIVE", "DECEASED",
)  # fmt: skip


class Enrollment(HasId, OfCase, OwnedByAgency, Base):
    """A place in a program; ``agency_id`` is the program's agency, ``code`` its own participant number.

    Dates of joining and leaving are facts: `EnrollmentEvent`. ``recorded_at``: when the referral was put on record.
    The group changes through `monitor.amending` only, which keeps what it was before.
    """

    __tablename__ = "enrollment"
    __table_args__ = (UniqueConstraint("program_id", "code"),)

    program_id: Mapped[int] = mapped_column(BigId, refers_to("program.id"), index=True)
    person_id: Mapped[int] = mapped_column(BigId, refers_to("person.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(BigId, refers_to("program_group.id"), index=True)
    code: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime]


class EarlierPlace(HasId, OfCase, OwnedByAgency, Base):
    """The group of a place until it became known that it is another; written by `monitor.amending`, never changed."""

    __tablename__ = "earlier_place"

    enrollment_id: Mapped[int] = mapped_column(BigId, refers_to("enrollment.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(BigId, refers_to("program_group.id"))
    until_at: Mapped[datetime]


class EnrollmentEvent(Fact, Base):
    """Something that happened to a place: referred, intake, enrolled, discharged."""

    __tablename__ = "enrollment_event"
    __table_args__ = (
        CheckConstraint(f"event in {ENROLLMENT_EVENTS}", name="event"),
        CheckConstraint(f"why is null or why in {DISCHARGE_REASONS}", name="why"),
    )

    enrollment_id: Mapped[int] = mapped_column(BigId, refers_to("enrollment.id"), index=True)
    event: Mapped[str] = mapped_column(String(18))
    occurred_on: Mapped[date]
    why: Mapped[str | None] = mapped_column(String(16))
