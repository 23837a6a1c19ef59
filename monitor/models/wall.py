"""Conflict walls, the alerts that lead to them, and acts that need a second person (safeguards D1, D2, D7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OwnedByAgency, refers_to

SECOND_PERSON_ACTS = (
    "wall.remove", "role.grant", "record.unseal", "export.large", "case.seal", "case.expunge", "account.reset",
)  # fmt: skip


class Wall(HasId, OwnedByAgency, Base):
    """While it stands, no case of the person exists for the user, in whatever role (D1).

    ``agency_id``: whose privacy officer keeps it. Why it stands is sealed: it may say who is kin to whom.
    """

    __tablename__ = "wall"
    __table_args__ = (
        Index(
            "uq_wall_open", "user_id", "person_id", unique=True,
            sqlite_where=text("ended_at is null"), postgresql_where=text("ended_at is null"),
        ),
    )  # fmt: skip

    user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    person_id: Mapped[int] = mapped_column(BigId, refers_to("person.id"), index=True)
    sealed_why: Mapped[bytes] = mapped_column(LargeBinary)
    entered_by_id: Mapped[int] = mapped_column(BigId)
    entered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ConflictAlert(HasId, OwnedByAgency, Base):
    """Somebody who works here bears the name of a party. For one designated person outside that agency (D2).

    What it says is sealed: the match itself may be the secret.
    """

    __tablename__ = "conflict_alert"

    recipient_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    raised_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]


class ApprovalRequest(HasId, OwnedByAgency, Base):
    """An act that waits for a second person (D7). ``detail`` holds codes and ids, ``sealed_why`` the asker's words.

    ``beneficiary_id``: whom the act would serve; that person decides no more than the asker does.
    """

    __tablename__ = "approval_request"
    __table_args__ = (
        CheckConstraint(f"act in {SECOND_PERSON_ACTS}", name="act"),
        CheckConstraint("outcome is null or outcome in ('APPROVED', 'DECLINED')", name="outcome"),
        CheckConstraint("(outcome is null) = (decided_at is null)", name="decided"),
        CheckConstraint("decided_by_id is null or decided_by_id <> asked_by_id", name="second_person"),
        CheckConstraint(
            "decided_by_id is null or beneficiary_id is null or decided_by_id <> beneficiary_id", name="no_beneficiary"
        ),
    )

    act: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int] = mapped_column(BigId)
    beneficiary_id: Mapped[int | None] = mapped_column(BigId)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sealed_why: Mapped[bytes] = mapped_column(LargeBinary)
    asked_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    asked_at: Mapped[datetime]
    until_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(BigId)
    decided_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(8))
