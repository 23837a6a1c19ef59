"""A closed case is read-only by itself, for every desk (safeguard H6): what a person's session would write is refused.

The court closes a case and reopens it (`monitor.closing`). What still goes on in a closed case is listed here, and
nothing else does: what an order that outlives its case still needs, and what is about reading, not about the person.
What a person's act writes on another agency's desk (`db.writing_for_others`) is held like all else. The machine's own
sessions (rules, retention, removal by order) are not people's and are not held.

What happened at a class on or before the day of closing is still taken, whenever it is told: a class that somebody
attended is theirs, however late their program is. Nothing is decided, answered or alleged in it. The rules read it like
any other fact, so a missed class may raise a flag that nobody can answer until the court reopens (docs/court.md).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from sqlalchemy import ARRAY, Integer, cast, func, inspect, select
from sqlalchemy.orm import Session

from monitor.access.scope import trusted_sql
from monitor.models import Attendance, Case, Release

GOES_ON: Final = frozenset({
    # an order may outlive its case: proof of it, what police saw of it, and the safety of whom it protects
    "service", "order_step", "firearm_receipt", "incident", "incident_draft", "notice_answer", "safety_step",
    # who read it and why, which copies went out, what is on somebody's own list
    "case_opening", "packet", "defense_copy", "evidence_packet", "evidence_copy", "hidden_item", "context_review",
    # a participant's withdrawal of a release (C8), and no new release: see `_goes_on`
    "release",
    # the machine's own post about it
    "notice", "dirty",
})  # fmt: skip
# written for others alone (`monitor.case_sharing`): what police saw in a closed case still reaches the prosecution
REACHES: Final = "case_agency"
# advisory locks of PostgreSQL under a number of our own; cases share some, for a sheet writes about thousands at once
LOCKS: Final = 0x436C6F73
SHARED_OUT: Final = 256
# whoever closes asks this often, so many seconds apart: a request that waited would make every writer of its place wait
TRIES: Final = 20
APART: Final = 0.1


class ClosedCase(RuntimeError):
    """The court closed the case: nothing was written. The court reopens it where something must still be recorded."""


class BeingSaved(RuntimeError):
    """Something about this case, or about another of its place, is being saved just now: it was not taken alone."""


def only_closing(rows: Iterable[Any]) -> bool:
    """Whether of the cases among ``rows`` nothing changes but the day of closing: the court's desk makes no case."""
    return all(_changed(inspect(row)) <= {"closed_on"} for row in rows if isinstance(row, Case))


def _changed(row: Any) -> set[str]:
    if not row.persistent:
        return {"*"}
    return {attribute.key for attribute in row.attrs if attribute.history.has_changes()}


def _goes_on(row: Any) -> bool:
    """Of releases only a withdrawal: a version in place of another, with its reason and a day on which it ends."""
    if isinstance(row, Release):
        return row.supersedes_id is not None and row.until_on is not None and bool(row.reason)
    return row.__tablename__ in GOES_ON or row.__tablename__ == REACHES


def refuse_closed(session: Session, rows: Iterable[Any]) -> None:
    """Raise `ClosedCase` where one of ``rows`` would change a closed case; call inside ``trusted_sql``."""
    told = [row for row in rows if hasattr(row, "case_id") and not _goes_on(row)]
    if not told:
        return
    cases = {row.case_id for row in told}
    _until_nobody_closes(session, cases)
    table = Case.__table__
    shut = select(table.c.id, table.c.closed_on).where(table.c.id.in_(cases), table.c.closed_on.is_not(None))
    closed = {row.id: row.closed_on for row in session.execute(shut)}
    if any(row.case_id in closed and not _of_before(row, closed[row.case_id]) for row in told):
        raise ClosedCase


def _of_before(row: Any, closed_on: date) -> bool:
    return isinstance(row, Attendance) and row.occurred_on <= closed_on


def _until_nobody_closes(session: Session, cases: Iterable[int]) -> None:
    """Who writes about a case waits for who is closing it, and is refused then; who closes asks until it is written.

    Not a lock of the case's row: PostgreSQL's policies let nobody but the court lock that. On SQLite one writes anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        places = cast(sorted({case % SHARED_OUT for case in cases}), ARRAY(Integer))
        place = func.unnest(places).column_valued("place")
        session.execute(select(func.pg_advisory_xact_lock_shared(LOCKS, place)))


def closing_alone(session: Session, case_id: int) -> None:
    """Wait a moment for whoever has written about the case, and let nobody begin, until this transaction ends.

    Whoever closes or reopens it calls this before it locks anything of its own, and then reads how the case stands.
    Raises `BeingSaved` where the place is not free within two seconds; the transaction can go on reading.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    free = select(func.pg_try_advisory_xact_lock(LOCKS, case_id % SHARED_OUT))
    with trusted_sql("the case is being closed"):
        for left in reversed(range(TRIES)):
            if session.scalar(free):
                return
            if left:
                time.sleep(APART)
    raise BeingSaved
