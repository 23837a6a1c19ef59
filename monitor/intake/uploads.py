"""A file on its way in: received, checked, answered, dropped. Nothing of it is attendance before it is saved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, undefer

from monitor.intake.answers import Answers
from monitor.intake.cells.statuses import LABELS
from monitor.intake.check import Check, Judged
from monitor.intake.drafts import DraftRow, content_of
from monitor.intake.examine import Desk, Examined, Tell, examine
from monitor.intake.memory import recall, remember, still_holding
from monitor.intake.portions import let_go, parts
from monitor.intake.reading.jail import read_file
from monitor.intake.reading.tables import Limits, Note, Reading
from monitor.intake.receiver import Receiver
from monitor.intake.record.keeping import cleaned, name_of_ours, pack, unpack
from monitor.intake.record.locks import certified_months
from monitor.intake.record.standing import read_roster, read_stored
from monitor.intake.roster import Finder
from monitor.intake.scanning import Scanner
from monitor.intake.shapes import shape_of
from monitor.models import Group, KeptAnswer, Upload, UploadRow

# what doors pass on without looking inside
Kept = Upload
OPEN = ("READING", "NEEDS_ANSWERS", "READY")


class NotOpen(Exception):
    """The upload was saved, undone or dropped meanwhile."""


class Sheet(msgspec.Struct, frozen=True):
    """A file as received, read and cleaned. Made before the database is touched: reading takes its time."""

    file_name: str
    sha256: str
    reading: Reading


def open_sheet_file(
    content: bytes, file_name: str, today: date, limits: Limits | None = None, *, scanner: Scanner | None
) -> Sheet:
    """Have a file looked at by the site's scanner, if it has one, and read it in the jail. Never raises for what it
    contains. Every door says which scanner (`monitor.intake.scanning.scanner_of`), so that none forgets it."""
    name = "".join(c for c in file_name.replace("\\", "/").rpartition("/")[2] if c.isprintable())[-120:] or "sheet"
    name = name_of_ours(name, f"sheet{Path(name).suffix if len(Path(name).suffix) < 6 else ''}")
    refused = scanner.refusal(content) if scanner is not None else ""
    reading = Reading(refused=refused) if refused else cleaned(read_file(content, name, limits), today)
    return Sheet(name, hashlib.sha256(content).hexdigest(), reading)


def prepare(
    session: Session, sheet: Sheet, by: Receiver, *, afresh: bool = False, tell: Tell | None = None
) -> Examined:
    """Check a file without keeping anything; a reading session is enough, so that nobody waits for it.

    ``afresh``: also where the same file is still open, as if it had come for the first time. ``tell``: see `examine`.
    """
    known = None if afresh else still_open(session, sheet, by)
    answers = answers_of(known) if known else Answers()
    desk = _desk(session, by.program_id, by.group_id, sheet.file_name, answers, by.today)
    desk = _open_months(desk) if by.line_by_line else desk
    reading = _with_seen(session, sheet, by)
    return examine(reading, desk, tell) if known else _as_remembered(session, reading, desk, by, tell)


def _as_remembered(session: Session, reading: Reading, desk: Desk, by: Receiver, tell: Tell | None) -> Examined:
    """Judged with what the program settled about this kind of sheet before."""
    shape = shape_of(reading, desk.today, Finder(desk.roster))
    recalled = recall(session, by.program_id, shape.signature, desk.roster)
    recalled = msgspec.structs.replace(recalled, reports=by.reports)
    examined = examine(reading, msgspec.structs.replace(desk, answers=recalled), tell)
    holding = still_holding(recalled, examined.check, examined.rows, desk.today)
    if holding != recalled:
        recalled = holding
        examined = examine(reading, msgspec.structs.replace(desk, answers=recalled), tell)
    check = msgspec.structs.replace(examined.check, shape=shape.signature)
    return msgspec.structs.replace(examined, check=check, answers=recalled)


def receive(session: Session, sheet: Sheet, by: Receiver, examined: Examined | None = None) -> Upload:
    """Keep a file's check. The same file, still open, is taken up again instead of lying there twice."""
    examined = examined or prepare(session, sheet, by)
    upload = still_open(session, sheet, by)
    if upload is None:
        upload = Upload(
            agency_id=by.agency_id, program_id=by.program_id, group_id=by.group_id, file_name=sheet.file_name,
            sha256=sheet.sha256, state="READING", uploaded_at=by.now, uploaded_by_id=by.user_id, content=None,
            receipt=None, saved_at=None, undone_at=None, answers=msgspec.to_builtins(examined.answers), check={},
        )  # fmt: skip
        session.add(upload)
    upload.content = None if sheet.reading.refused else pack(sheet.reading)
    keep_check(session, upload, examined)
    return upload


