"""A clerk puts a new case on record: one page, and from there to its orders."""

from __future__ import annotations

from litestar import get, post
from litestar.params import URLEncodedBody

from monitor.bench_page.words import LANGUAGES
from monitor.clock import utc_now
from monitor.contact_log.entering import hour_of
from monitor.new_cases.entering import NOT_FREE, Alike, NotFree, alike, enter, faults_of
from monitor.new_cases.page import KINDS, NOBODY, NewCase, Offered, offered
from web.absences import day_of
from web.database import DB, note
from web.forms import Form, Line, Name, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

PATH = "/cases/new"
WHICH = "Say whether it is somebody on record: two people may have one name."


class CaseForm(Form):
    """As the page sends it."""

    number: Line = ""
    family: Line = ""
    given: Line = ""
    middle: Line = ""
    suffix: Line = ""
    born_on: Name = ""
    language: Name = ""
    court: Name = ""
    judge: Name = ""
    office: Name = ""
    kind: Name = ""
    on: Name = ""
    at: Name = ""
    room: Line = ""
    person: Name = ""

    def typed(self) -> NewCase:
        """As the record takes it."""
        return NewCase(
            number=self.number, family=self.family, given=self.given, middle=self.middle, suffix=self.suffix,
            born_on=day_of(self.born_on), language=self.language, court=id_of(self.court), judge=id_of(self.judge),
            office=self.office, kind=self.kind, on=day_of(self.on), at=hour_of(self.at), room=self.room,
            person=self.person,
        )  # fmt: skip


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
        return _page(request, offers, data, known, {"person": WHICH}, status=422)
    bench = offers.court(typed.court)
    assert bench is not None
    try:
        case_id, hearing_id = enter(db, bench, typed, known, now)
    except NotFree:
        db.rollback()
        return _page(request, offered(db), data, known, {"number": NOT_FREE}, status=422)
    note(db, case_id, hearing_id)
    return see_other(request, f"/hearings/{hearing_id}/orders", Flash("On record. Enter its orders here."))


def _page(
    request: Visit, offers: Offered, form: CaseForm, known: tuple[Alike, ...] = (),
    errors: dict[str, str] | None = None, status: int = 200,
) -> Answer:  # fmt: skip
    context = {
        "offers": offers, "form": form, "known": known, "errors": errors or {}, "kinds": list(KINDS.items()),
        "languages": sorted(LANGUAGES.items(), key=lambda one: one[1]),
        "offices": [*((str(number), name) for number, name in offers.offices), (NOBODY, "None: nobody supervises")],
        "judges": [(str(number), f"{name}, {one.name}" if len(offers.courts) > 1 else name)
                   for one in offers.courts for number, name in one.judges],
    }  # fmt: skip
    return page(request, "cases/new.html", context, status=status)


HANDLERS = [opened, put_on_record]
