"""A call's reference, and a police report: coded fields alone. Filed, kept as a draft, amended, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.clock import local_day, utc_now
from monitor.contact_log.entering import hour_of
from monitor.incidents import drafts, filing
from monitor.incidents.entering import BY_NAME_ALONE, Entry, faults_of, wants_birth
from monitor.incidents.reading import author_of, own, own_backs, said_of
from monitor.incidents.words import STRANGULATION, TOUCHED, YES_NO, like
from monitor.verify.asked import read
from monitor.verify.verifying import UNSURE, Whom, whom
from monitor.wording import time_of_day
from web.absences import day_of
from web.database import DB, looked_up, note
from web.forms import Form, Line, Name, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

NEW = "/incidents/new"
SHOWN_FOR, BACKS_FOR = timedelta(days=7), timedelta(days=30)
NO_ENTRY = "Your desk has no entry under that number. Type it exactly as it was filed."
TAKEN = "This number is on record already with other content. Amend that entry below; no second one is made."


class CodesForm(Form):
    """What is told of an incident, all of it coded."""

    number: Name = ""
    on: Name = ""
    hour: Name = ""
    touched: Name = ""
    offence: Name = ""
    weapon: Name = ""
    strangulation: Name = ""
    accounts: Name = ""

    def entry(self) -> Entry:
        """As the record takes it."""
        on, hour = day_of(self.on), hour_of(self.hour)
        bad = [name for name, typed, found in (("on", self.on, on), ("hour", self.hour, hour))
               if typed.strip() and found is None]  # fmt: skip
        return Entry(
            number=self.number, on=on, hour=hour, touched=self.touched, offence=self.offence, weapon=self.weapon,
            strangulation=self.strangulation, accounts=self.accounts, bad=tuple(bad),
        )  # fmt: skip


class IncidentForm(CodesForm):
    """The same, and whom it is about: a name or number that is looked up and not kept. ``then``: "draft" keeps it."""

    words: Line = ""
    born: Name = ""
    then: Name = ""
    draft: Name = ""


class StartForm(Form):
    """What was asked on the page of verification."""

    words: Line = ""
    born: Name = ""
    incident: Name = ""


class AmendForm(CodesForm):
    """Other content, and why."""

    reason: Line = ""


class NumberForm(Form):
    """The number of an entry of one's own desk."""

    entry: Name = ""


class BackForm(Form):
    """Why it is taken back."""

    reason: Line = ""


@get(NEW, sync_to_thread=True)
def new(request: Visit, db: DB) -> Answer:
    """The form, one's drafts, and what one filed lately."""
    return _page(request, db, IncidentForm())


@post("/incidents/start", sync_to_thread=True)
def start(request: Visit, db: DB, data: URLEncodedBody[StartForm]) -> Answer:
    """The form begun with what was just verified: nothing is looked up or kept yet."""
    return _page(request, db, IncidentForm(words=data.words, born=data.born, number=data.incident))


@post(NEW, sync_to_thread=True)
def file(request: Visit, db: DB, data: URLEncodedBody[IncidentForm]) -> Answer:
    """Put it on record, or keep it as a draft for its writer alone."""
    now, zone, entry = utc_now(), request.user.zone, data.entry()
    draft = drafts.mine(db, id_of(data.draft)) if data.draft else None
    errors = faults_of(entry, _kind(request), now, zone)
    if data.then == "draft":  # may lack something, and holds codes alone: it is kept for a month, and no lint reads it
        found = faults_of(entry, "REPORT", now, zone)
        always = ("number", "on", "hour")
        errors = {name: text for name, text in found.items() if name in always or getattr(data, name).strip()}
    if errors:
        return _page(request, db, data, errors=errors, status=422)
    about = Whom(draft.case_id, draft.order_id) if draft else None
    if about is None:
        about, wrong = _whom(request, db, data, entry)
        if about is None:
            return _page(request, db, data, errors=wrong, status=422)
    if data.then == "draft":
        return _draft(request, db, data, about)
    try:
        filed = filing.file(db, about, entry, now, zone, request.app.state.site.law)
    except filing.Taken:
        return _page(request, db, data, errors={"number": TAKEN}, status=409)
    if draft:
        drafts.drop(db, draft.id)
    note(db, filed.id, about.case_id, kind=_kind(request), incident=entry.called, again=filed.again)
    return see_other(request, NEW, Flash(_said(about, filed.again)))


@get("/incidents/drafts/{draft_id:int}", sync_to_thread=True)
def open_draft(request: Visit, db: DB, draft_id: FromPath[int]) -> Answer:
    """A draft, to be filed; whom it is about was looked up when it was kept."""
    row = drafts.mine(db, draft_id)
    if row is None:
        raise NotFoundException
    note(db, row.case_id)
    kept = {name: str(row.content.get(name, "")) for name in drafts.KEPT}
    return _page(request, db, IncidentForm(draft=str(row.id), **kept))


@post("/incidents/drafts/{draft_id:int}/drop", sync_to_thread=True)
def drop(request: Visit, db: DB, draft_id: FromPath[int]) -> Answer:
    """Forget a draft."""
    if not drafts.drop(db, draft_id):
        raise NotFoundException
    return see_other(request, NEW, Flash("The draft is gone."))


@post("/incidents/by-number", sync_to_thread=True)
def by_number(request: Visit, db: DB, data: URLEncodedBody[NumberForm]) -> Answer:
    """An entry of a colleague or of the desk's software, to take it back: by its exact number, and never a list."""
    found = filing.ours_by_number(db, data.entry) if data.entry.strip() else ()
    if not found:
        return _page(request, db, IncidentForm(), errors={"entry": NO_ENTRY}, status=422)
    note(db, *(row.id for row in found), *(row.case_id for row in found), found=len(found))
    return _page(request, db, IncidentForm(), found=found)


