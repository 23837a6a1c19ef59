"""People who work here: one personal account each, and the role they hold in an agency."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, refers_to


class User(HasId, Base):
    """A personal account. ``totp_secret`` is sealed with the site's key; ``last_totp_step`` stops replay.

    ``password_until``: the password is a made-up one for the first sign-in and is worth nothing from then on.
    ``password_list``: version of the list of common passwords that the password was held against, -1 if it
    was found on it since and has to be changed. ``ends_on``: first
    day without the account (temporary staff). ``disabled_why``: administrator, inactive or ended. ``digest``: whether
    the morning's letter with counts is wanted.
    """

    __tablename__ = "app_user"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(300), deferred=True)
    password_until: Mapped[datetime | None]
    password_list: Mapped[int] = mapped_column(default=0)
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    last_totp_step: Mapped[int] = mapped_column(BigId, default=0)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]
    ends_on: Mapped[date | None]
    disabled_at: Mapped[datetime | None]
    disabled_why: Mapped[str | None] = mapped_column(String(20))
    digest: Mapped[bool] = mapped_column(default=True)


class Membership(HasId, Base):
    """A role held in an agency from one day to another (half-open).

    ``reviewed_at``: when an administrator last looked at it and let it stand (`monitor.staff.access_review`).
    """

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "agency_id", "role", "from_on"),)

    user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"), index=True)
    agency_id: Mapped[int] = mapped_column(BigId, refers_to("agency.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    reviewed_at: Mapped[datetime | None]
