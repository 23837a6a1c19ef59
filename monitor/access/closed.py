"""A closed case is read-only by itself, for every desk (safeguard H6): what a person's session would write is refused.

The court closes a case and reopens it (`monitor.closing`). What still goes on in a closed case is listed here, and
nothing else does: what an order that outlives its case still needs, and what is about reading, not about the person.
The machine's own sessions (rules, retention, removal by order) are not people's and are not held.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from monitor.models import Case, Release

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


class ClosedCase(RuntimeError):
    """The court closed the case: nothing was written. The court reopens it where something must still be recorded."""


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
    return row.__tablename__ in GOES_ON


def refuse_closed(session: Session, rows: Iterable[Any]) -> None:
    """Raise `ClosedCase` where one of ``rows`` would change a closed case; call inside ``trusted_sql``."""
    cases = {row.case_id for row in rows if hasattr(row, "case_id") and not _goes_on(row)}
    if not cases:
        return
    table = Case.__table__
    shut = select(table.c.id).where(table.c.id.in_(cases), table.c.closed_on.is_not(None)).limit(1)
    if session.scalar(shut) is not None:
        raise ClosedCase
