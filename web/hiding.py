"""Putting a question or a police report that was read away from Today, and showing it again."""

from __future__ import annotations

from datetime import datetime, timedelta

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.clock import local_day, utc_now
from monitor.today import hiding
from monitor.today.hiding import Candidate, Changed
from monitor.today.report_reading import mark_read, report_page
from monitor.wording import short_day
from web.absences import day_of
from web.database import DB, note, of_case
from web.forms import Form, Line
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

A_WEEK = timedelta(days=7)


class HideForm(Form):
    """``token``: the content that the page showed; ``until_on``: the day on which the question comes back."""

    token: Line = ""
    until_on: Line = ""
    reason: Line = ""


@get("/flags/{flag_id:int}/hide", sync_to_thread=True)
def show(request: Visit, db: DB, flag_id: FromPath[int]) -> Answer:
    """Until when, and why; a week is offered."""
    now = utc_now()
    found = _found(db, flag_id, now)
    return _page(request, found, HideForm(until_on=f"{local_day(now, found.zone) + A_WEEK:%m/%d/%Y}"))


@post("/flags/{flag_id:int}/hide", sync_to_thread=True)
def save(request: Visit, db: DB, flag_id: FromPath[int], data: URLEncodedBody[HideForm]) -> Answer:
    """Put it away; 422 where something is missing, 409 where the question reads otherwise now."""
    now = utc_now()
    found, until_on = _found(db, flag_id, now, lock=True), day_of(data.until_on)
    if data.token == found.token and not found.why_not:
        if errors := hiding.faults_of(until_on, data.reason, local_day(now, found.zone)):
            return _page(request, found, data, errors=errors, status=422)
    try:
        hidden = hiding.hide(db, found, data.token, until_on or now.date(), data.reason, now)
    except Changed:
        db.rollback()
        return _page(request, _found(db, flag_id, now), data, changed=not found.why_not, status=409)
    note(db, hidden)
    told = f"Hidden until {short_day(until_on or now.date())}. It comes back earlier if something new is known."
    return see_other(request, "/today", Flash(told, undo=f"/hidden/{hidden}/show"))


@post("/hidden/{hidden_id:int}/show", sync_to_thread=True)
def show_again(request: Visit, db: DB, hidden_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Put it back on the list."""
    case_id = hiding.case_of(db, hidden_id)
    if case_id is None:
        raise NotFoundException
    of_case(db, case_id)
    shown = hiding.show_again(db, hidden_id, utc_now())
    return see_other(request, "/today", Flash("It is back on the list." if shown else "It was back already."))


@get("/today/reports/{incident_id:int}/read", sync_to_thread=True)
def report(request: Visit, db: DB, incident_id: FromPath[int]) -> Answer:
    """A police report that no rule asks about, to be read before it is put away."""
    found = report_page(db, incident_id, utc_now())
    if found is None:
        raise NotFoundException
    of_case(db, found.case_id)
    return page(request, "today/report.html", {"report": found})


@post("/today/reports/{incident_id:int}/read", sync_to_thread=True)
def read_report(request: Visit, db: DB, incident_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """A police report that no rule asks about was read: it leaves the list of the office, until somebody shows it."""
    done = mark_read(db, incident_id, utc_now())
    if done is None:
        raise NotFoundException
    hidden, case_id = done
    of_case(db, case_id)
    note(db, hidden)
    return see_other(request, "/today", Flash("Read: it is off the list.", undo=f"/hidden/{hidden}/show"))


def _found(db: DB, flag_id: int, now: datetime, *, lock: bool = False) -> Candidate:
    found = hiding.candidate(db, flag_id, now, lock=lock)
    if found is None:
        raise NotFoundException
    of_case(db, found.case_id)
    return found


def _page(
    request: Visit, found: Candidate, data: HideForm, *, errors: dict[str, str] | None = None, changed: bool = False,
    status: int = 200,
) -> Answer:  # fmt: skip
    context = {"question": found, "form": data, "errors": errors or {}, "changed": changed}
    return page(request, "today/hide.html", context, status=status)


HANDLERS = [show, save, show_again, report, read_report]
