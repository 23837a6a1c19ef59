"""How often an office went outside the range of the matrix, and in which direction, in each quarter that is over.

Of the office as a whole, never of one officer: no league table. What is told is cut as every published count is
(`monitor.measures.suppression`); a quarter that runs is not told of, for day by day it would tell of single choices.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time
from typing import Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.measures.quarters import Quarter, newest
from monitor.measures.suppression import Shown, publish
from monitor.models import Response, Review

QUARTERS: Final = 4
PARTS: Final = ("", "DOWN", "UP")  # inside the range, milder, stronger


class Drift(msgspec.Struct, frozen=True):
    """One quarter. ``shown``: inside the range, milder, stronger and how many in all; None: hidden."""

    quarter: str
    shown: Shown


def drift(session: ScopedSession, now: datetime) -> tuple[Drift, ...]:
    """The last four quarters that are over, the newest first; empty where nothing was chosen in them."""
    quarters = [newest(now).later(-back) for back in range(QUARTERS)]
    counted = [_counted(session, quarter) for quarter in quarters]
    if not any(counted):
        return ()
    return tuple(
        Drift(quarter.words, publish([parts[outside] for outside in PARTS]))
        for quarter, parts in zip(quarters, counted, strict=True)
    )


def _counted(session: ScopedSession, quarter: Quarter) -> Counter[str]:
    chosen = select(Response.outside).join(Review, Review.id == Response.review_id).where(
        Response.agency_id == session.scope.agency_id, Review.undone_at.is_(None),
        Response.decided_at >= _begins(quarter.first_on), Response.decided_at < _begins(quarter.end_on),
    )  # fmt: skip
    return Counter(session.scalars(chosen))


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
