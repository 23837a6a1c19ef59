"""Refer somebody out to another agency, and accept or decline what another agency asks."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.clock import local_day, utc_now
from monitor.referral_out import (
    KINDS,
    REASONS,
    OfCase,
    Wanted,
    answer,
    desk,
    faults_of,
    is_there,
    of_case,
    send,
    take_back,
)
from web import database
from web.absences import day_of
from web.database import DB, note
from web.forms import Form, Line, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

LIST = "/referrals-out"
SENT = "Sent. It is on the other agency's list now, with the day by which to answer."
MEANWHILE = "It is open no longer. This is how it stands now."


class ReferralForm(Form):
    """Nothing here is free text."""

    kind: Line = ""
    program: Line = ""
    signed_on: Line = ""
    until_on: Line = ""

    def wanted(self) -> Wanted:
        """As the record takes it."""
        signed, until = day_of(self.signed_on), day_of(self.until_on)
        return Wanted(
            kind=self.kind, program=id_of(self.program), signed_on=signed, until_on=until,
            bad_days=any(typed.strip() and day is None for typed, day in
                         ((self.signed_on, signed), (self.until_on, until))),
        )  # fmt: skip


class AnswerForm(Form):
    """``why``: of the list, where it is declined."""

    answer: Line = ""
    why: Line = ""


@get(LIST, sync_to_thread=True)
def show_list(request: Visit, db: DB) -> Answer:
    """What this agency sent and was sent."""
    return _list(request, db)


@get(LIST + "/of/{case_id:int}", sync_to_thread=True)
def show(request: Visit, db: DB, case_id: FromPath[int]) -> Answer:
    """What this agency sent in the case, and a form."""
    return _page(request, _found(request, db, case_id), ReferralForm())


@post(LIST + "/of/{case_id:int}", sync_to_thread=True)
def save(request: Visit, db: DB, case_id: FromPath[int], data: URLEncodedBody[ReferralForm]) -> Answer:
    """Send it, or say what it lacks."""
    found, wanted, now = _found(request, db, case_id), data.wanted(), utc_now()
    errors = {} if found.closed else faults_of(found, wanted, local_day(now, found.zone))
    if found.closed or errors:
        return _page(request, found, data, errors, status=422)
    note(db, send(db, found, wanted, now), kind=wanted.kind)
    return see_other(request, f"{LIST}/of/{case_id}", Flash(SENT))


@post(LIST + "/{referral_id:int}/back", sync_to_thread=True)
def back(request: Visit, db: DB, referral_id: FromPath[int]) -> Answer:
    """Take back what nobody has answered."""
    _there(db, referral_id, sent=True)
    case_id = take_back(db, referral_id, utc_now())
    if case_id is None:
        return _list(request, db, {"sent": MEANWHILE}, status=409)
    note(db, case_id)
    return see_other(request, LIST, Flash("Taken back. It has left the other agency's list."))


@post(LIST + "/{referral_id:int}/answer", sync_to_thread=True)
def reply(request: Visit, db: DB, referral_id: FromPath[int], data: URLEncodedBody[AnswerForm]) -> Answer:
    """Accept, or decline with a reason of the list."""
    _there(db, referral_id, sent=False)
    try:
        kept = answer(db, referral_id, data.answer, data.why, utc_now())
    except ValueError:
        return _list(request, db, {f"why-{referral_id}": "Choose why you decline."}, status=422)
    if not kept:
        return _list(request, db, {"received": MEANWHILE}, status=409)
    note(db, answer=data.answer)
    return see_other(request, LIST, Flash("Kept. The agency that asked is told."))


def _there(db: DB, referral_id: int, *, sent: bool) -> None:
    if not is_there(db, referral_id, sent=sent):
        raise NotFoundException


def _found(request: Visit, db: DB, case_id: int) -> OfCase:
    site: Site = request.app.state.site
    found = of_case(db, case_id, site.targets, utc_now())
    if found is None:
        raise NotFoundException
    database.of_case(db, case_id)
    return found


def _page(
    request: Visit, found: OfCase, form: ReferralForm, errors: dict[str, str] | None = None, status: int = 200
) -> Answer:
    context = {"found": found, "form": form, "errors": errors or {}, "kinds": list(KINDS.items())}
    return page(request, "referrals_out/show.html", context, status=status)


def _list(request: Visit, db: DB, errors: dict[str, str] | None = None, status: int = 200) -> Answer:
    site: Site = request.app.state.site
    found = desk(db, site.targets, utc_now())
    context = {"desk": found, "errors": errors or {}, "reasons": list(REASONS.items()),
               "receives": request.user.role.value == "program"}  # fmt: skip
    return page(request, "referrals_out/list.html", context, status=status)


HANDLERS = [show_list, show, save, back, reply]
