"""Word to an agency's software, written in the transaction that causes it; `monitor.webhooks.sending` sends it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.reach import walled_from
from monitor.access.scope import trusted_sql
from monitor.access.scoped_session import ScopedSession
from monitor.db import looking_wide
from monitor.models import CaseAgency, Membership, Outbox, WebhookEndpoint
from monitor.webhooks.kinds import KINDS, why_of

CHANNEL: Final = "webhook"
REASON: Final = "which agencies' software is told that something waits"


def announce(
    session: Session, agencies: Iterable[int], kind: str, cause: str, now: datetime, *, about: int | None = None,
    due_at: datetime | None = None,
) -> int:  # fmt: skip
    """Tell the software of ``agencies`` that asked for ``kind``; how many words were written.

    ``cause``: the natural key, told once to each endpoint. ``about``: an id that this agency's software may ask our API
    for; without one the word's own. ``due_at``: not before.
    """
    live = WebhookEndpoint.agency_id.in_(sorted(set(agencies))), WebhookEndpoint.ended_at.is_(None)
    with _looking(session):
        rows = session.execute(select(WebhookEndpoint.id, WebhookEndpoint.kinds).where(*live)).all()
        keys = {f"{cause}:{CHANNEL}:{number}": number for number, kinds in rows if kind in kinds}
        known = set(session.scalars(select(Outbox.key).where(Outbox.key.in_(sorted(keys))))) if keys else set()
    words = [word(key, keys[key], kind, now, about, due_at) for key in sorted(keys.keys() - known)]
    session.add_all(words)
    session.flush()
    return len(words)


def announce_waiting(
    session: Session, case_id: int, people: Iterable[int], cause: str, now: datetime, due_at: datetime | None = None
) -> int:
    """Tell the offices of ``people``, who were just told themselves, that something new waits; how many words.

    Not an office where anybody is walled off from the case: its software may be read by that very person (D1).
    """
    told, walled = sorted(set(people)), walled_from(case_id)
    if not told:
        return 0
    sharing = select(CaseAgency.agency_id).where(CaseAgency.case_id == case_id, CaseAgency.until_on.is_(None))
    kept_from = select(Membership.agency_id).where(Membership.user_id.in_(walled))
    offices = select(Membership.agency_id).distinct().where(
        Membership.user_id.in_(told), Membership.until_on.is_(None) | (Membership.until_on >= now.date()),
        Membership.agency_id.in_(sharing),
        Membership.agency_id.not_in(kept_from),
    )  # fmt: skip
    with _looking(session):
        found = list(session.scalars(offices))
    return announce(session, found, "item.waiting", cause, now, due_at=due_at)


def word(
    key: str, endpoint_id: int, kind: str, now: datetime, about: int | None = None, due_at: datetime | None = None
) -> Outbox:
    """One word for one endpoint, to be added in the transaction that causes it."""
    data = {"id": str(about) if about else name_of(key), "why": why_of(kind)}
    told = {"type": kind, "timestamp": _instant(now), "data": data}
    return Outbox(
        key=key, channel=CHANNEL, recipient_id=endpoint_id, subject=kind, body=msgspec.json.encode(told).decode(),
        why=why_of(kind), due_at=due_at or now,
    )  # fmt: skip


def name_of(key: str) -> str:
    """The id by which a receiver knows a repeat: the same for every try, and no id of the record."""
    return f"msg_{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def label_of(kind: str) -> str:
    """What the administrator calls it."""
    return KINDS[kind].label if kind in KINDS else "A test"


def _instant(now: datetime) -> str:
    return now.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _looking(session: Session) -> AbstractContextManager[None]:
    return looking_wide(session, REASON) if isinstance(session, ScopedSession) else trusted_sql(REASON)
