"""Notices that a record exists: one form with a receipt and no way back, and what two desks may know of them."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import get, post
from litestar.params import URLEncodedBody

from monitor.clock import local_day, utc_now
from monitor.record_notices.forgetting import over_before
from monitor.record_notices.making import BASES, TOLD, Typed, custodians, faults_of, save
from monitor.record_notices.reading import RecordLine, all_records, asked_for, unmatched
from web.absences import day_of
from web.database import DB, note
from web.forms import Form, Line, Name, id_of
from web.pages import page
from web.site import Answer, Site, Visit

REASONS = {
    "CASE": "I work on this case", "LAWFUL": "I prepare a lawful request for the record",
    "COURT": "A prosecutor or the court asked me to",
}  # fmt: skip


class NoticeForm(Form):
    """``number``: of the police, or "none". ``drawn``: by which this form is known from another that says the same."""

    number: Name = ""
    custodian: Name = ""
    basis: Name = ""
    told: Name = ""
    on: Name = ""
    drawn: Name = ""


class NumberForm(Form):
    """The number that a detective has, and why they ask."""

    number: Line = ""
    why: Name = ""


@get("/record-notices/new", sync_to_thread=True)
def new(request: Visit, db: DB) -> Answer:
    """The form."""
    now = utc_now()
    drawn = f"{now.timestamp():.6f}"  # no chance in it: a page is the same whatever it hides
    return _form(request, db, NoticeForm(on=local_day(now, request.user.zone).isoformat(), drawn=drawn), {})


@post("/record-notices/new", sync_to_thread=True)
def create(request: Visit, db: DB, data: URLEncodedBody[NoticeForm]) -> Answer:
    """Save it and show the receipt; whether the number is known to anybody is not looked at."""
    now = utc_now()
    typed = Typed(number=data.number, custodian=id_of(data.custodian), basis=data.basis, told=data.told,
                  on=day_of(data.on), drawn=data.drawn)  # fmt: skip
    if errors := faults_of(db, typed, local_day(now, request.user.zone)):
        return _form(request, db, data, errors, status=422)
    receipt = save(db, typed, now)
    return page(request, "record_notices/saved.html", {"receipt": receipt})


@get("/record-notices", sync_to_thread=True)
def listing(request: Visit, db: DB) -> Answer:
    """For prosecutors: by case, and those that are about no case of the record."""
    site: Site = request.app.state.site
    matched, others = all_records(db), unmatched(db, over_before(site.law, utc_now()))
    note(db, *(one.case_id for one in matched if one.case_id), unmatched=len(others))
    return page(request, "record_notices/list.html", {"matched": matched, "others": others})


@get("/record-notices/by-number", sync_to_thread=True)
def ask(request: Visit) -> Answer:
    """For detectives: the field."""
    return _asked(request, NumberForm())


@post("/record-notices/by-number", sync_to_thread=True)
def answer(request: Visit, db: DB, data: URLEncodedBody[NumberForm]) -> Answer:
    """For detectives: what is there under the number that they have."""
    errors = {} if data.number.strip() else {"number": "Give the number of your case."}
    if data.why not in REASONS:
        errors["why"] = "Say why you ask. It is kept with your name."
    if errors:
        return _asked(request, data, errors=errors, status=422)
    found, cases = asked_for(db, data.number)
    note(db, *cases, found=len(found), reason=data.why)
    return _asked(request, data, found)


def _asked(
    request: Visit, data: NumberForm, found: Sequence[RecordLine] | None = None, *,
    errors: dict[str, str] | None = None, status: int = 200,
) -> Answer:  # fmt: skip
    context = {"number": data.number, "why": data.why, "found": found, "errors": errors or {},
               "reasons": list(REASONS.items())}  # fmt: skip
    return page(request, "record_notices/ask.html", context, status=status)


def _form(request: Visit, db: DB, data: NoticeForm, errors: dict[str, str], status: int = 200) -> Answer:
    context = {
        "form": data, "errors": errors, "custodians": custodians(db),
        "bases": [(key, text, "") for key, text in BASES.items()],
        "tolds": [(key, text, "") for key, text in TOLD.items()],
    }  # fmt: skip
    return page(request, "record_notices/new.html", context, status=status)


HANDLERS = [new, create, listing, ask, answer]
