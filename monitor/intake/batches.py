"""A sheet as a program's own software sees it: the check page's content, and what became of it."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from monitor.intake.check import Check
from monitor.intake.importing import Imported
from monitor.intake.uploads import check_of, find_upload
from monitor.models import Group, Upload, UploadRow
from monitor.models.base import is_id

State = Literal["DRY_RUN", "ALREADY_HERE", "NEEDS_ANSWERS", "READY", "SAVED", "UNDONE", "DELETED"]
SHOWN = ("NEEDS_ANSWERS", "READY", "SAVED", "UNDONE")
TYPES = {
    "NEEDS_ANSWERS": "attendance.waits", "READY": "attendance.waits", "SAVED": "attendance.saved",
    "UNDONE": "attendance.undone",
}  # fmt: skip
# a change is told when every transaction that began before it has ended: none lasts that long
SETTLED = timedelta(minutes=2)
PAGE = 100


class BadCursor(ValueError):
    """What was sent back as a place in the list is none of ours."""


class Batch(Check, frozen=True, kw_only=True):
    """The check page's content; ``saved`` and ``receipt`` of what was saved. ``id``: where it stands, if it does.

    ``waits``: whether something needs a person, on the program's own page or by a corrected sheet.
    """

    id: str | None
    state: State
    saved: int
    receipt: str | None
    waits: bool


class BatchChange(msgspec.Struct, frozen=True):
    """A sheet whose state is new. Thin: fetch the batch for the rest."""

    id: str
    type: Literal["attendance.waits", "attendance.saved", "attendance.undone"]
    at: datetime


class BatchChanges(msgspec.Struct, frozen=True):
    """Changes, oldest first. ``next``: what to send as ``since`` the next time; ``more``: ask again at once."""

    changes: tuple[BatchChange, ...]
    next: str
    more: bool


def batch_of_import(done: Imported) -> Batch:
    """What an import is answered with."""
    state: Any = "ALREADY_HERE" if done.state == "DISCARDED" else done.state
    kept = str(done.upload_id) if state in SHOWN and done.upload_id else None
    return _batch(done.check, kept, state, done.count, done.receipt or None)


def find_batch(session: Session, upload_id: int, program_id: int) -> tuple[Upload, Batch] | None:
    """A batch of the program, by a machine or a person; None: there is none."""
    upload = find_upload(session, upload_id)
    if upload is None or upload.program_id != program_id or upload.state not in SHOWN:
        return None
    written = UploadRow.outcome.in_(("new", "changed")) & UploadRow.attendance_id.is_not(None)
    saved = session.scalar(select(func.count(UploadRow.id)).where(UploadRow.upload_id == upload.id, written)) or 0
    state: Any = upload.state
    return upload, _batch(check_of(upload), str(upload.id), state, saved, upload.receipt)


def group_of(session: Session, code: str, program_id: int) -> int | None:
    """The program's group with a code."""
    return session.scalar(select(Group.id).where(Group.code == code, Group.program_id == program_id))


def changes_since(session: Session, program_id: int, since: str, now: datetime) -> BatchChanges:
    """Sheets of the program whose state is new since a cursor ("": from the beginning). Raises `BadCursor`."""
    at = func.coalesce(Upload.undone_at, Upload.saved_at, Upload.uploaded_at)
    found = select(Upload.id, Upload.state, at.label("at")).where(
        Upload.program_id == program_id, Upload.state.in_(SHOWN), at <= now - SETTLED
    )
    if since:
        when, last = _read(since)
        found = found.where(or_(at > when, (at == when) & (Upload.id > last)))
    rows = session.execute(found.order_by(at, Upload.id).limit(PAGE + 1)).all()
    told: Any = [BatchChange(str(row.id), TYPES[row.state], row.at) for row in rows[:PAGE]]  # type: ignore[arg-type]
    following = _cursor(told[-1]) if told else since
    return BatchChanges(tuple(told), following, len(rows) > PAGE)


def _batch(check: Check, key: str | None, state: State, saved: int, receipt: str | None) -> Batch:
    waits = check.needs_person and state in ("DRY_RUN", "NEEDS_ANSWERS", "READY", "SAVED")
    return Batch(**msgspec.structs.asdict(check), id=key, state=state, saved=saved, receipt=receipt, waits=waits)


def _cursor(change: BatchChange) -> str:
    return base64.urlsafe_b64encode(f"{change.at.isoformat()} {change.id}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[datetime, int]:
    try:
        when, _, key = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(" ")
        at, number = datetime.fromisoformat(when), int(key)
        whole = at.astimezone(UTC) if at.tzinfo else None
    except (binascii.Error, ValueError, OverflowError):
        raise BadCursor from None
    if whole is None or not is_id(number):
        raise BadCursor
    return whole, number
