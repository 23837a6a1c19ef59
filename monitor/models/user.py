"""People who work here: one personal account each, and the role they hold in an agency."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, refers_to


class User(HasId, Base):
    """A personal account. ``totp_secret`` is sealed with the site's key; ``last_totp_step`` stops replay."""

    __tablename__ = "app_user"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(300), deferred=True)
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    last_totp_step: Mapped[int] = mapped_column(BigId, default=0)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class Membership(HasId, Base):
    """A role held in an agency from one day to another (half-open)."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "agency_id", "role", "from_on"),)

    user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"), index=True)
    agency_id: Mapped[int] = mapped_column(BigId, refers_to("agency.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
