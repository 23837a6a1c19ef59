"""An officer's contacts with a person: the form of four fields, what was logged, and taking one back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody

from monitor.clock import local_day, utc_now
from monitor.compliance.evaluation import switched_on
from monitor.contact_log import closing, drafts, saving
from monitor.contact_log.entering import Entry, faults_of, hour_of
from monitor.contact_log.page import ONLY, ContactsPage
from monitor.contact_log.reading import contacts_page
from monitor.contact_log.ways import NEXT, RESULTS, SHOWED, TEMPLATES, TEST, TRAVEL, WAYS
from monitor.person_page.heading import heading, person_of
from monitor.person_page.page import Heading
from monitor.wording import time_of_day
from web.absences import day_of
from web.answers import json_text
from web.database import DB, note, of_case
from web.forms import Form, Line, Words
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

LIST = "/people/{person_id:int}/contacts"


class ContactForm(Form):
    """A contact as typed. ``anyway``: though one like it was just logged. ``then``: "another" comes back here."""

    way: Line = ""
    result: Line = ""
    on: Line = ""
    hour: Line = ""
    showed: Line = ""
    travel: Line = ""
    note: Words = ""
    after: Line = ""
    after_on: Line = ""
    because: Line = ""
    anyway: Line = ""
    then: Line = ""

    def entry(self) -> Entry:
        """As the record takes it."""
        on, hour = day_of(self.on), hour_of(self.hour)
        return Entry(
            way=self.way, result=self.result, on=on, hour=hour, note=self.note, after=self.after,
            showed=self.showed, travel=self.travel,
            bad_day=bool(self.on.strip()) and on is None, bad_hour=bool(self.hour.strip()) and hour is None,
            after_on=day_of(self.after_on), because=self.because,
        )  # fmt: skip


@get(LIST, sync_to_thread=True)
def show(
    request: Visit, db: DB, person_id: FromPath[int], case: FromQuery[int | None] = None, way: FromQuery[str] = "",
    only: FromQuery[str] = "",
) -> Answer:  # fmt: skip
    """The form, begun with what falls due or with a draft that was left, and what was logged, or a part (``only``)."""
    found = _found(request, db, person_id, case, only)
    draft = drafts.draft_of(db, found.heading.case_id)
    typed = _left(draft.content) if draft else ContactForm(way=way or found.first_way)
    return _page(request, found, typed, draft_at=draft.kept_at if draft else None)


def _what_next(typed: ContactForm, found: ContactsPage) -> ContactForm:
    """Who did not show is tried again, unless somebody says otherwise: the form comes back begun so."""
    if typed.result != "NO_SHOW" or typed.after:
        return typed
    return msgspec.structs.replace(typed, after="TRY_AGAIN", after_on=typed.after_on or f"{found.again_on:%m/%d/%Y}")


def _left(content: Mapping[str, object]) -> ContactForm:
    """A draft as it was left; what the form of an older version had besides is let go of."""
    known = ContactForm.__struct_fields__
    kept = (content or {}).items()
    return ContactForm(**{name: text for name, text in kept if name in known and isinstance(text, str)})


@post(LIST, sync_to_thread=True)
def log(
    request: Visit, db: DB, person_id: FromPath[int], data: URLEncodedBody[ContactForm],
    case: FromQuery[int | None] = None,
) -> Answer:  # fmt: skip
    """Log a contact; the answer says which duty it closed and when the next falls due."""
    top, now, entry = _heading(db, person_id, case), utc_now(), data.entry()
    zone, case_id = top.zone, top.case_id
    if errors := faults_of(entry, now, zone):
        found = _found(request, db, person_id, case_id)
        return _page(request, found, _what_next(data, found), errors=errors, status=422)
    if not data.anyway and (at := saving.alike(db, case_id, entry, now, zone)):
        found = _found(request, db, person_id, case_id)
        return _page(request, found, data, alike=time_of_day(at, zone), status=409)
    before = closing.due_now(db, _packs(request), case_id, now)
    saved = saving.save(db, case_id, entry, now, zone)
    drafts.drop(db, case_id)
    told = closing.answered(before, closing.due_now(db, _packs(request), case_id, now), local_day(now, zone))
    note(db, saved.id, way=entry.way, result=entry.result)
    more = LIST.replace("{person_id:int}", str(person_id)) if data.then == "another" else f"/people/{person_id}"
    said = "Contact saved." if entry.came_about else "Attempt saved."
    if entry.way == TEST:
        said = "Test saved. It is no contact; the rules on tests read its result."
    undo = f"/contacts/{saved.id}/undo"
    return see_other(request, f"{more}?case={case_id}", Flash(f"{said} {told.sentence}", undo=undo))


@post(f"{LIST}/draft", sync_to_thread=True)
def draft(
    request: Visit, db: DB, person_id: FromPath[int], data: URLEncodedBody[ContactForm],
    case: FromQuery[int | None] = None,
) -> Answer:  # fmt: skip
    """Keep what is typed so far for its writer alone; ``then`` "drop" forgets it."""
    case_id = _heading(db, person_id, case).case_id  # every few seconds while somebody types: nothing else is read
    if data.then == "drop":
        drafts.drop(db, case_id)
        return see_other(request, f"/people/{person_id}/contacts?case={case_id}", Flash("The draft is gone."))
    typed = {name: text for name, text in msgspec.to_builtins(data).items() if name not in ("csrf", "kept", "then")}
    whole = drafts.keep(db, case_id, typed, utc_now())
    return json_text('{"kept": true}' if whole else '{"kept": "without words"}')


@post("/contacts/{contact_id:int}/undo", sync_to_thread=True)
def undo(request: Visit, db: DB, contact_id: FromPath[int]) -> Answer:
    """Take a contact back. It stays in sight as taken back."""
    try:
        case_id = saving.case_of(db, contact_id)
        of_case(db, case_id)
        saving.take_back(db, contact_id, utc_now())
    except LookupError as error:
        raise NotFoundException from error
    except saving.Changed:
        db.rollback()
        return see_other(request, _back(request, db, case_id), Flash("It had been taken back already."))
    return see_other(request, _back(request, db, case_id), Flash("Taken back. The record shows that it was."))


def _back(request: Visit, db: DB, case_id: int) -> str:
    return f"/people/{person_of(db, case_id)}/contacts?case={case_id}"


def _packs(request: Visit) -> Any:
    site: Site = request.app.state.site
    return switched_on(*site.settings.own_packs())


def _heading(db: DB, person_id: int, case: int | None) -> Heading:
    """Who and which case, with a reason to be there; without the page's own rows."""
    top = heading(db, person_id, case, utc_now().date())
    if top is None:
        raise NotFoundException
    of_case(db, top.case_id)
    return top


def _found(request: Visit, db: DB, person_id: int, case: int | None, only: str = "") -> ContactsPage:
    found = contacts_page(db, person_id, utc_now(), _packs(request), case, only)
    if found is None:
        raise NotFoundException
    of_case(db, found.heading.case_id)
    return found


def _page(
    request: Visit, found: ContactsPage, data: ContactForm, *, errors: dict[str, str] | None = None, alike: str = "",
    draft_at: object = None, status: int = 200,
) -> Answer:  # fmt: skip
    shown = {
        "contacts": found, "form": data, "errors": errors or {}, "alike": alike, "draft_at": draft_at,
        "templates": TEMPLATES, "ways": [(name, way.title) for name, way in WAYS.items()],
        "only": ONLY, "results": list(RESULTS.items()), "nexts": list(NEXT.items()),
        "showed": list(SHOWED.items()), "travels": [("", "Not said"), *TRAVEL.items()],
        "visits": " ".join(name for name, way in WAYS.items() if way.visit),
    }  # fmt: skip
    return page(request, "contacts/show.html", shown, status=status)


HANDLERS = [show, log, draft, undo]
