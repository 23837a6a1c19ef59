"""From the court to the registry and to the person: what waits, the packet, the number, an officer's return."""

from __future__ import annotations

from datetime import datetime

from litestar import get, post
from litestar.params import FromPath, URLEncodedBody

from monitor.clock import local_day, utc_now
from monitor.contact_log.entering import hour_of
from monitor.documents import packet_pdf
from monitor.one_at_a_time import one_at_a_time
from monitor.orders import entering, mending, packet, returns, steps
from monitor.orders.making import protected_name
from web.absences import day_of
from web.database import DB, note
from web.dockets import Short
from web.files import as_file, as_print
from web.forms import Form, Line, Name, id_of
from web.orders import found_order, secret_of
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

MOVED = "The order was changed since this page was opened: give the agency the packet as it is now, then its number."


class EntryForm(Form):
    """What the entering agency told the court. ``seen``: the newest thing that was asked of it on the page.

    Day and hour are of the entry; empty: now.
    """

    seen: Name = ""
    registry_number: Name = ""
    by_agency: Line = ""
    entered_on: Name = ""
    entered_hour: Name = ""


class ReturnForm(Form):
    """An officer's return."""

    result: Name = ""
    method: Name = ""
    on: Name = ""
    hour: Name = ""
    server: Line = ""


class AgainForm(Form):
    """``seen``: the step by which the packet was sent back, as the page showed it."""

    seen: Name = ""


class EntryBackForm(Form):
    """Which confirmation is taken back, and a key of `NUMBER_WHY`."""

    step: Name = ""
    why: Name = ""


class ServiceBackForm(Form):
    """Which proof of service is taken back, and why."""

    proof: Name = ""
    reason: Line = ""


@get("/orders/waiting", sync_to_thread=True)
def waiting(request: Visit, db: DB) -> Answer:
    """Orders signed and not yet in the registry, and orders to be served, the longest first."""
    return page(request, "orders/waiting.html", {"waits": steps.waits(db, utc_now())})


@get("/orders/{order_id:int}/steps", sync_to_thread=True)
def show(request: Visit, db: DB, order_id: FromPath[int]) -> Answer:
    """What was done with one order outside the court, and the two short forms."""
    return _page(request, db, order_id, EntryForm(), ReturnForm(), {}, utc_now())


@get("/orders/{order_id:int}/packet", sync_to_thread=True)
def printed(request: Visit, db: DB, order_id: FromPath[int], format: Short = "pdf") -> Answer:
    """The packet for the entering agency: worksheet, CSV or JSON. It bears the protected name."""
    now = utc_now()
    desk, order = found_order(request, db, order_id, now)
    name = protected_name(db, order.party, secret_of(request))
    made = packet.packet_of(desk, order, steps.steps_of(db, order_id), name)
    note(db, format=format if format in ("csv", "json") else "pdf")
    if format in ("csv", "json"):
        body = packet.as_csv(made) if format == "csv" else packet.as_json(made)
        kind = "text/csv" if format == "csv" else "application/json"
        return as_file(db, body, f"protection_order.{format}", kind)
    return as_print(db, packet_pdf(packet.content_of(made, desk, order), now), f"worksheet-{order_id}.pdf")


@post("/orders/{order_id:int}/entered", sync_to_thread=True)
def entered(request: Visit, db: DB, order_id: FromPath[int], data: URLEncodedBody[EntryForm]) -> Answer:
    """The entering agency has it under its number."""
    now = utc_now()
    desk, _order = found_order(request, db, order_id, now)
    one_at_a_time(db, order_id)
    known = steps.steps_of(db, order_id)
    newest = entering.entry_seen(known)
    if newest and data.seen != newest:
        return _page(request, db, order_id, data, ReturnForm(), {"registry_number": MOVED}, now, status=409)
    told = entry_of(data.registry_number, data.by_agency, data.entered_on, data.entered_hour, desk.zone, now)
    if errors := entering.faults_of(told, known, desk.zone, now):
        return _page(request, db, order_id, data, ReturnForm(), errors, now, status=422)
    entering.confirm(db, order_id, told, now)
    return see_other(request, f"/orders/{order_id}/steps", Flash("On record: it is in the registry."))


@post("/orders/{order_id:int}/asked-again", sync_to_thread=True)
def asked_again(request: Visit, db: DB, order_id: FromPath[int], data: URLEncodedBody[AgainForm]) -> Answer:
    """What the entering agency sent back is its packet again, as it stands now; it waits since its signing."""
    found_order(request, db, order_id, utc_now())
    one_at_a_time(db, order_id)
    asked = entering.ask_again(db, order_id, data.seen, utc_now())
    said = "The packet is with the entering agency again." if asked else "It stands otherwise by now, as below."
    return see_other(request, f"/orders/{order_id}/steps", Flash(said))


