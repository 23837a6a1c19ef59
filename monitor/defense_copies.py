"""What the defense was handed, of the court's packets and of the prosecution's: each copy, and a wrong entry undone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.foot import HOW, TO
from monitor.models import DefenseCopy, EvidenceCopy, User
from monitor.one_at_a_time import one_at_a_time

PRESS: Final = timedelta(minutes=1)  # within which the same press twice is one
# which column names what was handed over
OF: Final[dict[type[Any], Any]] = {
    DefenseCopy: DefenseCopy.packet_id, EvidenceCopy: EvidenceCopy.evidence_packet_id,
}  # fmt: skip
Entry = DefenseCopy | EvidenceCopy


class Copy(msgspec.Struct, frozen=True):
    """One copy. ``of``: the packet's id. ``undone``: entered wrongly, and taken back."""

    id: int
    of: int
    to: str
    how: str
    at: datetime
    by: str
    undone: bool


def copy_of(row: Entry, by: str) -> Copy:
    """As it reads; ``by``: the name of whoever handed it over."""
    of = getattr(row, OF[type(row)].key)
    return Copy(row.id, of, TO[row.given_to], HOW[row.how], row.given_at, by, row.undone_at is not None)


def copies(session: ScopedSession, entity: type[Any], *where: Any) -> list[Copy]:
    """Those within the reader's reach, oldest first."""
    rows = select(entity, User.name).join(User, User.id == entity.given_by_id).where(*where)
    return [copy_of(row, by) for row, by in session.execute(rows.order_by(entity.given_at, entity.id))]


def faults_of(given_to: str, how: str) -> dict[str, str]:
    """What is missing in an entry, by field."""
    faults = {} if given_to in TO else {"given_to": "Choose who got the copy."}
    return faults if how in HOW else faults | {"how": "Choose how it was handed over."}


def hand_over(session: ScopedSession, row: Entry, turn: int) -> None:
    """Write down that the defense has it; the same by the same person within a minute is a second press.

    ``turn``: what two presses at once wait for each other about.
    """
    one_at_a_time(session, turn)
    entity: Any = type(row)
    of = OF[entity]
    same = of == getattr(row, of.key), entity.given_to == row.given_to, entity.how == row.how
    lately = entity.given_by_id == row.given_by_id, entity.given_at > row.given_at - PRESS, entity.undone_at.is_(None)
    if session.scalar(select(entity.id).where(*same, *lately).limit(1)) is None:
        session.add(row)
        session.flush()


def undo(session: ScopedSession, entity: type[Any], of: int, copy_id: int, now: datetime) -> bool:
    """An entry that was wrong stays on record as taken back. False: there is none that stands."""
    stands = entity.id == copy_id, OF[entity] == of, entity.undone_at.is_(None)
    row = session.scalar(select(entity).where(*stands))
    if row is None:
        return False
    row.undone_at, row.undone_by_id = now, session.scope.user_id
    session.flush()
    return True
