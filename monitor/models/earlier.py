"""Rows that stand in place and still have a past: what they said before is kept, or the change is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import inspect
from sqlalchemy.orm import Session, UOWTransaction

from monitor.models.enrollment import EarlierPlace, Enrollment
from monitor.models.hearing import EarlierHearing, Hearing

# entity -> where its past is kept, under which id, and which of its columns may change
KEPT: Final[Mapping[type[Any], tuple[type[Any], str, tuple[str, ...]]]] = {
    Hearing: (
        EarlierHearing, "hearing_id",
        ("court_id", "judge_id", "kind", "starts_at", "room", "review_no", "outcome", "resulted_at"),
    ),
    Enrollment: (EarlierPlace, "enrollment_id", ("group_id",)),
}  # fmt: skip


class UnkeptError(RuntimeError):
    """A hearing or a place was changed in place: use `monitor.amending.amend`. Nothing was written."""


def refuse_unkept(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    """Refuse a flush that would lose what a row said before."""
    for row in session.dirty:
        if (kept := KEPT.get(type(row))) is None:
            continue
        earlier, name, columns = kept
        changed = any(inspect(row).attrs[column].history.has_changes() for column in columns)
        if changed and not any(isinstance(one, earlier) and getattr(one, name) == row.id for one in session.new):
            raise UnkeptError(f"a {row.__tablename__} was changed in place; use monitor.amending.amend")
