"""When an upload can no longer be taken back as a whole, and when a day takes no sheet any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from monitor.access.scope import trusted_sql
from monitor.certified_months import certified_among
from monitor.models import Adjudication, Attendance, CertifiedMonth, Flag, Span, Told, Upload

LONGEST = timedelta(days=14)
OLD = "it was saved more than 14 days ago"
CORRECTED = "a record of it was corrected since"
DECIDED = "a decision was made on one of its absences"
CERTIFIED = "a month that it tells of is signed"
USED = "one of its records was used on a paper of the court or of probation"
NOT_SAVED = "it is not saved"
UNDONE = "it is undone already"
# to be on a paper or before the court; to have been seen on a screen is not enough to bind a program
USES = ("PRINTED", "DOCKET", "PACKET", "REPORTED", "EXPORTED")


def certified_months(session: Session, program_id: int) -> frozenset[date]:
    """First days of the months that the program has signed."""
    months = select(CertifiedMonth.month).where(CertifiedMonth.program_id == program_id)
    return frozenset(session.scalars(months))


def why_locked(session: Session, upload: Upload, now: Any) -> str:
    """Empty while a saved upload can still be undone."""
    if upload.state == "UNDONE":
        return UNDONE
    if upload.state != "SAVED" or upload.saved_at is None:
        return NOT_SAVED
    if now - upload.saved_at > LONGEST:
        return OLD
    of_upload = _ids(upload)
    if session.scalar(select(func.count(Attendance.id)).where(Attendance.supersedes_id.in_(of_upload))):
        return CORRECTED
    rows = session.execute(select(Attendance.id, Attendance.case_id, Attendance.occurred_on).where(
        Attendance.upload_id == upload.id
    )).all()  # fmt: skip
    if certified_among(session, upload.program_id, {row.occurred_on for row in rows}):
        return CERTIFIED
    # a program does not read the officer's decisions, flags or papers; it may learn that its word is in use
    with trusted_sql("whether somebody else has used these records"):
        return _used_by_others(session, of_upload, {row.id for row in rows}, {row.case_id for row in rows})


def _used_by_others(session: Session, of_upload: Any, ids: set[int], cases: set[int]) -> str:
    decided = session.scalar(
        select(func.count(Adjudication.id)).where(
            Adjudication.attendance_id.in_(of_upload), Adjudication.decided_by != "PROGRAM"
        )
    )
    if decided:
        return DECIDED
    return USED if used_on_paper(session, ids, cases) else ""


def used_on_paper(session: Session, ids: set[int], cases: set[int]) -> bool:
    """Whether a flag that was told on a paper rests on one of these records; not for a program's own eyes."""
    used = session.scalars(
        select(Span.content)
        .join(Flag, Flag.key == Span.key)
        .join(Told, (Told.flag_id == Flag.id) & (Told.version == Span.version))
        .where(Span.case_id.in_(cases), Told.act.in_(USES))
    )
    return any(_rests_on(content, ids) for content in used)


def _rests_on(content: Any, ids: Iterable[int]) -> bool:
    rows = {str(row) for row in (*content.get("evidence", ()), content.get("about")) if row is not None}
    return not rows.isdisjoint(map(str, ids))


def _ids(upload: Upload) -> Select[int]:
    made = aliased(Attendance)
    return select(made.id).where(made.upload_id == upload.id)
