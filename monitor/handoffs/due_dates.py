"""By when a gap should be done: by the site's target, or by the clock of the matrix in force on the day it began."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from monitor.clock import end_of_day, local_day
from monitor.handoffs.arrows import Arrow
from monitor.handoffs.gaps import Gap, Place, due, last_day_by_matrix
from monitor.handoffs.targets import Targets
from monitor.response_matrix.versions import in_force


class Due(msgspec.Struct, frozen=True):
    """By when, and who says so. ``at`` None: no target is set, or its clock stands still (``paused`` says why)."""

    at: datetime | None = None
    source: str = ""
    paused: str = ""


def due_of(
    session: Session, arrow: Arrow, gap: Gap, place: Place, targets: Targets, now: datetime | None = None
) -> Due:  # fmt: skip
    """By when the gap should be done. ``now``: when the words on a pause are read."""
    day = local_day(gap.started_at, place.zone)
    if arrow.matrix:
        version = in_force(session, day)
        if not version.adopted:  # the sample binds nobody
            return Due()
        last = last_day_by_matrix(gap, version.content, arrow.matrix, place)
        at = end_of_day(last.on, place.zone) if last and last.on else None
        return Due(at, version.title, last.paused(local_day(now, place.zone) if now else None)) if last else Due()
    target = targets.of(arrow.measure, day)
    return Due(due(gap.started_at, target, place), target.source) if target else Due()
