"""A clerk puts a new case on record: one page, and from there to its orders."""

from __future__ import annotations

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.bench_page.words import LANGUAGES
from monitor.clock import utc_now
from monitor.contact_log.entering import hour_of
from monitor.new_cases.correcting import Entry, correct, entry_of, faults_of_entry
from monitor.new_cases.entering import NOT_FREE, Alike, NotFree, alike, enter, faults_of, who_has
from monitor.new_cases.page import KINDS, NOBODY, NewCase, Offered, offered
from monitor.trail.alarm import tell_privacy
from web.absences import day_of
from web.database import DB, note, of_case
from web.forms import Form, Line, Name, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

PATH, ENTRY = "/cases/new", "/hearings/{hearing_id:int}/entry"
CHANGED = "It was corrected since this page was opened. This is how it stands now; nothing was kept of what you typed."
WHICH = "Say whether it is somebody on record: two people may have one name."


class NamedForm(Form):
    """Number, judge and person: what is typed of a new case, and corrected in an old one."""

    number: Line = ""
    family: Line = ""
    given: Line = ""
    middle: Line = ""
    suffix: Line = ""
    born_on: Name = ""
    language: Name = ""
    judge: Name = ""

    def typed(self) -> NewCase:
        """As the record takes it."""
        return NewCase(
            number=self.number, family=self.family, given=self.given, middle=self.middle, suffix=self.suffix,
            born_on=day_of(self.born_on), language=self.language, judge=id_of(self.judge),
        )  # fmt: skip


class CaseForm(NamedForm):
    """A new case as the page sends it."""

    court: Name = ""
    office: Name = ""
    kind: Name = ""
    on: Name = ""
    at: Name = ""
    room: Line = ""
    person: Name = ""

    def typed(self) -> NewCase:
        """With its court, office and first hearing."""
        return msgspec.structs.replace(
            NamedForm.typed(self), court=id_of(self.court), office=self.office, kind=self.kind, on=day_of(self.on),
            at=hour_of(self.at), room=self.room, person=self.person,
        )  # fmt: skip


class EntryForm(NamedForm):
    """What is corrected. ``seen``: how the entry stood on the page."""

    seen: Name = ""


@get(PATH, sync_to_thread=True)
def opened(request: Visit, db: DB) -> Answer:
    """The empty form. Where there is one office, or one court, it stands there already."""
    offers = offered(db)
    form = CaseForm(office=str(offers.offices[0][0]) if len(offers.offices) == 1 else "", kind="SENTENCING")
    return _page(request, offers, form)


@post(PATH, sync_to_thread=True)
def put_on_record(request: Visit, db: DB, data: URLEncodedBody[CaseForm]) -> Answer:
    """The case with its person and first hearing; asks first whether it is somebody on record."""
    now, typed, offers = utc_now(), data.typed(), offered(db)
    if errors := faults_of(db, offers, typed, now):
        return _page(request, offers, data, errors=errors, status=422)
    known = alike(db, typed)
    if known and typed.person not in {NOBODY, *(str(one.id) for one in known)}:
        note(db, *(case for one in known for case in one.cases))  # whoever asks by name looks at these
        return _page(request, offers, data, known, {"person": WHICH}, status=422)
    bench = offers.court(typed.court)
    assert bench is not None
    try:
        case_id, hearing_id = enter(db, bench, typed, known, now)
    except NotFree:
        db.rollback()
        _tried(request, db, bench.id, typed.number)
        return _page(request, offered(db), data, known, {"number": NOT_FREE}, status=422)
    note(db, case_id, hearing_id)
    return see_other(request, f"/hearings/{hearing_id}/orders", Flash("On record. Enter its orders here."))


def _page(
    request: Visit, offers: Offered, form: CaseForm, known: tuple[Alike, ...] = (),
    errors: dict[str, str] | None = None, status: int = 200,
) -> Answer:  # fmt: skip
    context = {
        "offers": offers, "form": form, "known": known, "errors": errors or {}, "kinds": list(KINDS.items()),
        "languages": _languages(),
        "offices": [*((str(number), name) for number, name in offers.offices), (NOBODY, "None: nobody supervises")],
        "judges": [(str(number), f"{name}, {one.name}" if len(offers.courts) > 1 else name)
                   for one in offers.courts for number, name in one.judges],
    }  # fmt: skip
    return page(request, "cases/new.html", context, status=status)


@get(ENTRY, sync_to_thread=True)
def entry(request: Visit, db: DB, hearing_id: FromPath[int]) -> Answer:
    """The case as it was entered, to be said rightly."""
    found = _found(db, hearing_id)
    said = found.said
    form = EntryForm(
        number=said.number, family=said.family, given=said.given, middle=said.middle, suffix=said.suffix,
        born_on=str(said.born_on), language=said.language, judge=str(said.judge or ""),
    )  # fmt: skip
    return _entry(request, found, form)


@post(ENTRY, sync_to_thread=True)
def corrected(request: Visit, db: DB, hearing_id: FromPath[int], data: URLEncodedBody[EntryForm]) -> Answer:
    """Keep the correction; 409 where somebody was faster, or the case is closed."""
    found, typed = _found(db, hearing_id), data.typed()
    if found.closed or data.seen != found.seen:
        return _entry(request, found, data, {} if found.closed else {"number": CHANGED}, status=409)
    if errors := faults_of_entry(found, typed, utc_now()):
        return _entry(request, found, data, errors, status=422)
    try:
        fields = correct(db, found, typed)
    except NotFree:
        db.rollback()
        _tried(request, db, found.court_id, typed.number)
        return _entry(request, found, data, {"number": NOT_FREE}, status=422)
    note(db, found.person_id, fields=" ".join(fields))
    return see_other(request, f"/hearings/{hearing_id}/orders", Flash("Corrected." if fields else "Nothing differed."))


def _found(db: DB, hearing_id: int) -> Entry:
    found = entry_of(db, hearing_id)
    if found is None:
        raise NotFoundException
    of_case(db, found.case_id)
    return found


def _entry(
    request: Visit, found: Entry, form: EntryForm, errors: dict[str, str] | None = None, status: int = 200
) -> Answer:
    context = {
        "entry": found, "form": form, "errors": errors or {}, "languages": _languages(),
        "judges": [(str(number), name) for number, name in found.judges],
    }  # fmt: skip
    return page(request, "cases/correct.html", context, status=status)


def _tried(request: Visit, db: DB, court_id: int, number: str) -> None:
    """The refusal tells a number that is taken from a free one, also where its case is hidden from whoever asks
    (safeguard B7; docs/court.md says why it is refused): who tried stands in the trail, and their privacy officer is
    told of the second."""
    case_id, hidden = who_has(db, court_id, number)
    if not case_id:
        return
    note(db, case_id)
    if hidden:
        db.rollback()  # on SQLite one transaction writes at a time
        site: Site = request.app.state.site
        with site.database.system("a hidden case's number was tried") as session, session.begin():
            about = f"number:{case_id}:{request.user.user_id}"
            tell_privacy(session, about, request.user.agency_id, utc_now(), case_id)


def _languages() -> list[tuple[str, str]]:
    return sorted(LANGUAGES.items(), key=lambda one: one[1])


HANDLERS = [opened, put_on_record, entry, corrected]
