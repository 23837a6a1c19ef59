"""A quarter's measures: drawn up once by the coordinator, from the whole record, and the same for every reader since.

The coordinator reads no case. The machine counts, and only what may be published is kept. Whoever has a conflict wall
reads the same numbers as everybody: numbers of their own would tell them, beside a colleague's, that a wall stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.handoffs.places import places_with_stops
from monitor.handoffs.targets import Targets
from monitor.measures.cohort import end_to_end, shares, standing
from monitor.measures.consistency import agreement, burden, openings, outside, rule_errors
from monitor.measures.content import Content, read, stored
from monitor.measures.hand_offs import Ground, gap_lines
from monitor.measures.not_held import NOT_HELD
from monitor.measures.quarters import Quarter, newest, quarter_of
from monitor.models import MeasureRelease
from monitor.models.base import random_id

OF_GAP = ("target", "source", "many", "in_time", "missed", "late", "past", "percent", "median", "p90", "loss")
BACK = 7  # how many quarters before the newest one can still be drawn up


class Release(msgspec.Struct, frozen=True):
    """One that was drawn up."""

    quarter: Quarter
    content: Content
    made_at: datetime


def counted(session: Session, quarter: Quarter, targets: Targets) -> Content:
    """What may be published of a quarter; call inside `looking_wide`, or in a machine's session."""
    ground = Ground(quarter, places_with_stops(session, None, quarter.as_of), targets)
    gaps, waiting = gap_lines(session, ground)
    responded = next(line for line in gaps if line.measure == "M12")
    return Content(
        gaps=gaps, waiting=waiting, cohort=(end_to_end(session, ground), *shares(session, ground)),
        standing=standing(session, ground), consistency=agreement(session, ground, responded),
        outside=(outside(session, ground), openings(session, ground)), rules=rule_errors(session),
        burden=burden(session, ground), not_held=NOT_HELD,
    )  # fmt: skip


def drawable(session: Session, now: datetime) -> tuple[Quarter, ...]:
    """Quarters that can be drawn up and are not yet, the newest first."""
    there = set(session.scalars(select(MeasureRelease.quarter)))
    last = newest(now)
    return tuple(one for back in range(BACK + 1) if (one := last.later(-back)).name not in there)


def keep(session: Session, quarter: Quarter, content: Content, by: int | None, now: datetime) -> None:
    """Publish it."""
    session.add(MeasureRelease(id=random_id(), quarter=quarter.name, content=stored(content), made_at=now,
                               made_by_id=by))  # fmt: skip
    session.flush()


def released(session: Session) -> list[Quarter]:
    """Quarters that were drawn up, the newest first."""
    return sorted(filter(None, map(quarter_of, session.scalars(select(MeasureRelease.quarter)))), reverse=True)


def release(session: Session, quarter: Quarter) -> Release | None:
    """One of them; None: not drawn up."""
    row = session.scalars(select(MeasureRelease).where(MeasureRelease.quarter == quarter.name)).first()
    return Release(quarter, read(row.content), row.made_at) if row else None


def lines(found: Release) -> Iterator[tuple[str, str, str, Any]]:
    """Measure, title, what, value: the same as rows of a sheet. An empty value is hidden."""
    for gap in found.content.gaps:
        for name in OF_GAP:
            yield gap.measure, gap.title, name, getattr(gap, name)
        for one in gap.agencies:
            for name in ("in_time", "missed", "percent"):
                yield gap.measure, gap.title, f"{one.name}: {name}", getattr(one, name)
    for table in (*found.content.waiting, *found.content.standing, *found.content.outside):
        yield from ((table.measure, table.title, words, cell) for words, cell in table.bands)
        yield table.measure, table.title, "total", table.total
    for share in (*found.content.cohort, *found.content.consistency, *found.content.rules, *found.content.burden):
        yield share.measure, share.title, share.means, share.value
    yield from ((one.measure, one.title, "not held", one.why) for one in found.content.not_held)
