"""Law enforcement's list: orders to serve by age, warrants; a return in three fields, receipts, a name with reason."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.clock import utc_now
from monitor.coded import is_incident
from monitor.contact_log.entering import hour_of
from monitor.handoffs.strip import Strip, strip_of_found
from monitor.incidents import drafts
from monitor.one_at_a_time import one_at_a_time
from monitor.orders import receipts, returning, returns, steps
from monitor.orders.making import protected_name
from monitor.orders.receipts import RECEIPTS, receive
from monitor.orders.returning import ENDED, Paper
from monitor.verify.saying import firearms, served, until
from monitor.warrants import warrants
from web.absences import day_of
from web.database import DB, note
from web.forms import Form, Line, Name, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

LIST, ONE = "/service", "/service/{order_id:int}"
REASONS = {
    "SERVE": "I serve this order", "SCENE": "I am at the scene of a call", "REPORT": "I work on a report",
}  # fmt: skip


class ReturnForm(Form):
    """How it ended, when (now, unless changed), who served. ``seen``: the newest step that the page showed."""

    how: Name = ""
    on: Name = ""
    hour: Name = ""
    server: Line = ""
    seen: Name = ""


class ReceiptForm(Form):
    """What was handed in, and when."""

    event: Name = ""
    on: Name = ""
    hour: Name = ""


class ReceiptBackForm(Form):
    """Which receipt is taken back, and why."""

    receipt: Name = ""
    reason: Line = ""


class WhyForm(Form):
    """Why the protected name is asked for, and at which incident."""

    why: Name = ""
    incident: Name = ""


class BackForm(Form):
    """Why a return is taken back."""

    reason: Line = ""


@get(LIST, sync_to_thread=True)
def show_list(request: Visit, db: DB) -> Answer:
    """What waits for service, the oldest first, whose warrant is out, and drafts that were left."""
    now = utc_now()
    late = [one for one in drafts.drafts(db, now) if one.late]
    waits, out = returning.unserved(db, now), warrants(db, now)
    note(db, waits=len(waits), warrants=len(out), reason="service")
    return page(request, "service/list.html", {"waits": waits, "warrants": out, "late": late})


@get(ONE, sync_to_thread=True)
def show(request: Visit, db: DB, order_id: FromPath[int]) -> Answer:
    """One order and its forms."""
    found = _found(db, order_id, utc_now())
    note(db, found.case_id)
    return _page(request, db, found, ReturnForm(server=request.user.name, seen=found.seen),
                 handoffs=strip_of_found(db, found.case_id, _site(request).targets, utc_now()))  # fmt: skip


@post(ONE, sync_to_thread=True)
def record(request: Visit, db: DB, order_id: FromPath[int], data: URLEncodedBody[ReturnForm]) -> Answer:
    """The return; sent twice for want of an answer it is on record once."""
    now, site = utc_now(), _site(request)
    found = _found(db, order_id, now)
    one_at_a_time(db, order_id)
    if returning.is_repeat(db, order_id, data.how, data.seen):
        return see_other(request, LIST, Flash("On record."))
    if said := returning.already(db, order_id, found.zone):
        return _page(request, db, _again(db, found, now), data, errors={"how": said}, status=409)
    result, method = returning.told_as(data.how, site.settings.left_in_view_is_service)
    told = _return(data, result, method, found.zone, now)
    errors = returns.faults_of_return(db, told, steps.steps_of(db, order_id), found.zone, now, found.card.expires_at)
    if errors:
        return _page(request, db, found, data, errors=_by_field(errors), status=422)
    returning.record(db, order_id, told, data.how, found.zone, now)
    note(db, found.case_id, result=result, how=data.how, reason="service")
    is_served = "Served. Dispatch, the court and probation read it now."
    return see_other(request, LIST, Flash(is_served if result == "SERVED" else "On record. It still waits."))


@post(ONE + "/take-back", sync_to_thread=True)
def take_back(request: Visit, db: DB, order_id: FromPath[int], data: URLEncodedBody[BackForm]) -> Answer:
    """A return that was an error: it never was, says its author, and the order waits since its signing."""
    now = utc_now()
    found = _found(db, order_id, now)
    if len(data.reason.strip()) < 3:
        told = {"reason": "Say in a few words why, without names or places."}
        return _page(request, db, found, ReturnForm(), errors=told, status=422)
    if not returning.take_back(db, order_id, data.reason, now):
        raise NotFoundException
    note(db, found.case_id, reason="service")
    return see_other(request, f"/service/{order_id}", Flash("Taken back. The order waits for service again."))


@post(ONE + "/firearms", sync_to_thread=True)
def receipt(request: Visit, db: DB, order_id: FromPath[int], data: URLEncodedBody[ReceiptForm]) -> Answer:
    """Firearms were handed in, or the person says that there are none."""
    now = utc_now()
    found = _found(db, order_id, now)
    at = _at(data.on, data.hour, found.zone, now)
    errors = {} if data.event in RECEIPTS else {"event": "Choose what was handed in."}
    if at is None or at > now:
        errors["receipt-on"] = "Give day and time, not ahead, like 12/4/2026 and 9:40 AM, or leave both out for now."
    if errors or at is None:
        form = ReturnForm(server=request.user.name, seen=found.seen)
        return _page(request, db, found, form, errors=errors, status=422, receipt=data)
    receive(db, found.case_id, data.event, at, now)
    note(db, found.case_id, event=data.event, reason="service")
    return see_other(request, f"/service/{order_id}", Flash("The receipt is on record."))


@post(ONE + "/firearms/take-back", sync_to_thread=True)
def receipt_back(
    request: Visit, db: DB, order_id: FromPath[int], data: URLEncodedBody[ReceiptBackForm]
) -> Answer:
    """A receipt that was an error; the duty to give up firearms runs as if it had never been given."""
    now = utc_now()
    found = _found(db, order_id, now)
    if len(data.reason.strip()) < 3:
        told = {"receipt_reason": "Say in a few words why, without names or places."}
        return _page(request, db, found, ReturnForm(seen=found.seen), errors=told, status=422)
    if not receipts.take_back(db, found.case_id, id_of(data.receipt), data.reason, now):
        raise NotFoundException
    note(db, found.case_id, reason="service")
    return see_other(request, f"/service/{order_id}", Flash("Taken back. The receipt was never given."))


@post(ONE + "/name", sync_to_thread=True)
def name(request: Visit, db: DB, order_id: FromPath[int], data: URLEncodedBody[WhyForm]) -> Answer:
    """The protected name on this order, for a reason that stands in the trail. It is shown this once."""
    now = utc_now()
    found, call = _found(db, order_id, now), data.incident.strip().upper()
    errors = {} if data.why in REASONS else {"why": "Say why you need the name."}
    if call and not is_incident(call):
        errors["incident"] = "Give the incident number alone, like 26-1187, or leave it out."
    if data.why in ("SCENE", "REPORT") and not call:
        errors["incident"] = "Give the incident number of the call or report."
    if errors:
        return _page(request, db, found, ReturnForm(seen=found.seen), errors=errors, status=422)
    party = protected_name(db, found.party, _site(request).settings.secret_key)
    note(db, found.case_id, reason=data.why, **({"incident": call[:24]} if call else {}))
    return _page(request, db, found, ReturnForm(server=request.user.name, seen=found.seen),
                 party=party or "No protected name can be read on this order. Ask the court.")  # fmt: skip


def _found(db: DB, order_id: int, now: datetime) -> Paper:
    found = returning.paper(db, order_id, now)
    if found is None:
        raise NotFoundException
    return found


def _again(db: DB, found: Paper, now: datetime) -> Paper:
    """The same order as it stands after somebody else's return."""
    known = steps.steps_of(db, found.order_id)
    return type(found)(
        order_id=found.order_id, case_id=found.case_id, party=found.party, zone=found.zone, card=found.card,
        waits_since=None, served="", mine=False, seen=found.seen,
        lines=steps.lines(known, found.zone, found.card.expires_at, now),
    )  # fmt: skip


