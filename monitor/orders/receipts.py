"""A receipt for firearms that a deputy took in, or the person's word that there are none, and taking one back.

No list of items is kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import Select, select

from monitor.access.scoped_session import ScopedSession
from monitor.current import current
from monitor.db import writing_for_others
from monitor.models import FirearmReceipt, random_id
from monitor.one_at_a_time import one_at_a_time
from monitor.taking_back import retracted

RECEIPTS: Final = {
    "RELINQUISHED": "Firearms were handed in to us", "NO_FIREARMS_DECLARED": "The person says there are none",
}  # fmt: skip
AGAIN: Final = timedelta(minutes=10)


class Given(msgspec.Struct, frozen=True):
    """A receipt that this office gave and that stands."""

    id: int
    said: str
    at: datetime


def given(session: ScopedSession, case_id: int) -> tuple[Given, ...]:
    """Those of the case, the newest first."""
    rows = session.scalars(_own(session, case_id).order_by(FirearmReceipt.recorded_at.desc(), FirearmReceipt.id))
    return tuple(Given(row.id, RECEIPTS[row.event], row.occurred_at) for row in rows)


def take_back(session: ScopedSession, case_id: int, receipt_id: int, reason: str, now: datetime) -> bool:
    """It was never given, says the office that gave it, on whatever shift. False: none is there."""
    one_at_a_time(session, case_id)
    row = session.scalars(_own(session, case_id).where(FirearmReceipt.id == receipt_id)).first()
    if row is None:
        return False
    with writing_for_others(session, "a receipt that was an error is taken back for whoever supervises the case"):
        session.add(retracted(row, session.scope, reason, now))
    return True


def _own(session: ScopedSession, case_id: int) -> Select[FirearmReceipt]:
    return select(FirearmReceipt).where(
        FirearmReceipt.case_id == case_id, FirearmReceipt.agency_id == session.scope.agency_id,
        FirearmReceipt.event.in_(RECEIPTS), current(FirearmReceipt),
    )  # fmt: skip


def receive(session: ScopedSession, case_id: int, event: str, at: datetime, now: datetime) -> bool:
    """Put it on record; False: the same person recorded the same minutes ago, and it was sent again."""
    one_at_a_time(session, case_id)
    scope = session.scope
    before = select(FirearmReceipt.id).where(
        FirearmReceipt.case_id == case_id, FirearmReceipt.event == event, FirearmReceipt.recorded_at > now - AGAIN,
        FirearmReceipt.recorded_by_id == scope.user_id, current(FirearmReceipt),
    )  # fmt: skip
    if session.scalar(before.limit(1)) is not None:
        return False
    with writing_for_others(session, "a receipt for firearms is told to whoever supervises the case"):
        session.add(
            FirearmReceipt(id=random_id(), case_id=case_id, agency_id=scope.agency_id, event=event, occurred_at=at,
                           recorded_at=now, recorded_by_id=scope.user_id)
        )  # fmt: skip
    return True