def answer(session: Session, upload: Upload, answers: Answers, today: date) -> Examined:
    """Check again with what a person settled. Raises `NotOpen`."""
    if upload.state not in OPEN:
        raise NotOpen
    upload.answers = msgspec.to_builtins(answers)
    examined = examine_kept(session, upload, today)
    keep_check(session, upload, examined)
    return examined


def examine_kept(session: Session, upload: Upload, today: date, *, line_by_line: bool = False) -> Examined:
    """Judge a kept file again, by the record and the answers as they stand."""
    desk = desk_for(session, upload, today)
    examined = examine(reading_of(upload), _open_months(desk) if line_by_line else desk)
    check = msgspec.structs.replace(examined.check, shape=check_of(upload).shape)
    return msgspec.structs.replace(examined, check=check)


def _open_months(desk: Desk) -> Desk:
    return msgspec.structs.replace(desk, certified=frozenset())


def remember_answers(session: Session, upload: Upload, before: Answers, today: date, now: datetime) -> None:
    """Keep for the next sheet of this kind what a person has just settled about this one."""
    desk = desk_for(session, upload, today)
    shape = shape_of(reading_of(upload), today, Finder(desk.roster))
    remember(session, upload, before, desk.answers, shape, desk.roster, now)


def discard(session: Session, upload: Upload) -> None:
    """Drop a file that was not saved, with all that was read of it. Raises `NotOpen`."""
    if upload.state not in (*OPEN, "REFUSED"):
        raise NotOpen
    session.execute(delete(UploadRow).where(UploadRow.upload_id == upload.id))
    # the key stays, so that a repeat is still not done again; what was answered under it goes
    kept = update(KeptAnswer).where(KeptAnswer.upload_id == upload.id).values(content=b"")
    session.execute(kept, execution_options={"synchronize_session": False})
    upload.content, upload.check, upload.answers, upload.state = None, {}, {}, "DISCARDED"


def forget_contents(session: Session, saved_before: datetime) -> int:
    """Drop what is kept of files saved before an instant (the agency's retention); how many there were."""
    old = session.scalars(select(Upload).where(Upload.content.is_not(None), Upload.saved_at < saved_before)).all()
    for upload in old:
        upload.content = None
    return len(old)


def find_upload(session: Session, upload_id: int) -> Upload | None:
    """The upload with what was kept of its file; None if there is none within reach."""
    return session.scalar(select(Upload).where(Upload.id == upload_id).options(undefer(Upload.content)))


def answers_of(upload: Upload) -> Answers:
    """What a person has settled about it so far."""
    return msgspec.convert(upload.answers, Answers, strict=False)


def keep_answers(upload: Upload, answers: Answers) -> None:
    """Keep answers that change nothing in how the file is judged: choices on changes, the word on completeness."""
    upload.answers = msgspec.to_builtins(answers)


def held_rows(session: Session, upload: Upload) -> list[tuple[str, int, str]]:
    """(sheet, row, code) of the cells that wait for an answer."""
    rows = session.execute(
        select(UploadRow.sheet, UploadRow.row, UploadRow.code)
        .where(UploadRow.upload_id == upload.id, UploadRow.outcome == "held")
        .order_by(UploadRow.row, UploadRow.id)
    )
    return [(sheet, row, code or "") for sheet, row, code in rows]


def reading_of(upload: Upload) -> Reading:
    """The tables kept of the file; empty ones where they are gone."""
    return unpack(upload.content) if upload.content else Reading(refused="F-EMPTY")


