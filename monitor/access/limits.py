"""How much one session and one account may do: counted in the audit trail, so the count holds across processes.

Every page about people leaves an entry there anyway; no other row is written. The net is for programs that page through
a record in somebody's name, not for people: nobody reads five pages a second.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from monitor.db import Database
from monitor.models import AuditEntry

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# of one session, as a share of what its account may do in a minute
OF_SESSION = 0.7
# heavier acts, by event: so many an hour by one account
PER_HOUR = {
    "upload.create": 60, "upload.export": 60, "packet.made": 60, "audit.agency_read": 600, "batch.create": 600,
}  # fmt: skip


def must_wait(
    database: Database, user_id: int | None, session_mark: str, event: str, now: datetime, per_minute: int
) -> timedelta | None:
    """How long until this account may go on; None: at once. ``per_minute`` 0 switches the limits off.

    ``user_id`` None: a machine, which has no sessions; its own mark tells it from others.
    """
    if not per_minute:
        return None
    with database.system("how much this account did just now", writes=False) as session:
        mine = (AuditEntry.user_id + 0) == user_id if user_id is not None else AuditEntry.session_mark == session_mark
        done = session.execute(_lately(mine, now - MINUTE)).all()
        if len(done) >= per_minute or sum(row.session_mark == session_mark for row in done) >= OF_SESSION * per_minute:
            return MINUTE
        if (most := PER_HOUR.get(event)) is None:
            return None
        often = session.execute(_lately(mine, now - HOUR).where(AuditEntry.event == event)).all()
        return HOUR if len(often) >= most else None


def _lately(mine: sa.ColumnElement[bool], since: datetime) -> sa.Select[str | None]:
    # by the index of instants: an account's own entries are all its years, those of a minute are few
    return sa.select(AuditEntry.session_mark).where(AuditEntry.at > since, mine).limit(10_000)
