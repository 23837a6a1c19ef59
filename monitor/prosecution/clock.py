"""By when the prosecution decides about a report: the local matrix of each matter's own day, and nothing else.

A matrix that says nothing of it, or none adopted by that day, gives no clock. What is late is the office's own lapse.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.clocks import tightest
from monitor.allegations.facts import Matter
from monitor.allegations.page import Clock
from monitor.clock import local_day
from monitor.response_matrix.applying import closed_days
from monitor.response_matrix.clocks import LastDay, last_day_of
from monitor.response_matrix.stops import stops
from monitor.response_matrix.versions import in_force


def clock_of(
    session: ScopedSession, case_id: int, matters: Iterable[Matter], since: datetime, zone: str, until: datetime
) -> Clock | None:
    """The tightest clock among the matters, as it stands at ``until``: now, or when the decision stopped it."""
    found: list[tuple[LastDay, str]] = []
    shut, still = closed_days(session, case_id), stops(session, case_id, zone)
    for matter in matters:
        version = in_force(session, matter.first_on)
        of_class, from_on = matter.response_class or "", local_day(since, zone)
        last = last_day_of(version.content, of_class, "decide", from_on, shut, still) if version.adopted else None
        if last is not None:
            found.append((last, of_class))
    if not found:
        return None
    last, of_class = min(found, key=lambda one: (tightest(one[0]), one[1]))
    return Clock.of(of_class, last, local_day(until, zone))
