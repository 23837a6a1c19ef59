"""Changing a hearing or a place in a program: the row says the new, and what it said before is kept with its instant.

    amend(session, hearing, now, room="Dept 5")
    rows = as_they_stood(rows, earlier, known_at)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy.orm import Session

from monitor.models.earlier import KEPT


def amend(session: Session, row: Any, now: datetime, **changes: Any) -> None:
    """Change columns of a `Hearing` or `Enrollment`; ``now`` is when the change became known. Same again: nothing."""
    earlier, name, columns = KEPT[type(row)]
    if unknown := changes.keys() - set(columns):
        raise TypeError(f"not kept, so not changed here: {sorted(unknown)}")
    if all(getattr(row, column) == value for column, value in changes.items()):
        return
    before = {column: getattr(row, column) for column in columns}
    session.add(earlier(case_id=row.case_id, agency_id=row.agency_id, until_at=now, **{name: row.id}, **before))
    for column, value in changes.items():
        setattr(row, column, value)
    session.flush()


def standing(earlier: Iterable[Any], known_at: datetime) -> Mapping[int, Any]:
    """By id of the row: the entry that stood at ``known_at``; a row that is not there stood as it stands now.

    ``earlier``: rows with ``until_at`` and, as ``id``, the id of the hearing or place.
    """
    found: dict[int, Any] = {}
    for entry in sorted(earlier, key=lambda one: one.until_at):
        if entry.until_at > known_at:
            found.setdefault(entry.id, entry)
    return found


def as_they_stood(rows: Iterable[Any], earlier: Iterable[Any], known_at: datetime) -> list[Any]:
    """Rows (with ``id``) as they read at ``known_at``: the columns of an earlier entry lie over those of its row."""
    then = standing(earlier, known_at)
    return [SimpleNamespace(**{**row._mapping, **then[row.id]._mapping}) if row.id in then else row for row in rows]
