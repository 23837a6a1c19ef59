"""A long sheet is put by first and judged afterwards: nobody waits for it, nothing of it is lost, its progress is seen.

What is put by are its cleaned tables, in state READING. Whoever judges it holds it for a while (``until`` in
``Upload.check``), holds it for longer as long as it works, and says how far it is; killed at any instant, the next one
who looks begins again when that time is over, five times in all. Judging writes nothing but the check, so that
beginning again does no harm.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from monitor.access.scope import Scope
from monitor.clock import local_day
from monitor.db import Database
from monitor.intake.answers import Answers
from monitor.intake.examine import Examined
from monitor.intake.reading.tables import Reading
from monitor.intake.receiver import Receiver
from monitor.intake.record.keeping import pack
from monitor.intake.uploads import Kept, Sheet, find_upload, keep_check, prepare, reading_of, still_open
from monitor.models import Agency, Upload

ROWS, CELLS = 1_000, 20_000  # from here on a sheet is long: it may take more than a second
HELD: Final = timedelta(seconds=20)
TELL_EVERY: Final = timedelta(seconds=1)
RENEW_EVERY: Final = 5.0  # seconds
MOST_RENEWED: Final = 180  # times: after a quarter of an hour a judging that hangs holds its sheet no longer
TRIES: Final = 5
CUT_OFF: Final = Reading(refused="F-CUT-OFF")
NOBODY: Final = 0

log = logging.getLogger("monitor")

Clock = Callable[[], datetime]


class Progress(msgspec.Struct, frozen=True):
    """How far a sheet is: entries judged, of how many (0: not counted yet).

    ``until``: who judges it holds it until then. ``settled``: a person has answered it before; nothing is recalled.
    """

    done: int = 0
    of: int = 0
    until: datetime | None = None
    tries: int = 0
    settled: bool = False

    def interrupted(self, now: datetime) -> bool:
        """Nobody is at it now."""
        return self.until is None or self.until <= now


class Waiting(msgspec.Struct, frozen=True):
    """A sheet that nobody judges just now, whose it is, and in whose name it goes on."""

    id: int
    scope: Scope
    zone: str


def is_long(reading: Reading) -> bool:
    """Whether it is put by instead of being judged at once."""
    return rows_of(reading) > ROWS or cells_of(reading) > CELLS


def rows_of(reading: Reading) -> int:
    """Of all tables, empty ones between them too."""
    return sum(len(table.rows) for table in reading.tables)


def cells_of(reading: Reading) -> int:
    """Those that hold something."""
    return sum(bool(cell) for table in reading.tables for row in table.rows for cell in row)


def put_by(session: Session, sheet: Sheet, by: Receiver) -> Kept:
    """Keep a long sheet in a write transaction, to be judged later. The same, still open, is taken up again."""
    upload = still_open(session, sheet, by)
    if upload is None:
        upload = Upload(
            agency_id=by.agency_id, program_id=by.program_id, group_id=by.group_id, file_name=sheet.file_name,
            sha256=sheet.sha256, uploaded_at=by.now, uploaded_by_id=by.user_id, receipt=None, saved_at=None,
            undone_at=None, answers=msgspec.to_builtins(Answers(reports=by.reports)), check=_kept(Progress()),
        )  # fmt: skip
        session.add(upload)
    elif upload.state != "READING":
        upload.check = _kept(Progress(settled=True))
    upload.state, upload.content = "READING", pack(sheet.reading)
    session.flush()
    return upload


def progress_of(upload: Kept) -> Progress:
    """How far it is."""
    return msgspec.convert(upload.check.get("progress", {}), Progress, strict=False)


def waiting(session: Session, now: datetime) -> list[Waiting]:
    """Sheets that were put by and that nobody is at."""
    rows = session.execute(
        select(Upload.id, Upload.check, Upload.agency_id, Upload.uploaded_by_id, Agency.zone)
        .join(Agency, Agency.id == Upload.agency_id).where(Upload.state == "READING").order_by(Upload.uploaded_at)
    )  # fmt: skip
    return [
        Waiting(row.id, Scope(row.uploaded_by_id or NOBODY, "program", row.agency_id), row.zone)
        for row in rows
        if msgspec.convert(row.check.get("progress", {}), Progress, strict=False).interrupted(now)
    ]


def judge_long(database: Database, one: Waiting, clock: Clock) -> bool:
    """Judge a sheet that was put by and keep its check; False where somebody else is at it, or it is gone."""
    held = _hold(database, one, clock())
    if held is None:
        return False
    with database.scoped(one.scope) as session:
        upload = find_upload(session, one.id)
        if upload is None:
            return False
        sheet = Sheet(upload.file_name, upload.sha256, reading_of(upload) if held.tries <= TRIES else CUT_OFF)
        by, teller = _receiver(upload, one, clock()), _Teller(database, one, held, clock)
        with _renewed(teller):
            examined = prepare(session, sheet, by, afresh=not held.settled, tell=teller)
    return _keep(database, one, examined, held)


def _hold(database: Database, one: Waiting, now: datetime) -> Progress | None:
    """Take it, unless somebody has it."""
    with database.scoped(one.scope, writes=True) as session:
        upload = _locked(session, one.id)
        if upload is None or not (before := progress_of(upload)).interrupted(now):
            return None
        held = msgspec.structs.replace(before, until=now + HELD, tries=before.tries + 1)
        upload.check = _kept(held)
        session.commit()
    return held


def _keep(database: Database, one: Waiting, examined: Examined, held: Progress) -> bool:
    with database.scoped(one.scope, writes=True) as session:
        upload = _locked(session, one.id)
        if upload is None or progress_of(upload).tries != held.tries:  # answered, deleted or taken over meanwhile
            return False
        upload.answers = msgspec.to_builtins(examined.answers if not held.settled else upload.answers)
        if examined.check.refused:
            upload.content = None
        keep_check(session, upload, examined)
        session.commit()
    return True


class _Teller:
    """Writes down how far it is, once a second, and so holds the sheet for longer."""

    def __init__(self, database: Database, one: Waiting, held: Progress, clock: Clock) -> None:
        self._database, self._one, self._told, self._clock = database, one, held, clock
        self._told_at = clock()

    def __call__(self, done: int, of: int) -> None:
        now = self._clock()
        if now - self._told_at < TELL_EVERY:
            return
        self._told_at, self._told = now, msgspec.structs.replace(self._told, done=done, of=of)
        self._write(now)

    def renew(self) -> None:
        """Hold it for longer with nothing new to tell."""
        self._write(self._clock())

    def _write(self, now: datetime) -> None:
        with self._database.scoped(self._one.scope, writes=True) as session:
            upload = _locked(session, self._one.id)
            if upload is not None and progress_of(upload).tries == self._told.tries:
                upload.check = _kept(msgspec.structs.replace(self._told, until=now + HELD))
                session.commit()


@contextlib.contextmanager
def _renewed(teller: _Teller) -> Iterator[None]:
    """Counting the entries before the first is judged, and comparing them after the last, tell nothing and may take
    longer than the sheet is held: a thread renews it, and ends with its process."""
    over = threading.Event()

    def renew() -> None:
        for _ in range(MOST_RENEWED):
            if over.wait(RENEW_EVERY):
                return
            try:
                teller.renew()
            except SQLAlchemyError:  # a busy database: the next one comes before the time is over
                log.warning("a long sheet could not be held for longer just now")

    thread = threading.Thread(target=renew, name="long sheet", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _locked(session: Session, upload_id: int) -> Upload | None:
    return session.scalar(
        select(Upload).where(Upload.id == upload_id, Upload.state == "READING").with_for_update()
    )


def _receiver(upload: Upload, one: Waiting, now: datetime) -> Receiver:
    reports = bool(upload.answers.get("reports"))
    return Receiver(
        upload.agency_id, upload.program_id, upload.uploaded_by_id, now, local_day(now, one.zone), upload.group_id,
        reports=reports,
    )  # fmt: skip


def _kept(progress: Progress) -> dict[str, object]:
    return {"progress": msgspec.to_builtins(progress)}
