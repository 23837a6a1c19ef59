"""A claim on a hearing: who is recording it now. It runs out by itself, so nobody who went home holds up a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.models import Hearing, HearingClaim, User
from monitor.one_at_a_time import one_at_a_time

LEASE: Final = timedelta(minutes=10)


class Claim(msgspec.Struct, frozen=True):
    """Who holds a hearing, and until when; ``mine``: the asker."""

    user_id: int
    name: str
    until_at: datetime
    mine: bool


def claims_of(session: ScopedSession, hearings: Iterable[int], now: datetime) -> dict[int, Claim]:
    """By hearing, the claims that stand."""
    told = (
        select(HearingClaim.hearing_id, HearingClaim.user_id, User.name, HearingClaim.until_at)
        .join(User, User.id == HearingClaim.user_id)
        .where(HearingClaim.hearing_id.in_(list(hearings)), HearingClaim.until_at > now)
    )
    return {
        row.hearing_id: Claim(row.user_id, row.name, row.until_at, row.user_id == session.scope.user_id)
        for row in session.execute(told)
    }


def claim(session: ScopedSession, hearing: Hearing, now: datetime) -> Claim | None:
    """Take the hearing for the asker; None: it is theirs now. Else who holds it, and nothing was written."""
    one_at_a_time(session, hearing.id)
    row = session.scalar(
        select(HearingClaim).where(HearingClaim.hearing_id == hearing.id).execution_options(populate_existing=True)
    )
    if row is not None and row.until_at > now and row.user_id != session.scope.user_id:
        return claims_of(session, [hearing.id], now)[hearing.id]
    if row is None:
        row = HearingClaim(case_id=hearing.case_id, agency_id=hearing.agency_id, hearing_id=hearing.id)
        session.add(row)
    row.user_id, row.until_at = session.scope.user_id, now + LEASE
    session.flush()
    return None


def give_back(session: ScopedSession, hearing_id: int, now: datetime) -> None:
    """End the asker's own claim; somebody else's stays."""
    row = session.scalar(select(HearingClaim).where(HearingClaim.hearing_id == hearing_id))
    if row is not None and row.user_id == session.scope.user_id and row.until_at > now:
        row.until_at = now
        session.flush()
