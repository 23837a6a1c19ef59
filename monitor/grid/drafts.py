"""Marks that were not saved: kept for their writer alone, so that a locked screen loses none; words are not kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

import msgspec
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from monitor.grid.page import Mark
from monitor.models import GridDraft

KEEP = timedelta(days=7)


class Draft(msgspec.Struct, frozen=True):
    """Marks by enrollment id, and when they were last kept."""

    marks: Mapping[int, Mark]
    kept_at: datetime


def read_draft(session: Session, user_id: int, group_id: int, on: date) -> Draft | None:
    """The writer's own draft of a class."""
    row = session.scalar(_own(user_id, group_id, on))
    return Draft(msgspec.convert(row.marks, dict[int, Mark], strict=False), row.kept_at) if row else None


def keep_draft(
    session: Session, agency_id: int, user_id: int, group_id: int, on: date, marks: Mapping[int, Mark], now: datetime
) -> None:
    """Keep what is chosen so far, in place of what was. Free text stays on the screen only (safeguard T-A2)."""
    told = {key: msgspec.structs.replace(mark, note="", reason="") for key, mark in marks.items()}
    plain = msgspec.to_builtins({str(key): mark for key, mark in told.items() if mark != Mark()})
    row = session.scalar(_own(user_id, group_id, on))
    if row is None:
        row = GridDraft(agency_id=agency_id, user_id=user_id, group_id=group_id, held_on=on)
        session.add(row)
    row.marks, row.kept_at = plain, now
    session.flush()


def drop_draft(session: Session, user_id: int, group_id: int, on: date) -> None:
    """Forget it: the class is saved, or its writer does not want it."""
    if (row := session.scalar(_own(user_id, group_id, on))) is not None:
        session.delete(row)
        session.flush()


def forget_drafts(session: Session, before: datetime) -> int:
    """Drafts that nobody came back to."""
    done = session.execute(delete(GridDraft).where(GridDraft.kept_at < before))
    return done.rowcount  # type: ignore[attr-defined,no-any-return]


def forget_places(session: Session, enrollments: Collection[int]) -> int:
    """Take the marks of these places out of every draft, whoever's; how many drafts had one. The others' marks stay."""
    named, count = {str(one) for one in enrollments}, 0
    for row in session.scalars(select(GridDraft)) if named else ():
        if named.isdisjoint(row.marks):
            continue
        count += 1
        row.marks = {place: mark for place, mark in row.marks.items() if place not in named}
        if not row.marks:
            session.delete(row)
    session.flush()
    return count


def _own(user_id: int, group_id: int, on: date) -> Select[GridDraft]:
    return select(GridDraft).where(
        GridDraft.user_id == user_id, GridDraft.group_id == group_id, GridDraft.held_on == on
    )
