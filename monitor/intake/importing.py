"""`monitor import attendance`: the same intake as the web page, from a file on disk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.clock import local_day
from monitor.db import Database
from monitor.intake.answers import Answers
from monitor.intake.check import Check
from monitor.intake.reading.tables import Limits
from monitor.intake.record.saving import Saved, save
from monitor.intake.uploads import Receiver, answer, answers_of, check_of, discard, open_sheet_file, receive
from monitor.models import Agency, Program

SAVED, NEEDS_PERSON, NOTHING_USABLE = 0, 3, 4
COMMAND_LINE = 0  # no person: the row's recorded_by stays empty


class UnknownProgram(Exception):
    """No program has this code."""


class Imported(msgspec.Struct, frozen=True):
    """The check page's content, what was saved, and the exit code of the contract."""

    check: Check
    count: int
    receipt: str
    exit_code: int

    def content(self) -> dict[str, Any]:
        """For ``--json``: the check page's content, with ``file_messages``, ``saved`` and ``receipt``."""
        content = msgspec.to_builtins(self.check)
        told = {"file_messages": self.check.file_messages, "saved": self.count, "receipt": self.receipt or None}
        return {**content, **told}


def import_attendance(
    database: Database, program_code: str, file_name: str, content: bytes, now: datetime, *,
    dry_run: bool = False, answers: Answers | None = None, rows: int | None = None,
) -> Imported:  # fmt: skip
    """Check a file and, unless ``dry_run``, save its good rows. Raises `UnknownProgram`."""
    program_id, agency_id, zone = _program(database, program_code)
    today = local_day(now, zone)
    by = Receiver(agency_id, program_id, None, now, today)
    sheet = open_sheet_file(content, file_name, today, Limits().for_rows(rows) if rows else None)
    with database.scoped(Scope(COMMAND_LINE, "program", agency_id), writes=True) as session:
        upload = receive(session, sheet, by)
        if answers is not None and check_of(upload).usable:
            answer(session, upload, answers, today)
        check, settled = check_of(upload), answers_of(upload)
        if dry_run or not check.usable:
            session.rollback()
            return Imported(check, 0, "", _exit_code(check, settled, Saved()))
        saved = save(session, upload, by) if _worth_saving(check, settled) else Saved()
        if upload.state != "SAVED" and not check.needs_person:
            discard(session, upload)  # all of it is on record already; with questions it waits on the page
        session.commit()
    return Imported(check, saved.count, saved.receipt if saved.count else "", _exit_code(check, settled, saved))


def _worth_saving(check: Check, answers: Answers) -> bool:
    return bool(check.new or answers.everyone or any(choice.use for choice in answers.changes.values()))


def _exit_code(check: Check, answers: Answers, saved: Saved) -> int:
    if not check.usable or check.layout == "C":
        return NOTHING_USABLE
    open_changes = check.changed - len(answers.changes)
    trouble = saved.reasons_missing or saved.reasons_unsafe
    waits = check.questions or check.errors or check.held or open_changes > 0 or trouble
    return NEEDS_PERSON if waits else SAVED


def _program(database: Database, code: str) -> tuple[int, int, str]:
    with database.system("import attendance: which program a code names", writes=False) as session:
        row = session.execute(
            select(Program.id, Program.agency_id, Agency.zone)
            .join(Agency, Agency.id == Program.agency_id)
            .where(Program.code == code)
        ).first()
    if row is None:
        raise UnknownProgram(code)
    return row.id, row.agency_id, row.zone
