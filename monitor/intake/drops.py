"""The watched folder: a program drops sheets by SFTP, and finds an acknowledgement beside each. The same intake.

    FOLDER/PROGRAM-CODE/in/week.csv      the sheet
    FOLDER/PROGRAM-CODE/in/week.csv.ok   put there when the sheet is whole; may hold its SHA-256
    FOLDER/PROGRAM-CODE/out/week.csv.ack.csv
    FOLDER/PROGRAM-CODE/done/week.csv    the sheet, once it is acknowledged

Nothing is touched before its ``.ok`` is there. The sheet is brought in, and its acknowledgement kept, in one
transaction under the key of name and content; only then files are moved and written. Killed at any instant, the next
look finds the key taken and does what is left: nothing is lost, nothing is brought in twice.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import select

from monitor import audit
from monitor.db import Database
from monitor.held_folder import held
from monitor.intake import keys
from monitor.intake.importing import Imported, ProgramPlace, bring_in
from monitor.intake.problems import safe_cell
from monitor.intake.reading.tables import Limits
from monitor.intake.scanning import UNSCANNED, Scanner, ScannerSilent
from monitor.intake.uploads import open_sheet_file
from monitor.models import Agency, Program

OK = ".ok"
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # of any other name the program hears what became of it
LONGEST = 247  # bytes of a name, so that its acknowledgement's name fits a file system, too
COLUMNS = ("result", "count", "sheet", "row", "code")
BOX = ("in", "out", "done")
BROKEN = "F-CHECKSUM"
REMOVED = "F-REMOVED"
MOST = Limits().file_bytes + 1  # one more than is read, so that a sheet that is too large is refused as such


class Box(msgspec.Struct, frozen=True):
    """One program's folder, called ``code``, below the site's own."""

    folder: Path
    code: str
    place: ProgramPlace

    def held(self, name: str) -> AbstractContextManager[int]:
        """One of `BOX`, held open: it stays that folder, whatever the program puts in its place meanwhile."""
        return held(self.folder, self.code, name)


class Drop(msgspec.Struct, frozen=True):
    """A whole sheet that waits. ``broken``: what came is not what its ``.ok`` says."""

    box: Box
    name: str
    content: bytes
    broken: bool = False

    @property
    def told_name(self) -> str:
        """The name in letters: a byte that is none in UTF-8, as of an older machine, is written as its number."""
        return os.fsencode(self.name).decode("utf-8", "backslashreplace")


def boxes(database: Database, folder: Path) -> list[Box]:
    """The folders of programs that are there; links are not followed, for whoever drops files may make some."""
    with database.system("whose folders these are", writes=False) as session:
        rows = session.execute(
            select(Program.code, Program.id, Program.agency_id, Agency.zone)
            .join(Agency, Agency.id == Program.agency_id)
            .order_by(Program.code)
        ).all()
    found = [Box(folder, row.code, ProgramPlace(*row[1:])) for row in rows]
    return [box for box in found if all(_is_there(box, name) for name in BOX)]


def waiting(box: Box) -> Iterator[Drop]:
    """Whole sheets by name, and those that a killed process left unacknowledged.

    What is half-written, linked or of another kind stays as it is; what is no sheet is refused in words.
    """
    with box.held("in") as inbox, box.held("done") as done:
        for name in _names(inbox, done):
            said = _read(inbox, f"{name}{OK}", 200) or _read(done, _mark(name), 200)
            content = _read(inbox, name, MOST)
            if content is None:  # put away already
                content = _read(done, name, MOST)
            if content is not None:
                told = (said or b"").decode("ascii", "replace").split()[:1]
                yield Drop(box, name, content, bool(told) and told[0].lower() != hashlib.sha256(content).hexdigest())


def take_in(
    database: Database, drop: Drop, site_secret: str, now: datetime, scanner: Scanner | None = None
) -> None:
    """Bring one sheet in, put it away, acknowledge it. Safe to do again after being killed anywhere in it.

    Raises `ScannerSilent` and leaves all as it is where the site's scanner gives no word: the sheet waits for it.
    """
    box, name = drop.box, drop.name
    if drop.broken:
        with box.held("in") as inbox:
            _write(drop, _lines([("refused", 1, "", "", BROKEN)]))
            _remove(inbox, f"{name}{OK}")  # the sender sends it again, with another
        return
    told = _brought_in(database, drop, site_secret, now, scanner)
    # the acknowledgement comes last: once it is there, the program may send another sheet under the same name
    with box.held("in") as inbox, box.held("done") as done:
        for dropped, kept in ((name, name), (f"{name}{OK}", _mark(name))):
            with contextlib.suppress(FileNotFoundError):
                os.replace(dropped, kept, src_dir_fd=inbox, dst_dir_fd=done)
        _write(drop, told)
        _remove(done, _mark(name))


def _names(inbox: int, done: int) -> list[str]:
    dropped = [name.removesuffix(OK) for name in os.listdir(inbox) if name.endswith(OK)]
    left = [name[1:].removesuffix(OK) for name in os.listdir(done) if name[:1] == "." and name.endswith(OK)]
    return sorted({name for name in (*dropped, *left) if _is_ours(name)})


def _is_ours(name: str) -> bool:
    return not (CONTROL.search(name) or name.endswith(OK) or len(os.fsencode(name)) > LONGEST)


def _mark(name: str) -> str:
    """Says, among what is done, that a sheet is put away and not yet acknowledged."""
    return f".{name}{OK}"


def acknowledgement(done: Imported) -> bytes:
    """Counts, receipt and codes as CSV; no name, no value: the program knows what stands in its row."""
    check = done.check
    lines: list[tuple[object, ...]] = [("receipt", "", "", "", done.receipt)] if done.receipt else []
    lines += [("saved", done.count, "", "", "")]
    lines += [(name, getattr(check, name), "", "", "") for name in ("same", "changed", "held", "skipped")]
    lines += [("left out", 1, one.sheet, one.row, "") for one in check.left_out]
    refused = [message.code for message in check.messages if message.level == "file"] if not check.usable else []
    lines += [("refused", 1, "", "", code) for code in refused]
    lines += [("question", count, "", "", code) for code, count in Counter(one.code for one in check.questions).items()]
    lines += [("error", 1, one.sheet, one.row, one.code) for one in check.errors]
    lines += [("warning", 1, one.sheet, one.row or "", one.code) for one in check.warnings]
    return _lines(lines)


def _brought_in(
    database: Database, drop: Drop, site_secret: str, now: datetime, scanner: Scanner | None
) -> bytes:
    place = drop.box.place
    by = place.receiver(now)
    sheet = open_sheet_file(drop.content, drop.told_name, by.today, scanner=scanner)
    if sheet.reading.refused == UNSCANNED:
        raise ScannerSilent
    key = keys.key_of(place.agency_id, f"folder {place.program_id}", drop.told_name, [drop.content])
    with database.scoped(place.scope, writes=True) as session:
        # another content under the same name is another sheet
        key = msgspec.structs.replace(key, key_hash=hashlib.sha256(key.key_hash + key.body_hash).digest())
        if (before := keys.take(session, key, now)) is not None:
            return before or _lines([("removed", 1, "", "", REMOVED)])
        done = bring_in(session, sheet, by)
        told = acknowledgement(done)
        keys.keep(session, key, done.upload_id, told)
        subjects = (done.upload_id,) if done.upload_id else ()
        act = audit.Act(event="upload.dropped", agency_id=place.agency_id, subjects=subjects, component="job",
                        detail={"saved": done.count, "state": done.state})  # fmt: skip
        audit.append(session, act, audit.audit_key(site_secret), now)
        session.commit()
    return told


def _lines(lines: list[tuple[object, ...]]) -> bytes:
    out = io.StringIO()
    told = ([safe_cell(str(cell)) for cell in line] for line in lines)  # a sheet's name is somebody else's word
    csv.writer(out, lineterminator="\r\n").writerows([COLUMNS, *told])
    return out.getvalue().encode()


def _write(drop: Drop, content: bytes) -> None:
    """All of the acknowledgement or none: it is written beside, flushed, and put in place at once."""
    part = f".{drop.name}.part"
    with drop.box.held("out") as out:
        _remove(out, part)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o640, dir_fd=out)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, f"{drop.name}.ack.csv", src_dir_fd=out, dst_dir_fd=out)


def _read(place: int, name: str, most: int) -> bytes | None:
    """The first ``most`` bytes of a plain file; None where it is none, or a link to one."""
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=place)
    except OSError:
        return None
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        os.close(handle)
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read(most)


def _is_there(box: Box, name: str) -> bool:
    with contextlib.suppress(OSError), box.held(name):
        return True
    return False


def _remove(place: int, name: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name, dir_fd=place)
