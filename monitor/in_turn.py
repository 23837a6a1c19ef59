"""The record's own time does not go back: nothing is recorded before what it speaks of, whatever a clock says.

A clock that was set back (security/bars K-04) would else date an officer's decision before the absence it is about:
to the rules the absence would stay undecided for ever, and the office would be asked why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, UOWTransaction

from monitor.access.scope import trusted_sql
from monitor.compliance.chunks import parts
from monitor.models import Adjudication, Attendance, Fact

Spoken = tuple[type[Fact], int]
ABOUT: Final = {Adjudication: (Attendance, "attendance_id")}


def keep_in_turn(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    """Move the instant of a new correction or decision up to that of what it is about."""
    waiting = {row: list(_spoken_of(row)) for row in session.new if isinstance(row, Fact)}
    wanted = {one for own in waiting.values() for one in own}
    if not wanted:
        return
    known = {(type(row), row.id): row for row in waiting}
    told = _recorded(session, wanted - known.keys())
    for row in sorted((row for row, own in waiting.items() if own), key=lambda row: _utc(row.recorded_at)):
        for one in waiting[row]:
            earlier = known[one].recorded_at if one in known else told.get(one)
            if earlier is not None and _utc(earlier) > _utc(row.recorded_at):
                row.recorded_at = earlier


def _spoken_of(row: Fact) -> Iterator[Spoken]:
    if row.supersedes_id is not None:
        yield type(row), row.supersedes_id
    for kind, (about, name) in ABOUT.items():
        if isinstance(row, kind):
            yield about, getattr(row, name)


def _recorded(session: Session, wanted: set[Spoken]) -> dict[Spoken, datetime]:
    """When each was recorded; one look a table."""
    by_table: defaultdict[type[Fact], list[int]] = defaultdict(list)
    for entity, number in wanted:
        by_table[entity].append(number)
    found: dict[Spoken, datetime] = {}
    with trusted_sql("when what is corrected or decided was recorded"), session.no_autoflush:
        for entity, ids in by_table.items():
            for part in parts(sorted(ids)):
                rows = session.execute(select(entity.id, entity.recorded_at).where(entity.id.in_(part)))
                found |= {(entity, number): at for number, at in rows}
    return found


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
