"""A program's own software brings its sheets in: the same intake as the screen, once under each key."""

from __future__ import annotations

import hashlib
from typing import Annotated

import msgspec
from litestar import Response, delete, get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, MultipartBody, QueryParameter

from monitor.clock import local_day, utc_now
from monitor.intake import keys
from monitor.intake.answers import Answers
from monitor.intake.batches import (
    BadCursor,
    Batch,
    batch_of_import,
    changes_since,
    find_batch,
    group_of,
)
from monitor.intake.check import Check
from monitor.intake.importing import NOTHING_USABLE, Imported, bring_in
from monitor.intake.receiver import Receiver
from monitor.intake.record.undoing import undo
from monitor.intake.scanning import scanner_of
from monitor.intake.uploads import Kept, Sheet, discard, open_sheet_file
from web.api.problems import ApiProblem, problem
from web.database import DB, note
from web.forms import Form, Name, Sealed
from web.site import Answer, Visit

PATH = "/api/v1/attendance-batches"
LARGEST_BODY = 12_000_000
LONGEST_KEY = 255

Cursor = Annotated[str, QueryParameter(max_length=200)]


class BatchForm(Form):
    """A sheet, answers to its questions (JSON, as for the command line), and the group it is of (a code)."""

    file: UploadFile | None = None
    answers: Sealed = ""
    group: Name = ""


class Sent(msgspec.Struct, frozen=True):
    """What came in, read and checked for form, before the database is touched."""

    sheet: Sheet
    answers: Answers | None
    key: keys.Key | None


@post(PATH, sync_to_thread=True, request_max_body_size=LARGEST_BODY)
def bring(request: Visit, db: DB, data: MultipartBody[BatchForm], dry_run: FromQuery[bool] = False) -> Answer:
    """Check a sheet and save its good rows; with ``dry_run`` say what that would do."""
    by = _receiver(request)
    sent = _read(request, data, by, dry_run)
    try:
        before = keys.take(db, sent.key, by.now) if sent.key else None
    except keys.OtherBody:
        raise ApiProblem(422, "KEY-REUSED", "This Idempotency-Key was used for something else.") from None
    if before == b"":
        raise ApiProblem(410, "REMOVED", "What came in under this Idempotency-Key was removed. Send it under another.")
    if before is not None:
        note(db, state="AGAIN")
        return _created(msgspec.json.decode(before, type=Batch), before, {"idempotent-replayed": "true"})
    group = _group(db, data.group, by)
    done = bring_in(db, sent.sheet, msgspec.structs.replace(by, group_id=group), sent.answers)
    if dry_run or done.exit_code == NOTHING_USABLE:
        db.rollback()
    return _answer(request, db, done, sent.key, dry_run)


@get(PATH + "/{upload_id:int}", sync_to_thread=True)
def show(request: Visit, db: DB, upload_id: FromPath[int]) -> Answer:
    """How a batch of the program stands now."""
    _upload, batch = _found(request, db, upload_id)
    content = msgspec.json.encode(batch)
    return _json(content, 200, {"etag": _tag(content)})


@delete(PATH + "/{upload_id:int}", sync_to_thread=True, status_code=200)
def take_back(request: Visit, db: DB, upload_id: FromPath[int]) -> Answer:
    """Undo a batch that was saved, all of it; delete one that was not. ``If-Match`` holds it to the state seen."""
    upload, batch = _found(request, db, upload_id)
    wanted = request.headers.get("if-match", "*")
    if wanted not in ("*", _tag(msgspec.json.encode(batch))):
        raise ApiProblem(412, "STATE-CHANGED", "The batch has changed since it was read.")
    if upload.state == "UNDONE":
        return _json(msgspec.json.encode(batch), 200)
    if upload.state != "SAVED":
        discard(db, upload)
        return _json(msgspec.json.encode(msgspec.structs.replace(batch, id=None, state="DELETED", waits=False)), 200)
    done = undo(db, upload, _receiver(request))
    if done.too_late:
        raise ApiProblem(409, "UNDO-TOO-LATE", f"The batch was not undone: {done.too_late}.")
    note(db, undone=done.count)
    return _json(msgspec.json.encode(_found(request, db, upload_id)[1]), 200)