@post("/orders/{order_id:int}/served", sync_to_thread=True)
def served(request: Visit, db: DB, order_id: FromPath[int], data: URLEncodedBody[ReturnForm]) -> Answer:
    """What an officer's return says: service, notice alone, or a try."""
    now = utc_now()
    desk, order = found_order(request, db, order_id, now)
    told = returns.Return(result=data.result, method=data.method, on=day_of(data.on), hour=hour_of(data.hour),
                        server=data.server)  # fmt: skip
    one_at_a_time(db, order_id)
    known = steps.steps_of(db, order_id)
    if errors := returns.faults_of_return(db, told, known, desk.zone, now, order.expires_at):
        return _page(request, db, order_id, EntryForm(), data, errors, now, status=422)
    returns.record_return(db, order_id, told, desk.zone, now)
    note(db, result=told.result)
    return see_other(request, f"/orders/{order_id}/steps", Flash("On record."))


@post("/orders/{order_id:int}/entered/take-back", sync_to_thread=True)
def entry_back(request: Visit, db: DB, order_id: FromPath[int], data: URLEncodedBody[EntryBackForm]) -> Answer:
    """The number was wrong, or nothing is entered: the order waits for the registry again, since it was signed."""
    now = utc_now()
    found_order(request, db, order_id, now)
    if data.why not in mending.NUMBER_WHY:
        errors = {"why": "Choose why the number is taken back."}
        return _page(request, db, order_id, EntryForm(), ReturnForm(), errors, now, status=422)
    if not mending.take_number_back(db, order_id, id_of(data.step), data.why, now):
        return _gone(request, db, order_id, "why", now)
    note(db, why=data.why)
    return see_other(request, f"/orders/{order_id}/steps", Flash("Taken back. It waits for the registry again."))


@post("/orders/{order_id:int}/served/take-back", sync_to_thread=True)
def service_back(request: Visit, db: DB, order_id: FromPath[int], data: URLEncodedBody[ServiceBackForm]) -> Answer:
    """A return that this court recorded was an error: it never was, and everybody reads NOT SERVED."""
    now = utc_now()
    found_order(request, db, order_id, now)
    if not 3 <= len(data.reason.strip()) <= 300:
        errors = {"reason": "Say in a few words why, without names or places."}
        return _page(request, db, order_id, EntryForm(), ReturnForm(), errors, now, status=422)
    if not mending.take_service_back(db, order_id, id_of(data.proof), data.reason, now):
        return _gone(request, db, order_id, "reason", now)
    return see_other(request, f"/orders/{order_id}/steps", Flash("Taken back. The order is not served."))


def entry_of(number: str, agency: str, on: str, hour: str, zone: str, now: datetime) -> entering.Entry:
    """What was typed of an entry: neither day nor hour is now, an hour alone is of today; a day alone is no instant."""
    if not on.strip() and not hour.strip():
        return entering.Entry(number, agency, now)
    day = day_of(on) if on.strip() else local_day(now, zone)
    return entering.Entry(number, agency, entering.instant(day, hour_of(hour), zone))


def _gone(request: Visit, db: DB, order_id: int, field: str, now: datetime) -> Answer:
    """Somebody took it back, or recorded another, since the page was opened; or it is another office's."""
    errors = {field: "That is not the newest entry of this court any more. This is how it stands now."}
    return _page(request, db, order_id, EntryForm(), ReturnForm(), errors, now, status=409)


def _page(
    request: Visit, db: DB, order_id: int, entry: EntryForm, form: ReturnForm, errors: dict[str, str], now: datetime,
    status: int = 200,
) -> Answer:  # fmt: skip
    desk, order = found_order(request, db, order_id, now)
    known = steps.steps_of(db, order_id)
    shown = {
        "desk": desk, "order": order, "lines": steps.lines(known, desk.zone, order.expires_at, now), "entry": entry,
        "form": form, "errors": errors,
        "to_enter": bool(steps.open_entry(known)), "to_serve": steps.open_service(known) is not None,
        "lapsed": steps.lapsed(known, order.expires_at, now), "too_late": steps.ended_unentered(known),
        "seen": entering.entry_seen(known), "back": steps.sent_back(known), "why_back": entering.SENT_BACK,
        "asks": steps.ACTION_WORDS.get(steps.action_of(steps.open_entry(known)), ""),
        "number_back": mending.number_to_take_back(known, db.scope.agency_id), "number_why": mending.NUMBER_WHY,
        "service_back": mending.service_to_take_back(db, order_id),
        "also_under": entering.also_under(db, order_id, known), "results": returns.RESULTS, "methods": returns.METHODS,
    }  # fmt: skip
    return page(request, "orders/steps.html", shown, status=status)


HANDLERS = [waiting, show, printed, entered, asked_again, served, entry_back, service_back]
