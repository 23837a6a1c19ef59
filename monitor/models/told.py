"""Who was told of a flag, and the notices that go to them when a correction says otherwise (safeguard F8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OfCase, OwnedByAgency, refers_to

ACTS = ("SEEN", "PRINTED", "DOCKET", "PACKET", "REPORTED", "EXPORTED")
NOTICES = ("WITHDRAWN", "CHANGED", "RESTORED")


class Told(HasId, OfCase, OwnedByAgency, Base):
    """A flag told to somebody of ``agency_id``: which version, when first and last, and by which act.

    ``user_id`` None: told to the agency as such, to whoever holds ``role`` there. ``document_id``: the hearing or
    packet on whose paper it stood. ``content``: the title and sentence as they were told.
    """

    __tablename__ = "told"
    __table_args__ = (
        CheckConstraint(f"act in {ACTS}", name="act"),
        Index("ix_told_flag_id_version", "flag_id", "version"),
    )

    flag_id: Mapped[int] = mapped_column(BigId, refers_to("flag.id"))
    version: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    act: Mapped[str] = mapped_column(String(8))
    document_id: Mapped[int | None] = mapped_column(BigId)
    told_at: Mapped[datetime]
    again_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]


class Notice(HasId, OfCase, OwnedByAgency, Base):
    """Word to somebody who was told of a flag: it no longer holds as told, reads otherwise, or holds again.

    ``version_told`` is what they were told, ``version_now`` what the rules say now of that day ("" nothing).
    ``content``: title, both sentences, and what became known. ``user_id`` None: for whoever holds ``role`` there.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(f"kind in {NOTICES}", name="kind"),
        Index("ix_notice_agency_id_role_read_at", "agency_id", "role", "read_at"),
    )

    told_id: Mapped[int] = mapped_column(BigId, refers_to("told.id"), index=True)
    flag_id: Mapped[int] = mapped_column(BigId, refers_to("flag.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(9))
    version_told: Mapped[str] = mapped_column(String(40))
    version_now: Mapped[str] = mapped_column(String(40))
    content: Mapped[dict[str, Any]]
    written_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    read_by_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))
