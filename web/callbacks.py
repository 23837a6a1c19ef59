"""Call-back requests: an advocate's form of fixed choices, and the one officer who answers. Off: no such page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor import audit
from monitor.callbacks.asking import Wanted, check, send, sent_in_month
from monitor.callbacks.reading import Call, agency_of, calls_for, end, waiting_of
from monitor.clock import local_day, utc_now
from monitor.copies.case_keys import CaseKeys
from monitor.copies.passing_rows import keys_of
from monitor.courts import courts_of
from monitor.db import writing_for_others
from web.absences import day_of
from web.database import DB
from web.forms import Form, Name
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit
from web.trail import act_of

# where the way out of an advocate's pages leads: a page that anybody may have open
LEAVE_TO: Final = "https://www.weather.gov/"
SENT: Final = "Sent. The assigned officer alone sees it, and it is gone in 14 days or once they have called."
BY: Final = (("week", "This week, by Friday", ""), ("day", "By another day within the next seven", ""))


class RequestForm(Form):
    """Nothing here is free text. ``until``, ``on``: days."""

    number: Name = ""
    court: Name = ""
    attested: Name = ""
    until: Name = ""
    by: Name = "week"
    on: Name = ""


def is_on(request: Visit) -> bool:
    """Whether the site has switched requests on."""
    site: Site = request.app.state.site
    return bool(site.settings.callback_keys_file)


def calls_of(request: Visit, db: DB) -> tuple[Call, ...]:
    """What Today tells the officer at this browser, and nobody else."""
    keys = _keys(request)
    return calls_for(db, keys, _today(request)) if keys else ()


@get("/call-backs/new", sync_to_thread=True)
def ask(request: Visit, db: DB) -> Answer:
    """The form."""
    return _page(request, db, _sure(request), RequestForm())


@post("/call-backs", sync_to_thread=True)
def keep(request: Visit, db: DB, data: URLEncodedBody[RequestForm]) -> Answer:
    """Send it, or say why not."""
    keys, today = _sure(request), _today(request)
    until = day_of(data.until)
    wanted = Wanted(data.number, data.court, data.attested == "yes", until, data.by, day_of(data.on))
    checked = check(db, wanted, today)
    if checked.faults or until is None:
        return _page(request, db, keys, data, dict(checked.faults))
    send(db, checked, until, keys, today)
    return see_other(request, "/call-backs/new", Flash(SENT))


@post("/call-backs/{callback_id:int}/done", sync_to_thread=True)
def done(request: Visit, db: DB, callback_id: FromPath[int]) -> Answer:
    """The officer has called: the request goes at once, and the trail of the agency that asked says so."""
    keys, number = _sure(request), callback_id
    agency = agency_of(db, keys, number, _today(request))
    if agency is None:
        raise NotFoundException
    end(db, keys, number)
    site: Site = request.app.state.site
    plain = act_of(request.scope)
    act = audit.Act(event="callback.ended", user_id=plain.user_id, agency_id=agency)
    with writing_for_others(db, "the part of the trail that is the asking agency's own (safeguard D6)"):
        audit.append(db, act, site.audit_key, utc_now())
    return see_other(request, "/today")


def _page(
    request: Visit, db: DB, keys: CaseKeys, form: RequestForm, errors: dict[str, str] | None = None
) -> Answer:
    today = _today(request)
    context = {
        "form": form, "errors": errors or {}, "courts": courts_of(db), "by": BY, "today": today,
        "longest": today + timedelta(days=14), "waiting": waiting_of(db, keys, today),
        "month": sent_in_month(db, utc_now()), "leave_to": LEAVE_TO,
    }  # fmt: skip
    return page(request, "callbacks/ask.html", context, status=422 if errors else 200)


def _keys(request: Visit) -> CaseKeys | None:
    site: Site = request.app.state.site
    return keys_of(site.settings.callback_keys_file, site.settings.secret_key)


def _sure(request: Visit) -> CaseKeys:
    keys = _keys(request)
    if keys is None:
        raise NotFoundException
    return keys


def _today(request: Visit) -> date:
    return local_day(utc_now(), request.user.zone)


HANDLERS = [ask, keep, done]
