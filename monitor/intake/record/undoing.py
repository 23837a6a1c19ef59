"""Taking a saved upload back as a whole, by new versions that reverse it. History stays."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from monitor.current import current
from monitor.intake.receiver import Receiver
from monitor.intake.record.locks import why_locked
from monitor.intake.record.standing import lock_program
from monitor.models import Adjudication, Attendance, Coverage, Participation, Upload
from monitor.safety_lint import is_clean

UNSAFE = "the reason may tell of a protected person; say it in other words"
VERSION = ("id", "supersedes_id", "retracted", "reason", "recorded_at", "recorded_by_id", "upload_id", "source")
Other = Coverage | Adjudication | Participation


class Undone(msgspec.Struct, frozen=True):
    """How many records were taken back; ``too_late`` says why none could be."""

    count: int = 0
    too_late: str = ""


def undo(session: Session, upload: Upload, by: Receiver, reason: str = "") -> Undone:
    """Reverse every record of the upload. All or nothing; call in a write transaction."""
    lock_program(session, upload.program_id)
    session.refresh(upload)
    if why := why_not_undo(session, upload, by) or ("" if is_clean(reason) else UNSAFE):
        return Undone(too_late=why)
    attendance = list(session.scalars(select(Attendance).where(Attendance.upload_id == upload.id)))
    words = f"Upload {upload.receipt} undone{f': {reason.strip()}' if reason.strip() else ''}"[:300]
    others: list[Other] = [
        *session.scalars(select(Coverage).where(Coverage.upload_id == upload.id)), *_decisions(session, upload),
        *session.scalars(select(Participation).where(Participation.upload_id == upload.id, current(Participation))),
    ]
    session.add_all(_reversed(session, fact, by, words, f"undo of {upload.receipt}") for fact in attendance)
    session.add_all(_retracted(fact, by, words) for fact in others)
    upload.state, upload.undone_at = "UNDONE", by.now
    session.flush()
    return Undone(len(attendance))


def why_not_undo(session: Session, upload: Upload, by: Receiver) -> str:
    """Empty while the upload can still be undone."""
    return why_locked(session, upload, by.now)


def _ids(upload: Upload) -> Select[int]:
    made = aliased(Attendance)
    return select(made.id).where(made.upload_id == upload.id)


def _decisions(session: Session, upload: Upload) -> list[Adjudication]:
    """The program's own, made with the upload."""
    return list(session.scalars(select(Adjudication).where(Adjudication.attendance_id.in_(_ids(upload)))))


def _reversed(session: Session, fact: Attendance, by: Receiver, words: str, source: str) -> Attendance:
    """What stood before, or, where nothing did, a version that says so."""
    before = session.get(Attendance, fact.supersedes_id) if fact.supersedes_id else None
    kept = before if before is not None else fact
    return Attendance(
        **_values(kept), supersedes_id=fact.id, retracted=before is None or before.retracted, reason=words,
        source=source, upload_id=None, recorded_at=by.now, recorded_by_id=by.user_id,
    )  # fmt: skip


def _retracted(fact: Other, by: Receiver, words: str) -> Other:
    return type(fact)(
        **_values(fact), supersedes_id=fact.id, retracted=True, reason=words, recorded_at=by.now,
        recorded_by_id=by.user_id,
    )  # fmt: skip


def _values(fact: Attendance | Other) -> dict[str, Any]:
    """What a fact says, without what makes it one version."""
    return {name: getattr(fact, name) for name in fact.__mapper__.column_attrs.keys() if name not in VERSION}
