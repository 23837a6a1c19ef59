"""Responses to a person so far, as far as they still count toward the next one (safeguard H4, response matrix)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.models import Flag, Review

AGES_OUT: Final = timedelta(days=365)


def steps_before(session: ScopedSession, case_id: int, now: datetime) -> int:
    """How many responses count: each within twelve months of the next one, the last within twelve months of ``now``.

    A response that no other followed for twelve months has aged out, and whatever came before it with it.
    """
    told = (
        select(Review.decided_at).join(Flag, Flag.id == Review.flag_id)
        .where(
            Review.case_id == case_id, Review.decision.in_(("HANDLE", "ACT")), Review.undone_at.is_(None),
            Review.decided_at <= now, Flag.state.in_(("HANDLED", "ACTED")), Flag.owner == "offender",
        ).order_by(Review.decided_at.desc())
    )  # fmt: skip
    count, later = 0, now
    for at in session.scalars(told):
        if later - at > AGES_OUT:
            break
        count, later = count + 1, at
    return count
