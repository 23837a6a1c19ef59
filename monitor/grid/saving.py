"""Saving a class: the grid is a sheet like any other and takes the way of every sheet, so it writes the same facts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.concerns import raise_concern
from monitor.current import current
from monitor.grid.drafts import drop_draft
from monitor.grid.marks import changes
from monitor.grid.page import Grid, Row
from monitor.intake.answers import Answers, Choice
from monitor.intake.reading.tables import Reading, Table
from monitor.intake.receiver import Receiver
from monitor.intake.record.saving import save
from monitor.intake.uploads import Sheet, keep_answers, prepare, receive
from monitor.models import Enrollment, Participation

HEADS: Final = ["Participant ID", "Session date", "Status", "Minutes late", "Make-up for", "Note"]
# words of which the sheet vocabulary leaves no doubt
WORDS: Final = {
    "P": "present", "L": "late", "LN": "late no credit", "D": "asked to leave", "SX": "sent home (service issue)",
    "E": "excused", "U": "unexcused", "ABS": "absent", "J": "in custody", "C": "no class", "M": "make-up",
}  # fmt: skip


class Kept(msgspec.Struct, frozen=True):
    """What was done. ``upload_id`` None: no attendance changed. ``faults`` by enrollment id: nothing was saved."""

    records: int = 0
    ratings: int = 0
    concerns: int = 0
    upload_id: int | None = None
    receipt: str = ""
    faults: dict[int, str] = {}
    check_again: bool = False


def save_grid(session: Session, grid: Grid, by: Receiver) -> Kept:
    """Write what the grid says beside what is on record. Call in a write transaction; roll back where it has faults.

    With every one of the group marked, the class is complete: it is covered, as an upload's "this is everyone" does.
    """
    by = msgspec.structs.replace(by, line_by_line=True)
    rows = [row for row in grid.rows if row.mark.code and changes(row) and not row.shut]
    kept = _attendance(session, grid, rows, by) if rows else Kept()
    if kept.faults or kept.check_again:
        return kept
    ratings = sum(_rate(session, row, grid, kept.upload_id, by) for row in grid.rows if row.owed)
    concerns = sum(
        raise_concern(session, row.key, grid.on, row.mark.concern, row.mark.ground, by)
        for row in grid.rows if row.mark.concern
    )  # fmt: skip
    if by.user_id is not None:
        drop_draft(session, by.user_id, grid.group_id, grid.on)
    session.flush()
    return msgspec.structs.replace(kept, ratings=ratings, concerns=concerns)


def _attendance(session: Session, grid: Grid, rows: Sequence[Row], by: Receiver) -> Kept:
    sheet = _sheet(grid, rows, by)
    examined = prepare(session, sheet, by)
    by_line = {number: row for number, row in enumerate(rows, start=2)}
    if faults := {by_line[error.row].key: error.what for error in examined.check.errors if error.row in by_line}:
        return Kept(faults=faults)
    upload = receive(session, sheet, by, examined)
    chosen = {one.key: Choice(True, by_line[one.row].mark.reason) for one in examined.rows if one.outcome == "changed"}
    complete = all(row.mark.code for row in grid.rows if row.owed and not row.visits)
    keep_answers(upload, Answers(changes=chosen, everyone=complete))
    saved = save(session, upload, by)
    if saved.check_again or saved.reasons_missing or saved.reasons_unsafe:
        return Kept(check_again=True)
    return Kept(records=saved.count, upload_id=upload.id, receipt=saved.receipt)


def _sheet(grid: Grid, rows: Sequence[Row], by: Receiver) -> Sheet:
    lines = [HEADS, *(
        [row.code, str(grid.on), WORDS[row.mark.code], row.mark.late, row.mark.makes_up, row.mark.note] for row in rows
    )]  # fmt: skip
    mark = hashlib.sha256(f"{by.user_id}|{by.now}|{grid.group_id}|{lines}".encode()).hexdigest()
    return Sheet(f"Grid {grid.group} {grid.on}", mark, Reading(tables=[Table(lines)]))


def _rate(session: Session, row: Row, grid: Grid, upload_id: int | None, by: Receiver) -> bool:
    """Participation is a fact of its own; another rating later is a new version of it."""
    if not row.mark.rating or row.mark.rating == row.rated:
        return False
    before = session.scalar(
        select(Participation).where(
            Participation.enrollment_id == row.key, Participation.occurred_on == grid.on, current(Participation)
        )
    )
    case_id = _case(session, row.key)
    session.add(
        Participation(
            case_id=case_id, agency_id=by.agency_id, enrollment_id=row.key, occurred_on=grid.on, upload_id=upload_id,
            rating=row.mark.rating, recorded_at=by.now, recorded_by_id=by.user_id, reason=row.mark.reason or None,
            supersedes_id=before.id if before else None,
        )
    )  # fmt: skip
    return True


def _case(session: Session, enrollment_id: int) -> int:
    return session.scalars(select(Enrollment.case_id).where(Enrollment.id == enrollment_id)).one()
