"""Taking a case of the day to record it: a named one, or the next that nobody else has."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.models import Hearing
from monitor.one_at_a_time import is_free
from monitor.results.claims import Claim, claim
from monitor.results.page import queue


def take(session: ScopedSession, hearing_id: int, now: datetime) -> Claim | None:
    """Claim this hearing; who holds it instead, None: the asker does. The hearing is there: its page was read."""
    return claim(session, session.scalars(select(Hearing).where(Hearing.id == hearing_id)).one(), now)


def take_next(session: ScopedSession, code: str, day: date, now: datetime) -> int | None:
    """Claim the first open case of the court's day that is free or the asker's own; its hearing, or None."""
    found = queue(session, code, day, now)
    lines = found.open_ones if found else ()
    free = [line.hearing_id for line in lines if line.claim is None or line.claim.mine]
    # whoever saves one of these holds it, and is given the next one then: two who waited for each other would for ever
    return next((number for number in free if is_free(session, number) and take(session, number, now) is None), None)