@get("/api/v1/changes", sync_to_thread=True)
def changes(request: Visit, db: DB, since: Cursor = "") -> Answer:
    """Batches of the program whose state is new, whoever changed it."""
    try:
        found = changes_since(db, request.user.program_id or 0, since, utc_now())
    except BadCursor:
        raise ApiProblem(400, "CURSOR-UNKNOWN", "Send back what an answer called `next`, or nothing.") from None
    note(db, changes=len(found.changes))
    return _json(msgspec.json.encode(found), 200)


def _read(request: Visit, data: BatchForm, by: Receiver, dry_run: bool) -> Sent:
    if data.file is None or not data.file.filename:
        raise ApiProblem(400, "FILE-MISSING", "Send the sheet as the part `file`, with its name.")
    content, answers = data.file.file.read(), None
    if data.answers:
        try:
            answers = msgspec.json.decode(data.answers, type=Answers)
        except msgspec.DecodeError:
            raise ApiProblem(400, "ANSWERS-UNREADABLE", "The part `answers` is not of the form described.") from None
    body = [data.file.filename.encode(), content, data.answers.encode(), data.group.encode()]
    key = None if dry_run else _key(request, body)
    scanner = scanner_of(request.app.state.site.settings)
    return Sent(open_sheet_file(content, data.file.filename, by.today, scanner=scanner), answers, key)


def _key(request: Visit, body: list[bytes]) -> keys.Key:
    key = request.headers.get("idempotency-key", "").strip().strip('"')
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise ApiProblem(400, "KEY-MISSING", "Send an Idempotency-Key of up to 255 printable characters.")
    return keys.key_of(request.user.agency_id, f"machine {request.user.machine_id}", key, body)


def _group(db: DB, code: str, by: Receiver) -> int | None:
    found = group_of(db, code, by.program_id) if code else None
    if code and found is None:
        raise ApiProblem(400, "GROUP-UNKNOWN", "The program has no group of this code.")
    return found


def _answer(request: Visit, db: DB, done: Imported, key: keys.Key | None, dry_run: bool) -> Answer:
    if done.exit_code == NOTHING_USABLE:
        note(db, state="REFUSED")
        return _unusable(request, done.check)
    if dry_run:
        done = msgspec.structs.replace(done, count=0, receipt="", upload_id=None, state="DRY_RUN")
    batch = batch_of_import(done)
    content = msgspec.json.encode(batch)
    if key is not None:
        keys.keep(db, key, done.upload_id, content)
    note(db, *([int(batch.id)] if batch.id else []), saved=batch.saved, state=batch.state)
    return _created(batch, content, {})


def _created(batch: Batch, content: bytes, headers: dict[str, str]) -> Answer:
    if batch.id is None:
        return _json(content, 200, headers)
    return _json(content, 201, headers | {"location": f"{PATH}/{batch.id}"})


def _unusable(request: Visit, check: Check) -> Answer:
    told = check.messages[0] if check.messages else None
    errors = [{"row": one.row, "code": one.code} for one in check.errors]
    code = "TOTALS-ONLY" if check.layout == "C" else told.code if told else "SHEET-UNUSABLE"
    return problem(request, 422, code, told.text if told else "Nothing in this file could be used.", errors)


def _found(request: Visit, db: DB, upload_id: int) -> tuple[Kept, Batch]:
    found = find_batch(db, upload_id, request.user.program_id or 0)
    if found is None:
        raise NotFoundException()
    return found


def _receiver(request: Visit) -> Receiver:
    who, now = request.user, utc_now()
    return Receiver(who.agency_id, who.program_id or 0, None, now, local_day(now, who.zone))


def _tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _json(content: bytes, status: int, headers: dict[str, str] | None = None) -> Answer:
    return Response(content, media_type="application/json", status_code=status, headers=headers or {})


HANDLERS = [bring, show, take_back, changes]
