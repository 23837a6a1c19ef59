"""A program's own machine that brings sheets in, and the answers it was given under its keys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OwnedByAgency, refers_to


class Machine(HasId, OwnedByAgency, Base):
    """An account that no person signs in with. A program's brings in its sheets and does nothing else; one of dispatch
    or law enforcement (``program_id`` None) asks about orders and files incidents for its agency.

    ``secret_hash`` is a keyed hash of what was shown once. ``name`` is a code, kept in the audit trail; it is given to
    no other machine of the agency, not after its end either. ``made_by_id``: None where a command made it.
    """

    __tablename__ = "machine"
    __table_args__ = (UniqueConstraint("agency_id", "name"), UniqueConstraint("secret_hash"))

    program_id: Mapped[int | None] = mapped_column(BigId, refers_to("program.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    made_by_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class KeptAnswer(HasId, OwnedByAgency, Base):
    """What a sheet was answered with, under the key it came with: sent again, it is answered and not done again.

    ``key_hash`` and ``body_hash`` are SHA-256 of the sender with its key, and of all that was sent. ``content`` is the
    answer itself; it goes with the row after `monitor.intake.keys.KEPT`.
    """

    __tablename__ = "kept_answer"
    __table_args__ = (UniqueConstraint("agency_id", "key_hash"),)

    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    upload_id: Mapped[int | None] = mapped_column(BigId, refers_to("upload.id"), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(index=True)
