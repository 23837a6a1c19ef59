"""By when the prosecution decides about a report: the local matrix of each matter's own day, and nothing else.

A matrix that says nothing of it, or none adopted by that day, gives no clock. What is late is the office's own lapse.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.facts import Matter
from monitor.allegations.page import Clock
from monitor.clock import local_day
from monitor.response_matrix.applying import closed_days, last_day
from monitor.response_matrix.content import NO_CLOCK
from monitor.response_matrix.versions import in_force


def clock_of(
    session: ScopedSession, case_id: int, matters: Iterable[Matter], since: datetime, zone: str, until: datetime
) -> Clock | None:
    """The tightest clock among the matters, as it stands at ``until``: now, or when the decision stopped it."""
    found: list[tuple[date, str]] = []
    shut = closed_days(session, case_id)
    for matter in matters:
        version = in_force(session, matter.first_on)
        text = version.content.classes.get(matter.response_class or "") if version.adopted else None
        day = last_day(text.clocks.get("decide", NO_CLOCK), local_day(since, zone), shut) if text else None
        if day is not None:
            found.append((day, matter.response_class or ""))
    if not found:
        return None
    day, response_class = min(found)
    return Clock(response_class, day, (local_day(until, zone) - day).days)
