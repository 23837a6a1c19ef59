"""A program's sheet on its way in, row by row."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OwnedByAgency, refers_to

UPLOAD_STATES = ("READING", "REFUSED", "NEEDS_ANSWERS", "READY", "SAVED", "UNDONE", "DISCARDED")
ROW_OUTCOMES = ("new", "same", "changed", "held", "error", "skipped")


class Upload(HasId, OwnedByAgency, Base):
    """One file. ``content`` is kept until the agency's retention day; ``answers`` are the questions a person settled.

    ``check`` holds the check page's content as last computed, by the names of the contract.
    """

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint(f"state in {UPLOAD_STATES}", name="state"),
        Index("ix_upload_agency_id_sha256", "agency_id", "sha256"),
        UniqueConstraint("receipt"),
    )

    program_id: Mapped[int] = mapped_column(BigId, refers_to("program.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(BigId, refers_to("program_group.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[str] = mapped_column(String(14))
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    check: Mapped[dict[str, Any]] = mapped_column(default=dict)
    receipt: Mapped[str | None] = mapped_column(String(20))
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int | None] = mapped_column(BigId)
    saved_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class UploadRow(HasId, OwnedByAgency, Base):
    """One cell of attendance read from a file: where it stood, what it says, what became of it."""

    __tablename__ = "upload_row"
    __table_args__ = (
        CheckConstraint(f"outcome in {ROW_OUTCOMES}", name="outcome"),
        Index("ix_upload_row_upload_id_row", "upload_id", "row"),
    )

    upload_id: Mapped[int] = mapped_column(BigId, refers_to("upload.id"))
    sheet: Mapped[str] = mapped_column(String(60), default="")
    row: Mapped[int]
    column: Mapped[str] = mapped_column(String(60), default="")
    enrollment_id: Mapped[int | None] = mapped_column(BigId, refers_to("enrollment.id"))
    occurred_on: Mapped[date | None]
    says: Mapped[str | None] = mapped_column(String(4))
    outcome: Mapped[str] = mapped_column(String(8))
    code: Mapped[str | None] = mapped_column(String(30))
    attendance_id: Mapped[int | None] = mapped_column(BigId, refers_to("attendance.id"))
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
