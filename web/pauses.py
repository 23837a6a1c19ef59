"""Pauses of one person: custody and hospital, recorded, ended, corrected and taken back. A hidden one is as absent."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody

from monitor import pauses
from monitor.clock import utc_now
from monitor.pauses import KINDS, KNOWN, PausesPage, Stretch, Typed
from monitor.person_page.heading import person_of
from monitor.wording import short_day
from web.absences import day_of
from web.database import DB, note, of_case
from web.forms import Form, Line
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

PATH = "/people/{person_id:int}/pauses"
ONE = "/pauses/{pause_id:int}"
MOVED = "This pause was changed or taken back in the meantime. Look at the list again."


class PauseForm(Form):
    """A pause as typed: choices and days, and no words of anybody's."""

    kind: Line = ""
    known: Line = ""
    since: Line = ""
    until: Line = ""

    def typed(self) -> Typed:
        """As the record takes it."""
        days = {"since": self.since, "until": self.until}
        read = {name: day_of(text) for name, text in days.items()}
        bad = tuple(name for name, text in days.items() if text.strip() and read[name] is None)
        return Typed(kind=self.kind, known=self.known, **read, bad=bad)


@get(PATH, sync_to_thread=True)
def show(request: Visit, db: DB, person_id: FromPath[int], case: FromQuery[int | None] = None) -> Answer:
    """Every pause of the case, and the form for another one."""
    return _page(request, _found(db, person_id, case), PauseForm())


@post(PATH, sync_to_thread=True)
def record(
    request: Visit, db: DB, person_id: FromPath[int], data: URLEncodedBody[PauseForm],
    case: FromQuery[int | None] = None,
) -> Answer:  # fmt: skip
    """Keep a pause; the second of two clicks is told that it is there."""
    found, typed = _found(db, person_id, case), data.typed()
    case_id = found.heading.case_id
    if pauses.entered_before(db, case_id, typed):
        return see_other(request, _path(person_id, case_id), Flash("It is on record already."))
    if errors := pauses.faults_of(db, case_id, typed, found.today):
        return _page(request, found, data, errors=errors, status=422)
    made = pauses.enter(db, case_id, typed, utc_now())
    note(db, made, kind=typed.kind)
    told = Flash(f"Recorded. {_stops(typed)}", undo=f"/pauses/{made}/undo")
    return see_other(request, _path(person_id, case_id), told)


@get(ONE, sync_to_thread=True)
def edit(request: Visit, db: DB, pause_id: FromPath[int]) -> Answer:
    """One pause, to be ended or corrected."""
    case_id, one = _one(db, pause_id)
    until = one.until.isoformat() if one.until else ""
    form = PauseForm(kind=one.kind, known=one.known, since=one.since.isoformat(), until=until)
    return _page(request, _found(db, person_of(db, case_id), case_id), form, changing=one)


@post(ONE, sync_to_thread=True)
def change(request: Visit, db: DB, pause_id: FromPath[int], data: URLEncodedBody[PauseForm]) -> Answer:
    """End or correct it; what stood before stays on record."""
    case_id, one = _one(db, pause_id)
    found, typed = _found(db, person_of(db, case_id), case_id), data.typed()
    if errors := pauses.faults_of(db, case_id, typed, found.today, but=one.id):
        return _page(request, found, data, changing=one, errors=errors, status=422)
    try:
        note(db, pauses.change(db, one.id, typed, utc_now()), kind=typed.kind)
    except pauses.Changed as error:
        raise ClientException(MOVED, status_code=409) from error
    return see_other(request, _path(found.heading.person_id, case_id), Flash(f"Saved. {_stops(typed)}"))


@post(ONE + "/undo", sync_to_thread=True)
def undo(request: Visit, db: DB, pause_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Take it back; whoever entered it may, or a supervisor. It stays in sight as taken back."""
    case_id = pauses.case_of(db, pause_id)
    if case_id is None or not pauses.may_take(db, pause_id):
        raise NotFoundException
    of_case(db, case_id)
    back = _path(person_of(db, case_id), case_id)
    try:
        pauses.take_back(db, pause_id, utc_now())
    except pauses.Changed:
        db.rollback()
        return see_other(request, back, Flash("It had been changed or taken back already."))
    return see_other(request, back, Flash("Taken back. It stops nothing any more."))


def _path(person_id: int, case_id: int) -> str:
    return f"/people/{person_id}/pauses?case={case_id}"


def _stops(typed: Typed) -> str:
    return f"Clocks go on {short_day(typed.until)}." if typed.until else "Clocks stand still until an end is entered."


def _found(db: DB, person_id: int, case: int | None) -> PausesPage:
    found = pauses.pauses_page(db, person_id, utc_now(), case)
    if found is None:
        raise NotFoundException
    of_case(db, found.heading.case_id)
    return found


def _one(db: DB, pause_id: int) -> tuple[int, Stretch]:
    """Its case, and the pause as it stands; 404 where it is not this office's, 409 where it moved."""
    case_id = pauses.case_of(db, pause_id)
    if case_id is None:
        raise NotFoundException
    of_case(db, case_id)
    try:
        one = pauses.one_of(db, pause_id)
    except pauses.Changed as error:
        raise ClientException(MOVED, status_code=409) from error
    if one is None:
        raise NotFoundException
    return case_id, one


def _page(
    request: Visit, found: PausesPage, data: PauseForm, *, changing: Stretch | None = None,
    errors: dict[str, str] | None = None, status: int = 200,
) -> Answer:  # fmt: skip
    shown = {"found": found, "form": data, "changing": changing, "errors": errors or {}, "kinds": KINDS, "known": KNOWN}
    return page(request, "people/pauses.html", shown, status=status)


HANDLERS = [show, record, edit, change, undo]
