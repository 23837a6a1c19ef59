"""A sheet from a machine: the command line, the API and the watched folder bring it in as the web page does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.scope import Scope
from monitor.clock import local_day
from monitor.db import Database
from monitor.intake.answers import Answers
from monitor.intake.check import Check
from monitor.intake.problems import Download, problem_file
from monitor.intake.reading.tables import Limits
from monitor.intake.receiver import Receiver
from monitor.intake.record.saving import Saved, save
from monitor.intake.record.standing import lock_program
from monitor.intake.scanning import Scanner
from monitor.intake.uploads import Sheet, answer, answers_of, check_of, discard, held_rows, open_sheet_file, receive
from monitor.models import Agency, Program, Upload

SAVED, NEEDS_PERSON, NOTHING_USABLE = 0, 3, 4
NOBODY = 0  # no person: the row's recorded_by stays empty


class UnknownProgram(Exception):
    """No program has this code."""


class ProgramPlace(msgspec.Struct, frozen=True):
    """A program, whose it is, and the zone in which its days are counted."""

    program_id: int
    agency_id: int
    zone: str

    @property
    def scope(self) -> Scope:
        """What a machine reads and writes of it: what the program's own people do."""
        return Scope(NOBODY, "program", self.agency_id)

    def receiver(self, now: datetime, group_id: int | None = None) -> Receiver:
        """A file that comes in at ``now`` without a person."""
        return Receiver(self.agency_id, self.program_id, None, now, local_day(now, self.zone), group_id)


class Imported(msgspec.Struct, frozen=True):
    """The check page's content, what was saved, and the exit code of the contract.

    ``upload_id`` and ``state``: the upload that was kept; without one, ``DRY_RUN``. ``problems``: rows that were not
    saved, where they were asked for and there are any.
    """

    check: Check
    count: int
    receipt: str
    exit_code: int
    upload_id: int | None = None
    state: str = "DRY_RUN"
    problems: Download | None = None

    def content(self) -> dict[str, Any]:
        """For ``--json``: the check page's content, with ``file_messages``, ``saved`` and ``receipt``."""
        content = msgspec.to_builtins(self.check)
        told = {"file_messages": self.check.file_messages, "saved": self.count, "receipt": self.receipt or None}
        return {**content, **told}


def import_attendance(
    database: Database, program_code: str, file_name: str, content: bytes, now: datetime, *,
    dry_run: bool = False, answers: Answers | None = None, rows: int | None = None, problems: bool = False,
    scanner: Scanner | None = None,
) -> Imported:  # fmt: skip
    """Check a file and, unless ``dry_run``, save its good rows. Raises `UnknownProgram`."""
    place = place_of(database, program_code)
    by = place.receiver(now)
    limits = Limits().for_rows(rows) if rows else None
    sheet = open_sheet_file(content, file_name, by.today, limits, scanner=scanner)
    with database.scoped(place.scope, writes=True) as session:
        done = bring_in(session, sheet, by, answers, problems=problems)
        if dry_run or not done.check.usable:
            session.rollback()
            return msgspec.structs.replace(done, count=0, receipt="", upload_id=None, state="DRY_RUN")
        session.commit()
        return done


def bring_in(
    session: Session, sheet: Sheet, by: Receiver, answers: Answers | None = None, *, problems: bool = False
) -> Imported:
    """Check a sheet and save its good rows in the caller's write transaction, all of it or nothing.

    The program is locked first, so nothing of it changes between the check and the save.
    """
    lock_program(session, by.program_id)
    upload = receive(session, sheet, by)
    if answers is not None and check_of(upload).usable:
        answer(session, upload, answers, by.today)
    check, settled = check_of(upload), answers_of(upload)
    if not check.usable:
        return Imported(check, 0, "", NOTHING_USABLE, upload.id, upload.state)
    bad = _problems(session, sheet, upload, check, by) if problems else None
    saved = save(session, upload, by) if _worth_saving(check, settled) else Saved()
    if upload.state != "SAVED" and not check.needs_person:
        discard(session, upload)  # all of it is on record already; with questions it waits on the page
    receipt = saved.receipt if saved.count else ""
    code = _exit_code(check, settled, saved)
    return Imported(check, saved.count, receipt, code, upload.id, upload.state, bad)


def _problems(session: Session, sheet: Sheet, upload: Upload, check: Check, by: Receiver) -> Download | None:
    if not (check.errors or check.held):
        return None
    return problem_file(sheet.reading, check, held_rows(session, upload), by.today)


def _worth_saving(check: Check, answers: Answers) -> bool:
    return bool(check.new or answers.everyone or any(choice.use for choice in answers.changes.values()))


def _exit_code(check: Check, answers: Answers, saved: Saved) -> int:
    if not check.usable or check.layout == "C":
        return NOTHING_USABLE
    open_changes = check.changed - len(answers.changes)
    trouble = saved.reasons_missing or saved.reasons_unsafe
    waits = check.questions or check.errors or check.held or open_changes > 0 or trouble
    return NEEDS_PERSON if waits else SAVED


def place_of(database: Database, code: str) -> ProgramPlace:
    """The program with a code. Raises `UnknownProgram`."""
    with database.system("which program a code names", writes=False) as session:
        row = session.execute(
            select(Program.id, Program.agency_id, Agency.zone)
            .join(Agency, Agency.id == Program.agency_id)
            .where(Program.code == code)
        ).first()
    if row is None:
        raise UnknownProgram(code)
    return ProgramPlace(*row)
