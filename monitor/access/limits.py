"""How much one session and one account may do: counted in the audit trail, so the count holds across processes.

Every page about people leaves an entry there anyway; no other row is written. The net is for programs that page through
a record in somebody's name, not for people: nobody reads five pages a second.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.access.scoped_session import ScopedSession
from monitor.db import Database, looking_wide
from monitor.models import AuditEntry
from monitor.one_at_a_time import one_at_a_time
from monitor.trail.alarm import tell_privacy

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# of one session, as a share of what its account may do in a minute
OF_SESSION = 0.7
# heavier acts, by event: so many an hour by one account
PER_HOUR = {
    "upload.create": 60, "upload.export": 60, "packet.taken": 240, "evidence.built": 60, "audit.agency_read": 600,
    "batch.create": 600, "calendar.read": 240, "order.party_shown": 20, "record_notice.asked": 20,
}  # fmt: skip
# what leaves as a file: so many a day by one account; the next one is told to privacy officers (bar L-06)
PER_DAY = {"caseload.exported": 10, "upload.export": 200}
DAY = timedelta(days=1)
Writing: TypeAlias = Session  # a transaction that writes, of a person or of the machine itself


def must_wait(
    database: Database, user_id: int | None, session_mark: str, event: str, now: datetime, per_minute: int
) -> timedelta | None:
    """How long until this account may go on; None: at once. ``per_minute`` 0 switches the limits off.

    ``user_id`` None: a machine, which has no sessions; its own mark tells it from others.
    """
    if not per_minute:
        return None
    with database.system("how much this account did just now", writes=False) as session:
        return rests(session, user_id, session_mark, event, now, per_minute)


def rests(
    session: Session, user_id: int | None, session_mark: str, event: str, now: datetime, per_minute: int
) -> timedelta | None:
    """The same, asked in a session that reads every account's entries and stays the caller's."""
    mine = (AuditEntry.user_id + 0) == user_id if user_id is not None else AuditEntry.session_mark == session_mark
    done = session.execute(_lately(mine, now - MINUTE)).all()
    if len(done) >= per_minute or sum(row.session_mark == session_mark for row in done) >= OF_SESSION * per_minute:
        return MINUTE
    for most, span in ((PER_HOUR.get(event), HOUR), (PER_DAY.get(event), DAY)):
        if most is None:
            continue
        often = session.execute(_lately(mine, now - span).where(AuditEntry.event == event)).all()
        if len(often) >= most:
            return span
    return None


def held(
    session: Writing, user_id: int, machine_id: int | None, session_mark: str, event: str, now: datetime,
    per_minute: int,
) -> timedelta | None:  # fmt: skip
    """`rests`, asked in the act's own transaction, each act of an account after the other: of many that come in one
    instant each would find few on record. The caller adds the act's entry before that transaction ends.

    It takes no connection besides the act's own: those who wait for their turn hold one each.
    """
    if not per_minute:
        return None
    one_at_a_time(session, machine_id or user_id)
    mine = None if machine_id else user_id
    if not isinstance(session, ScopedSession):
        return rests(session, mine, session_mark, event, now, per_minute)
    with looking_wide(session, "how often this account asked just now"):  # on SQLite from here on nobody else writes
        return rests(session, mine, session_mark, event, now, per_minute)


def tell_of_exports(database: Database, user_id: int, agency_id: int, event: str, now: datetime) -> int:
    """An account used up its day's files: one notice a day to each privacy officer; how many were written."""
    with database.system("an account takes out very much") as session, session.begin():
        return tell_privacy(session, f"exports:{now:%Y-%m-%d}:{user_id}:{event}", agency_id, now)


def _lately(mine: sa.ColumnElement[bool], since: datetime) -> sa.Select[str | None]:
    # by the index of instants: an account's own entries are all its years, those of a minute are few
    return sa.select(AuditEntry.session_mark).where(AuditEntry.at > since, mine).limit(10_000)
