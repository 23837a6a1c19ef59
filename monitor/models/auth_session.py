"""Signed-in sessions and sign-in attempts. Only the hash of a token is kept (security/design 2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, random_id, refers_to


class AuthSession(Base):
    """One signed-in browser.

    ``created_at``: when its person signed in; a fresh token after a step-up keeps it, so twelve hours stay twelve.
    ``mfa_at``: when the last fresh factor was given, null between the password and the code. ``how``: which factor
    that was (totp, recovery, passkey, sign_on). ``locked_at``: the screen is locked until the person unlocks it.
    ``id`` is what a list of sessions names it by, and opens nothing.
    """

    __tablename__ = "auth_session"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    id: Mapped[int] = mapped_column(BigId, unique=True, default=random_id)
    user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"), index=True)
    membership_id: Mapped[int | None] = mapped_column(BigId, refers_to("membership.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    mfa_at: Mapped[datetime | None]
    how: Mapped[str] = mapped_column(String(10), default="")
    locked_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    asked_from: Mapped[str | None] = mapped_column(String(45))
    browser: Mapped[str] = mapped_column(String(40), default="")


class SignInAttempt(Base):
    """Attempts reserved before the password is looked at; ``subject`` is a keyed hash, never an address."""

    __tablename__ = "sign_in_attempt"

    subject: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    window_started_at: Mapped[datetime]
    attempts: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10), default="account")
