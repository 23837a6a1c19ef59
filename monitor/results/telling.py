"""Word of a result, or of a date that was set or taken off: to the officer, and to program, prosecutor and
victim/witness staff whose office shares the case.

Every letter reads the same and says nothing of the case (safeguard E3); what each then finds is what their desk shows.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import select

from monitor.access.in_office import to_tell_of
from monitor.access.roles import Role
from monitor.access.scoped_session import ScopedSession
from monitor.concerns import whom_to_tell
from monitor.db import looking_wide, writing_for_others
from monitor.models import Outbox
from monitor.outbox.notice import notice
from monitor.webhooks.announcing import announce_waiting

OTHERS: Final = (Role.PROGRAM, Role.PROSECUTOR, Role.VICTIM_WITNESS)
REASON: Final = "word of a result goes to the desks that share the case"


def tell(session: ScopedSession, case_id: int, about: str, at: datetime) -> int:
    """Put one letter for each into the outbox, due at ``at``; how many. ``about``: its natural key."""
    told = sorted({*whom_to_tell(session, case_id, at), *_of_other_desks(session, case_id, at)})
    session.add_all(notice(f"{about}:{user}", user, at) for user in told)
    announce_waiting(session, case_id, told, about, at)
    session.flush()
    return len(told)


def untell(session: ScopedSession, about: str) -> None:
    """Take the letters out again that nobody has sent: whoever asks has made sure that they are not due yet."""
    with writing_for_others(session, REASON):
        for row in session.scalars(select(Outbox).where(Outbox.key.like(f"{about}:%"))).all():
            session.delete(row)


def _of_other_desks(session: ScopedSession, case_id: int, now: datetime) -> set[int]:
    with looking_wide(session, REASON):
        return to_tell_of(session, OTHERS, case_id, now)