@get("/incidents/{incident_id:int}", sync_to_thread=True)
def show(request: Visit, db: DB, incident_id: FromPath[int]) -> Answer:
    """An entry of one's own, to amend it, or of one's desk, to take it back."""
    row = _ours(db, incident_id)
    zone = request.user.zone
    day = local_day(row.occurred_at, zone)
    form = AmendForm(
        number=row.number, on=f"{day.month}/{day.day}/{day.year}", hour=time_of_day(row.occurred_at, zone),
        touched=row.touched or "", offence=row.offence or "", weapon=_yes_no(row.weapon),
        strangulation=row.strangulation or "", accounts=_yes_no(row.accounts),
    )  # fmt: skip
    return _one(request, db, row, form)


@post("/incidents/{incident_id:int}/amend", sync_to_thread=True)
def amend(request: Visit, db: DB, incident_id: FromPath[int], data: URLEncodedBody[AmendForm]) -> Answer:
    """Other content, as a new version; the old one stays on record."""
    row, now, entry = _mine(db, incident_id), utc_now(), data.entry()
    errors = faults_of(entry, row.kind, now, request.user.zone) | _reason(data.reason)
    if errors:
        return _one(request, db, row, data, errors=errors)
    law = request.app.state.site.law
    note(db, filing.amend(db, row, entry, data.reason, now, request.user.zone, law), row.case_id)
    return see_other(request, NEW, Flash("Amended. What it said before stays on record."))


@post("/incidents/{incident_id:int}/take-back", sync_to_thread=True)
def take_back(request: Visit, db: DB, incident_id: FromPath[int], data: URLEncodedBody[BackForm]) -> Answer:
    """It should never have been recorded, says somebody of the desk that recorded it."""
    row = _ours(db, incident_id)
    if errors := _reason(data.reason):
        return _one(request, db, row, AmendForm(number=row.number), errors={"back": errors["reason"]})
    own_entry = row.recorded_by_id == request.user.user_id
    note(db, filing.take_back(db, row, data.reason, utc_now()), row.id, row.case_id, own=own_entry)
    return see_other(request, NEW, Flash("Taken back. The record shows that it was."))


def _draft(request: Visit, db: DB, data: IncidentForm, about: Whom) -> Answer:
    if data.draft:
        drafts.drop(db, id_of(data.draft))
    kept = drafts.keep(db, about, {name: str(getattr(data, name)) for name in drafts.KEPT}, utc_now())
    note(db, kept, about.case_id, kind="DRAFT")
    return see_other(request, NEW, Flash("Kept as a draft. It is not filed: nobody else sees it."))


def _said(about: Whom, again: bool) -> str:
    said = "It was on record already" if again else "On record"
    return f"{said}, in case {about.number}." if about.number else f"{said}."


def _whom(request: Visit, db: DB, data: IncidentForm, entry: Entry) -> tuple[Whom | None, dict[str, str]]:
    asked, wrong = read(data.words, data.born, "")
    if asked is None:
        return None, wrong
    if wants_birth(asked, _kind(request)):
        return None, {"born": BY_NAME_ALONE}
    about, orders = whom(db, asked, like(entry.touched) if entry.touched else (), utc_now())
    looked_up(db, *orders, by="number" if asked.number else "name", reason="incident")
    return about, {"words": UNSURE} if about is None else {}


def _mine(db: DB, incident_id: int) -> Any:
    row = filing.mine(db, incident_id)
    if row is None:
        raise NotFoundException
    return row


def _ours(db: DB, incident_id: int) -> Any:
    row = filing.ours(db, incident_id)
    if row is None:
        raise NotFoundException
    return row


def _kind(request: Visit) -> str:
    return filing.KINDS[request.user.role.value]


def _reason(text: str) -> dict[str, str]:
    return {} if len(text.strip()) >= 3 else {"reason": "Say in a few words why, without names or places."}


def _yes_no(value: bool | None) -> str:
    return "" if value is None else "YES" if value else "NO"


def _choices() -> dict[str, Any]:
    return {"touches": list(TOUCHED.items()), "yes_no": list(YES_NO.items()),
            "strangulations": list(STRANGULATION.items())}  # fmt: skip


def _page(
    request: Visit, db: DB, form: IncidentForm, *, errors: dict[str, str] | None = None, status: int = 200,
    found: Sequence[Any] = (),
) -> Answer:  # fmt: skip
    now = utc_now()
    report, begun = _kind(request) == "REPORT", drafts.drafts(db, now)
    shown = {"form": form, "errors": errors or {}, "report": report, "drafts": begun,
             "own": own(db, now - SHOWN_FOR), "backs": own_backs(db, now - BACKS_FOR),
             "found": [(row, said_of(row)) for row in found], **_choices()}  # fmt: skip
    return page(request, "incidents/new.html", shown, status=status)


def _one(
    request: Visit, db: DB, row: Any, form: AmendForm, *, errors: dict[str, str] | None = None
) -> Answer:
    shown = {"form": form, "errors": errors or {}, "report": row.kind == "REPORT", "id": row.id,
             "mine": row.recorded_by_id == request.user.user_id, "said": said_of(row), "at": row.occurred_at,
             "author": author_of(db, row),
             **_choices()}  # fmt: skip
    return page(request, "incidents/one.html", shown, status=422 if errors else 200)


HANDLERS = [new, start, file, open_draft, drop, by_number, show, amend, take_back]
