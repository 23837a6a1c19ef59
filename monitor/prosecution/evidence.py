"""What an evidence packet or a certified record says, as it is kept: words, days, sources and custodians.

Nothing of it depends on what this role may not know of: no number counts hidden rows, and no entry of the audit trail
is named on it, so that two cases which differ only in those give the same bytes (safeguards B3, B7).
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import msgspec

NOT_LAW = "design rule"  # as packs call a rule that is ours
_ENCODER = msgspec.json.Encoder(order="sorted")


class Piece(msgspec.Struct, frozen=True):
    """One row. ``source``: who wrote it down, and where; ``custodian``: whose record it is; ``how``: how it knows."""

    text: str
    on: date | None
    source: str
    custodian: str
    how: str = ""

    @property
    def key(self) -> str:
        """Names the row on a form: the same row has the same key."""
        told = f"{self.text}|{self.on}|{self.source}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]


class About(msgspec.Struct, frozen=True):
    """One matter of the report, in words."""

    title: str
    sentence: str
    provision: str
    first_on: date
    due_on: date | None


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A packet (``matters`` filled) or a record of a period. ``helps`` stands in it always, whoever chooses."""

    title: str
    court: str
    number: str
    person: str
    zone: str
    office: str
    made_at: datetime
    sent: str = ""
    contested: bool = False
    period: str = ""
    matters: tuple[About, ...] = ()
    orders: tuple[Piece, ...] = ()
    rests_on: tuple[Piece, ...] = ()
    helps: tuple[Piece, ...] = ()
    dismissed: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    custodian_words: str = ""

    @property
    def custodians(self) -> tuple[str, ...]:
        """Everybody whose record stands in it, in alphabetical order."""
        return tuple(sorted({one.custodian for one in (*self.orders, *self.rests_on, *self.helps)}))


def rule_of(provision: str) -> str:
    """What a paper for counsel says of a rule: of one that is ours and no law, that it is."""
    return "one of this system, no provision of law" if provision == NOT_LAW else provision


def text_of(evidence: Evidence) -> str:
    """Canonical JSON: keys in order, no spaces."""
    return _ENCODER.encode(evidence).decode()


def hash_of(text: str) -> str:
    """SHA-256 of what is kept."""
    return hashlib.sha256(text.encode()).hexdigest()