def desk_for(session: Session, upload: Upload, today: date) -> Desk:
    """The roster, the record and the answers that the file is judged by."""
    return _desk(session, upload.program_id, upload.group_id, upload.file_name, answers_of(upload), today)


def _desk(
    session: Session, program_id: int, group_id: int | None, file_name: str, answers: Answers, today: date
) -> Desk:
    group = session.scalar(select(Group.code).where(Group.id == group_id)) if group_id else None
    return Desk(
        file=file_name, today=today, roster=read_roster(session, program_id), answers=answers, group=group or "",
        certified=certified_months(session, program_id),
        read=lambda places, first, last: read_stored(session, program_id, first, last, places),
    )  # fmt: skip


def keep_check(session: Session, upload: Upload, examined: Examined) -> None:
    """Write what the check found, in place of what an earlier one did."""
    check = examined.check
    upload.check = msgspec.to_builtins(check)
    waits = check.questions or any(message.ask for message in check.errors)
    refused = not check.usable and not check.matchable
    upload.state = "REFUSED" if refused else "NEEDS_ANSWERS" if waits or not check.usable else "READY"
    session.flush()
    session.execute(delete(UploadRow).where(UploadRow.upload_id == upload.id))
    session.add_all(_draft_rows(upload, examined.drafts))
    for part in parts(examined.rows):
        rows = _rows(upload, part)
        session.add_all(rows)
        session.flush()
        let_go(session, rows)


def check_of(upload: Upload) -> Check:
    """The check as last kept."""
    return msgspec.convert(upload.check, Check, strict=False) if upload.check else Check(file=upload.file_name)


def still_open(session: Session, sheet: Sheet, by: Receiver) -> Upload | None:
    """The same file of the same program, neither saved nor dropped yet."""
    return session.scalar(
        select(Upload)
        .where(
            Upload.program_id == by.program_id, Upload.agency_id == by.agency_id, Upload.sha256 == sheet.sha256,
            Upload.state.in_(OPEN), Upload.group_id == by.group_id,
        )
        .order_by(Upload.uploaded_at.desc())
        .limit(1)
    )  # fmt: skip


def _with_seen(session: Session, sheet: Sheet, by: Receiver) -> Reading:
    """Says so where the very same file was saved before."""
    receipt = session.scalar(
        select(Upload.receipt)
        .where(
            Upload.program_id == by.program_id, Upload.agency_id == by.agency_id, Upload.sha256 == sheet.sha256,
            Upload.state == "SAVED",
        )
        .order_by(Upload.saved_at.desc())
        .limit(1)
    )  # fmt: skip
    if receipt is None:
        return sheet.reading
    return msgspec.structs.replace(sheet.reading, notes=[Note("F-SEEN", receipt), *sheet.reading.notes])


def _rows(upload: Upload, judged: Iterable[Judged]) -> list[UploadRow]:
    return [
        UploadRow(
            agency_id=upload.agency_id, upload_id=upload.id, sheet=one.sheet[:60], row=one.row, column=one.column[:60],
            enrollment_id=one.member.key if one.member else None, occurred_on=one.on,
            says=one.says if one.says in LABELS else None, outcome=one.outcome, code=one.code[:30] or None,
            attendance_id=one.replaces if one.outcome == "same" else None, content=_content(one),
        )  # fmt: skip
        for one in judged
    ]


def _draft_rows(upload: Upload, drafts: Iterable[DraftRow]) -> list[UploadRow]:
    return [
        UploadRow(
            agency_id=upload.agency_id, upload_id=upload.id, sheet=one.sheet[:60], row=one.row, column="",
            enrollment_id=one.member.key, occurred_on=one.draft.month, says=None, outcome="new", code=None,
            attendance_id=None, content=content_of(one),
        )  # fmt: skip
        for one in drafts
    ]


def _content(one: Judged) -> dict[str, Any]:
    """What the check page shows of a row. Words that were stopped are not in it."""
    return {
        "name": one.member.name if one.member else one.written, "found": one.found[:60], "key": one.key,
        "before": one.before, "note": one.note,
    }  # fmt: skip
