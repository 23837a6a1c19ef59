"""A registry packet that is due in the folder of the court's office that made the order: what is written, and when not.

The row holds ids alone: the packet bears a protected name, so it is made when the file is written, and kept nowhere.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.reach import walled_from
from monitor.access.scoped_session import ScopedSession
from monitor.db import looking_wide
from monitor.models import Membership, Order, OrderStep, Outbox

CHANNEL: Final = "drop"
WHY: Final = "An order was signed, changed or ended, and the registry is to be told."
REASON: Final = "whether anybody of an office is walled off from a case, before its folder gets a file of it"


class Cause(msgspec.Struct, frozen=True):
    """What a row stands for: the step that asked for an entry, of which order and case, and when."""

    step: int
    order: int
    case: int
    at: datetime


def post(session: ScopedSession, order: Order, step: OrderStep, now: datetime) -> None:
    """Write that a packet is due, in the transaction that asks for the entry; not where somebody is walled off.

    Nothing where the site has no outgoing folder (`Database.drops`).
    """
    if not session.info.get("drops"):
        return
    with looking_wide(session, REASON):
        kept = kept_from(session, order.agency_id, order.case_id, now)
    if kept:
        return
    cause = Cause(step.id, order.id, order.case_id, now)
    session.add(
        Outbox(key=f"registry:{step.id}:{CHANNEL}", channel=CHANNEL, recipient_id=order.agency_id,
               subject="registry packet", body=msgspec.json.encode(cause).decode(), why=WHY, due_at=now)
    )  # fmt: skip


def kept_from(session: Session, agency_id: int, case_id: int, now: datetime) -> bool:
    """Whether anybody of that office is walled off from the case: its folder may be read by that very person (D1), also
    by one whose last day is known. No agency's day is further back than yesterday."""
    there = Membership.until_on.is_(None) | (Membership.until_on >= now.date() - timedelta(days=1))
    people = select(Membership.user_id).where(Membership.agency_id == agency_id, there)
    walled = people.where(Membership.user_id.in_(walled_from(case_id))).limit(1)
    return session.scalar(walled) is not None


def stem_of(key: str, at: datetime) -> str:
    """The stable name of the files of a row: in order of time, and without an id of the record."""
    return f"{at:%Y%m%dT%H%M%SZ}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
