"""By when a gap should be done: by the site's target, or by the clock of the matrix in force on the day it began."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from monitor.clock import local_day
from monitor.handoffs.arrows import Arrow
from monitor.handoffs.gaps import Gap, Place, due, due_by_matrix
from monitor.handoffs.targets import Targets
from monitor.response_matrix.versions import in_force


def due_of(session: Session, arrow: Arrow, gap: Gap, place: Place, targets: Targets) -> tuple[datetime | None, str]:
    """By when, and who says so; (None, "") where no target is set."""
    day = local_day(gap.started_at, place.zone)
    if arrow.matrix:
        version = in_force(session, day)
        if not version.adopted:  # the sample binds nobody
            return None, ""
        text = version.content.classes.get(gap.response_class)
        at = due_by_matrix(gap, text.clocks.get(arrow.matrix, "none"), place) if text else None
        return at, version.title if at else ""
    target = targets.of(arrow.measure, day)
    return (due(gap.started_at, target, place), target.source) if target else (None, "")