def _return(data: ReturnForm, result: str, method: str, zone: str, now: datetime) -> returns.Return:
    at = _at(data.on, data.hour, zone, now)
    local = at.astimezone(ZoneInfo(zone)) if at else None
    return returns.Return(
        result=result, method=method, on=local.date() if local else None, hour=local.time() if local else None,
        server=data.server,
    )  # fmt: skip


def _at(on: str, hour: str, zone: str, now: datetime) -> datetime | None:
    """The instant that was typed: what is empty is now; None where something cannot be read."""
    here = now.astimezone(ZoneInfo(zone))
    day, time = day_of(on) if on.strip() else here.date(), hour_of(hour) if hour.strip() else here.time()
    return datetime.combine(day, time, ZoneInfo(zone)) if day and time else None


def _by_field(errors: dict[str, str]) -> dict[str, str]:
    """The form has one field where the court's has two."""
    names = {"result": "how", "method": "how"}
    return {names.get(name, name): text for name, text in errors.items()}


def _site(request: Visit) -> Site:
    site: Site = request.app.state.site
    return site


def _page(
    request: Visit, db: DB, found: Paper, form: ReturnForm, *, errors: dict[str, str] | None = None, party: str = "",
    status: int = 200, handoffs: Strip | None = None, receipt: ReceiptForm | None = None,
) -> Answer:  # fmt: skip
    shown = {
        "handoffs": handoffs, "receipt": receipt or ReceiptForm(),
        "paper": found, "form": form, "errors": errors or {}, "party": party, "ended": list(ENDED.items()),
        "receipts": list(RECEIPTS.items()), "reasons": list(REASONS.items()), "served": served, "until": until,
        "firearms": firearms, "given": receipts.given(db, found.case_id),
    }  # fmt: skip
    return page(request, "service/show.html", shown, status=status)


HANDLERS = [show_list, show, record, take_back, receipt, receipt_back, name]
