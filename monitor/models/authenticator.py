"""What a person proves to be themselves with besides a password: passkeys, recovery codes, agency sign-on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, refers_to


class Passkey(HasId, Base):
    """A public key that a device or a security key answers with (WebAuthn). ``sign_count`` must only grow."""

    __tablename__ = "passkey"
    __table_args__ = (UniqueConstraint("credential_id"),)

    user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023))
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigId)
    name: Mapped[str] = mapped_column(String(60))
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(HasId, Base):
    """One of ten codes on paper, for when every other authenticator is lost. Only its hash is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignOnIdentity(HasId, Base):
    """The person as the agency's own sign-on knows them: issuer and subject, never an e-mail address."""

    __tablename__ = "sign_on_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    user_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime]


class SpentChallenge(Base):
    """A challenge that was answered: it is worth nothing a second time. Kept until it would have run out anyway."""

    __tablename__ = "spent_challenge"

    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    spent_at: Mapped[datetime]
