"""A program brings in its sheets: upload, check, answer, save, undo. Nothing is saved before "Save"."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, MultipartBody, QueryParameter, URLEncodedBody

from monitor.clock import local_day, utc_now
from monitor.compliance.evaluation import switched_on
from monitor.intake import uploads as intake
from monitor.intake.answers import Answers
from monitor.intake.effects import effects_of, would_write
from monitor.intake.forms import merge, needs_check
from monitor.intake.long_sheets import is_long, put_by
from monitor.intake.pages import FIELDS, check_page, uploads_page
from monitor.intake.problems import Download, problem_file
from monitor.intake.receiver import Receiver
from monitor.intake.record.saving import Saved, save
from monitor.intake.record.undoing import undo
from monitor.intake.scanning import scanner_of
from monitor.intake.template import Wanted, template
from monitor.intake.uploads import Kept, NotOpen
from monitor.wording import count
from web.database import DB, beside, note
from web.files import as_file
from web.forms import Form, Line
from web.long_sheets import address_of, judging
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

LIST = "/attendance/uploads"
# room for a file over the limit, so that its refusal can say how large it is
LARGEST_BODY = 12_000_000
CHANGED_MEANWHILE = "This upload was saved, undone or deleted meanwhile. This is how it stands now."
REASON_WANTED = "Nothing was saved yet: the reason of a change below needs another look."
RECORD_CHANGED = "The record has changed since you opened this. Look once more, then save."

Shown = Annotated[str, QueryParameter(max_length=20)]


class UploadForm(Form):
    """A file and where it belongs."""

    file: UploadFile | None = None
    program: Line = ""
    group: Line = ""
    kind: Line = ""


class UndoForm(Form):
    """Why it is taken back; may stay empty."""

    reason: Line = ""


@get(LIST, sync_to_thread=True)
def show_list(request: Visit, db: DB) -> Answer:
    """The agency's uploads, and the form for the next."""
    return page(request, "uploads/list.html", {"uploads": uploads_page(db, request.user.agency_id), "errors": {}})


@post(LIST, sync_to_thread=True, request_max_body_size=LARGEST_BODY)
def upload(request: Visit, db: DB, data: MultipartBody[UploadForm]) -> Answer:
    """Read and check a file. The database is only locked for keeping the check."""
    content = data.file.file.read() if data.file is not None else b""
    site: Site = request.app.state.site
    with beside(request) as reading:
        choices = uploads_page(reading, request.user.agency_id)
        if data.file is None or not data.file.filename or not choices.programs:
            errors = {"file": "Choose a file first."}
            return page(request, "uploads/list.html", {"uploads": choices, "errors": errors}, status=422)
        group = next((line for line in choices.groups if str(line.id) == data.group), None)
        program = group.program_id if group else _program(data.program, [line.id for line in choices.programs])
        by = _receiver(request, program, group.id if group else None)
        by = msgspec.structs.replace(by, reports=data.kind == "reports")
        sheet = intake.open_sheet_file(content, data.file.filename, by.today, scanner=scanner_of(site.settings))
        examined = None if is_long(sheet.reading) else intake.prepare(reading, sheet, by)
    if examined is None:
        received = put_by(db, sheet, by)
        note(db, received.id, state=received.state)
        return judging(request, received.id)
    received = intake.receive(db, sheet, by, examined)
    note(db, received.id, state=received.state)
    return see_other(request, _address(received.id))


@get(LIST + "/{upload_id:int}", sync_to_thread=True)
def show(
    request: Visit, db: DB, upload_id: FromPath[int], show: Shown = "new", number: FromQuery[int] = 1
) -> Answer:
    """The check page, or what became of the upload."""
    found = _found(db, upload_id)
    if found.state == "READING":
        return see_other(request, address_of(upload_id))
    checked = check_page(db, found, _receiver(request, found.program_id), show, number)
    context = {"page": checked, "told": "", "fields": FIELDS}
    return page(request, "uploads/show.html", context, fragment="uploads/check.html")


@get(LIST + "/{upload_id:int}/effects", sync_to_thread=True)
def show_effects(request: Visit, db: DB, upload_id: FromPath[int]) -> Answer:
    """Which flags saving would open or close, by what the program itself has on record. Nothing is written."""
    found = _found(db, upload_id)
    if found.state not in intake.OPEN:
        raise NotFoundException
    by, site = _receiver(request, found.program_id), request.app.state.site
    asked = would_write(db, found, by.today)
    with site.database.system("what an upload would do", writes=False) as session:
        told = effects_of(session, asked, by.agency_id, switched_on(*site.settings.own_packs()), by.now)
    context = {"effects": told, "upload_id": found.id, "file_name": found.file_name}
    return page(request, "uploads/effects.html", context, fragment="uploads/effects_part.html")


@post(LIST + "/{upload_id:int}/answers", sync_to_thread=True)
def answer(request: Visit, db: DB, upload_id: FromPath[int], data: URLEncodedBody[dict[str, str]]) -> Answer:
    """Apply answers to this upload and check again."""
    found = _found(db, upload_id)
    by = _receiver(request, found.program_id)
    try:
        _settle(db, found, merge(intake.answers_of(found), data, by.today), by, data)
    except NotOpen:
        return see_other(request, _address(upload_id, ""), Flash(CHANGED_MEANWHILE))
    return see_other(request, _address(upload_id))


