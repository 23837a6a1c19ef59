"""Time passing: flags open and close as the bounds of kept spans pass. No evaluation, no look-back limit.

The high-water mark says up to which instant flags tell the truth. Whoever brings flags up to date holds the mark: a
sweep alone, evaluations together, so that no bound falls between a sweep's look and an evaluation's commit.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from monitor.compliance.flags import Upkeep, refresh_flags
from monitor.compliance.ground import add_mark
from monitor.models import Mark, Span

SWEEP = "sweep"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def sweep(session: Session, now: datetime) -> Upkeep:
    """Open and close flags whose spans began or ended since the last sweep, however long ago that was."""
    mark = _held_mark(session, shared=False)
    if mark.at >= now:  # a clock that was set back: flags never go back
        return Upkeep()
    began = (Span.starts_at > mark.at) & (Span.starts_at <= now)
    ended = (Span.ends_at > mark.at) & (Span.ends_at <= now)
    found = select(Span.case_id).where(Span.known_until.is_(None), or_(began, ended)).distinct()
    upkeep = refresh_flags(session, sorted(session.scalars(found)), now, None if mark.at == NEVER else mark.at)
    mark.at = now
    return upkeep


def no_earlier_than_sweep(session: Session, now: datetime) -> datetime:
    """``now``, or the high-water mark if that is ahead; keeps the sweep waiting until this transaction ends."""
    return max(now, _held_mark(session, shared=True).at)


def _held_mark(session: Session, *, shared: bool) -> Mark:
    lock: Any = {"read": True} if shared else True
    mark = session.get(Mark, SWEEP, with_for_update=lock, populate_existing=True)
    if mark is None:
        add_mark(session, SWEEP, NEVER)
        mark = session.get_one(Mark, SWEEP, with_for_update=lock, populate_existing=True)
    return mark
