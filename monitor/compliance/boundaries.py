"""Time passing: flags open and close as the bounds of kept spans pass. No evaluation, no look-back limit.

The high-water mark says up to which instant flags tell the truth. Whoever brings flags up to date holds the mark: a
sweep alone, evaluations together, so that no bound falls between a sweep's look and an evaluation's commit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from monitor.compliance.chunks import parts
from monitor.compliance.flags import Upkeep, refresh_flags
from monitor.compliance.ground import add_mark
from monitor.models import Base, Mark, Span
from monitor.models.dirtying import KNOWLEDGE

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


def open_before_news(session: Session, kept: pl.DataFrame, now: datetime) -> Upkeep:
    """Open flags of kept spans that began, unseen, before the news came that an evaluation is about to write.

    After an outage the evaluation may come before the sweep. Its spans say what is known now; that a flag held from
    midnight until it was answered at noon was known at midnight, and belongs on record whoever comes first. ``kept``:
    the current spans of the cases, before they change.
    """
    mark, upkeep = _held_mark(session, shared=True), Upkeep()
    passed = kept.filter((pl.col("starts_at") > mark.at) & (pl.col("starts_at") <= now))
    if mark.at == NEVER or passed.is_empty():
        return upkeep
    for moment, cases in _news_since(session, passed["person"].unique().to_list(), mark.at).items():
        ours = kept.filter(pl.col("person").is_in(cases))
        upkeep.add(refresh_flags(session, cases, min(moment, now), mark.at, ours, only_new=True))
    return upkeep


def _news_since(session: Session, cases: Sequence[int], since: datetime) -> dict[datetime, list[int]]:
    """When the first record about each of ``cases`` after an instant was made, and of which cases."""
    first: dict[int, datetime] = {}
    for entity in _recorded():
        for part in parts(cases):
            told = select(entity.case_id, func.min(entity.recorded_at).label("at"))
            told = told.where(entity.case_id.in_(part), entity.recorded_at > since).group_by(entity.case_id)
            for case, at in session.execute(told):
                first[case] = min(at, first.get(case, at))
    moments: dict[datetime, list[int]] = defaultdict(list)
    for case in sorted(first):
        moments[first[case]].append(case)
    return moments


def _recorded() -> list[Any]:
    mapped = [mapper.class_ for mapper in Base.registry.mappers]
    return [entity for entity in mapped if issubclass(entity, KNOWLEDGE) and hasattr(entity, "recorded_at")]


def _held_mark(session: Session, *, shared: bool) -> Mark:
    lock: Any = {"read": True} if shared else True
    mark = session.get(Mark, SWEEP, with_for_update=lock, populate_existing=True)
    if mark is None:
        add_mark(session, SWEEP, NEVER)
        mark = session.get_one(Mark, SWEEP, with_for_update=lock, populate_existing=True)
    return mark