@post(LIST + "/{upload_id:int}/save", sync_to_thread=True)
def save_upload(request: Visit, db: DB, upload_id: FromPath[int], data: URLEncodedBody[dict[str, str]]) -> Answer:
    """Save what the check said. Answers given on the same form are applied first, and then shown before saving."""
    found = _found(db, upload_id)
    by = _receiver(request, found.program_id)
    before = intake.answers_of(found)
    after = merge(before, data, by.today)
    try:
        if needs_check(before, after):
            _settle(db, found, after, by, data)
            return see_other(request, _address(upload_id), Flash("Your answers are in. Look once more, then save."))
        intake.keep_answers(found, after)
        done = save(db, found, by)
    except NotOpen:
        return see_other(request, _address(upload_id, ""), Flash(CHANGED_MEANWHILE))
    return _after_saving(request, db, upload_id, done)


def _settle(db: DB, found: Kept, after: Answers, by: Receiver, data: dict[str, str]) -> None:
    """Judge again by what was answered, and remember it for the next sheet of this kind unless the form says no."""
    before = intake.answers_of(found)
    intake.answer(db, found, after, by.today)
    if data.get("once") != "yes":
        intake.remember_answers(db, found, before, by.today, by.now)


def _after_saving(request: Visit, db: DB, upload_id: int, done: Saved) -> Answer:
    address = _address(upload_id)
    if done.check_again:
        return see_other(request, address, Flash(RECORD_CHANGED))
    if done.reasons_missing or done.reasons_unsafe:
        return see_other(request, f"{LIST}/{upload_id}#changes", Flash(REASON_WANTED))
    note(db, saved=done.count)
    what = count(done.count, "draft" if done.drafts else "record")
    told = Flash(f"Saved {what}. Receipt {done.receipt}.", undo=f"{LIST}/{upload_id}/undo")
    return see_other(request, _address(upload_id, "#receipt"), told)


@post(LIST + "/{upload_id:int}/undo", sync_to_thread=True)
def undo_upload(request: Visit, db: DB, upload_id: FromPath[int], data: URLEncodedBody[UndoForm]) -> Answer:
    """Take back the whole upload; 409 with why it cannot be, or is already."""
    found = _found(db, upload_id)
    done = undo(db, found, _receiver(request, found.program_id), data.reason)
    if done.too_late:
        checked = check_page(db, found, _receiver(request, found.program_id), "new", 1)
        context = {"page": checked, "told": f"This upload was not undone: {done.too_late}.", "fields": FIELDS}
        return page(request, "uploads/show.html", context, status=409)
    note(db, undone=done.count)
    told = f"The upload was undone; {count(done.count, 'record was', 'records were')} taken back."
    return see_other(request, _address(upload_id, ""), Flash(told))


@post(LIST + "/{upload_id:int}/discard", sync_to_thread=True)
def discard(request: Visit, db: DB, upload_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Delete a file that was not saved."""
    try:
        intake.discard(db, _found(db, upload_id))
    except NotOpen:
        return see_other(request, _address(upload_id, ""), Flash(CHANGED_MEANWHILE))
    return see_other(request, LIST, Flash("The upload was deleted. Nothing of it was saved."))


@get(LIST + "/{upload_id:int}/problems", sync_to_thread=True)
def problems(request: Visit, db: DB, upload_id: FromPath[int]) -> Answer:
    """The rows that were not saved, as a file to correct and send back."""
    found = _found(db, upload_id)
    if found.content is None:
        raise NotFoundException
    held = intake.held_rows(db, found)
    today = _receiver(request, found.program_id).today
    file = problem_file(intake.reading_of(found), intake.check_of(found), held, today)
    return _download(db, file)


@get(LIST + "/template", sync_to_thread=True)
def show_template(request: Visit, db: DB, group: Shown = "", of: Shown = "class") -> Answer:
    """A sheet with the group's people to fill in; it holds names, so it is made for one group of the asker's."""
    chosen = next((one.id for one in uploads_page(db, request.user.agency_id).groups if str(one.id) == group), None)
    today = local_day(utc_now(), request.user.zone)
    file = template(db, Wanted(chosen, whole_month=of == "month"), today) if chosen is not None else None
    if file is None or chosen is None:
        raise NotFoundException
    note(db, chosen)
    return _download(db, file)


def _download(db: DB, file: Download) -> Answer:
    return as_file(db, file.content, file.file_name, file.media_type)


def _found(db: DB, upload_id: int) -> Kept:
    found = intake.find_upload(db, upload_id)
    if found is None or found.state == "DISCARDED":
        raise NotFoundException
    return found


def _receiver(request: Visit, program_id: int, group_id: int | None = None) -> Receiver:
    who, now = request.user, utc_now()
    return Receiver(who.agency_id, program_id, who.user_id, now, local_day(now, who.zone), group_id)


def _program(chosen: str, programs: list[int]) -> int:
    return next((program for program in programs if str(program) == chosen), programs[0])


def _address(upload_id: int, part: str = "#needs-you") -> str:
    return f"{LIST}/{upload_id}{part}"


HANDLERS = [show_list, show_template, upload, show, show_effects, answer, save_upload, undo_upload, discard, problems]
