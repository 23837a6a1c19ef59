"""Dismissed flags that are kept no longer: what stops the rules from asking again, and how often each rule erred."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, HasId, OfCase


class ForgottenFlag(HasId, OfCase, Base):
    """One question that was dismissed and deleted (safeguard H1). ``key_hash``: SHA-256 of the flag's key.

    Whatever the rules say under that key of a stretch that had begun by ``dismissed_at`` is answered already.
    """

    __tablename__ = "forgotten_flag"
    __table_args__ = (UniqueConstraint("key_hash"),)

    key_hash: Mapped[str] = mapped_column(String(64))
    dismissed_at: Mapped[datetime]


class DismissalCount(Base):
    """How many flags of a rule were dismissed and deleted since: the rule's errors, of nobody in particular."""

    __tablename__ = "dismissal_count"

    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    flags: Mapped[int]
