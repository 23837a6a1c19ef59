"""When time stands still in a case, for the clocks of the matrix: pauses on record, and hearings that were put off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.current import current
from monitor.models import Hearing, Pause
from monitor.response_matrix.clocks import BECAUSE, CONTINUED, Stop

OFF: Final = "OFF_CALENDAR"


def stops(session: ScopedSession, case_id: int, zone: str) -> tuple[Stop, ...]:
    """Of one case, as far as this reader may know of them."""
    kinds = [kind for kind in BECAUSE if kind != CONTINUED]
    told = select(Pause.starts_on, Pause.ends_on, Pause.kind).where(
        Pause.case_id == case_id, Pause.kind.in_(kinds), current(Pause)
    )  # fmt: skip
    dates = select(Hearing.starts_at, Hearing.outcome).where(Hearing.case_id == case_id)
    paused = (Stop(row.starts_on, row.ends_on, row.kind) for row in session.execute(told))
    return tuple(sorted([*paused, *continued(session.execute(dates), zone)], key=lambda one: one.since))


def continued(hearings: Iterable[Any], zone: str) -> Iterator[Stop]:
    """From the day of a hearing that was continued to the next one that was not taken off the calendar; with no date
    after it nothing says until when, and the clock runs on."""
    dates = (one for one in hearings if one.outcome != OFF)
    for one, after in pairwise(sorted(dates, key=_starts_at)):
        since, until = local_day(one.starts_at, zone), local_day(after.starts_at, zone)
        if one.outcome == CONTINUED and since < until:
            yield Stop(since, until, CONTINUED)


def _starts_at(hearing: Any) -> datetime:
    at: datetime = hearing.starts_at
    return at
