"""The entering agency's page: what waits for the registry, the packet, the number, a wrong number, and the way back.

A site names the agencies (`entering_agencies`); for everybody else there is no such page.
"""

from __future__ import annotations

from datetime import datetime

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.clock import utc_now
from monitor.documents import packet_pdf
from monitor.orders import entering, mending, packet, registry_desk, steps
from monitor.orders.registry_desk import Sheet
from web.database import DB, note
from web.dockets import Short
from web.files import as_file, as_print
from web.forms import Form, Name
from web.order_steps import MOVED, entry_of
from web.orders import reader_of, secret_of
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

LIST, ONE = "/registry", "/registry/{order_id:int}"
# of `NUMBER_WHY`: a number that was merely typed wrongly is mended here, and nothing waits again
NOTHING_THERE = ("OTHER_ORDER", "NOT_ENTERED")


class NumberForm(Form):
    """Number, day and hour of the entry (now, unless given). ``seen``: the newest thing that the page asked for."""

    seen: Name = ""
    registry_number: Name = ""
    entered_on: Name = ""
    entered_hour: Name = ""


class RightForm(Form):
    """Which number was typed wrongly (its step), and the right one."""

    step: Name = ""
    right_number: Name = ""


class TakeBackForm(Form):
    """Which number is taken back (its step), and one of `NOTHING_THERE`."""

    step: Name = ""
    why: Name = ""


class BackForm(Form):
    """Why the packet goes back: a key of `SENT_BACK`."""

    seen: Name = ""
    back: Name = ""


@get(LIST, sync_to_thread=True)
def show_list(request: Visit, db: DB) -> Answer:
    """What waits, the longest first, and what this agency entered itself."""
    entering_alone(request)
    now = utc_now()
    waits, done = registry_desk.queue(db, now), registry_desk.entered(db, now)
    note(db, waits=len(waits), reason="registry")
    return page(request, "registry/list.html", {"waits": waits, "done": done})


@get(ONE, sync_to_thread=True)
def show(request: Visit, db: DB, order_id: FromPath[int]) -> Answer:
    """One order: what is to do about its entry, and the forms."""
    return _page(request, found_sheet(request, db, order_id, utc_now()))


@get(ONE + "/packet", sync_to_thread=True)
def printed(request: Visit, db: DB, order_id: FromPath[int], format: Short = "pdf") -> Answer:
    """Worksheet, CSV or JSON: the one place here where the protected name stands, while the entry waits."""
    now = utc_now()
    found = found_sheet(request, db, order_id, now)
    made = registry_desk.with_name(db, found, secret_of(request))
    if made is None:
        raise NotFoundException
    note(db, format=format if format in ("csv", "json") else "pdf")
    if format in ("csv", "json"):
        body = packet.as_csv(made) if format == "csv" else packet.as_json(made)
        kind = "text/csv" if format == "csv" else "application/json"
        return as_file(db, body, f"protection_order.{format}", kind)
    return as_print(db, packet_pdf(packet.content_of(made, found.desk, found.order), now), f"worksheet-{order_id}.pdf")


@post(ONE + "/entered", sync_to_thread=True)
def entered(request: Visit, db: DB, order_id: FromPath[int], data: URLEncodedBody[NumberForm]) -> Answer:
    """It is in the registry under this number; sent twice for want of an answer it is on record once."""
    now = utc_now()
    found = found_sheet(request, db, order_id, now, alone=True)
    told = entry_of(data.registry_number, request.user.agency_name[:80], data.entered_on, data.entered_hour,
                    found.desk.zone, now)  # fmt: skip
    newest = entering.entry_seen(found.known)
    if registry_desk.is_repeat(found, told.number):
        return see_other(request, LIST, Flash("On record: it is in the registry."))
    if newest and data.seen != newest:
        return _page(request, found, data, {"registry_number": MOVED}, status=409)
    if errors := entering.faults_of(told, found.known, found.desk.zone, now):
        return _page(request, found, data, errors, status=422)
    registry_desk.confirm(db, order_id, told, now)
    note(db, reason="registry")
    return see_other(request, LIST, Flash("On record: it is in the registry. The court and its clock read it now."))


@post(ONE + "/correct", sync_to_thread=True)
def correct(request: Visit, db: DB, order_id: FromPath[int], data: URLEncodedBody[RightForm]) -> Answer:
    """The entry was made and its number typed wrongly: another stands in its place, and both are kept."""
    now = utc_now()
    found = found_sheet(request, db, order_id, now, alone=True)
    if found.last is None or str(found.last.id) != data.step:
        return _page(request, found, errors={"right_number": GONE}, status=409)
    faults = entering.faults_of_correction(data.right_number, found.last)
    if faults:
        return _page(request, found, errors={"right_number": faults["registry_number"]}, status=422)
    registry_desk.correct(db, found.last, data.right_number, now)
    note(db, reason="registry")
    return see_other(request, f"/registry/{order_id}", Flash("Mended. Both numbers stay on record."))


@post(ONE + "/take-back", sync_to_thread=True)
def take_back(request: Visit, db: DB, order_id: FromPath[int], data: URLEncodedBody[TakeBackForm]) -> Answer:
    """Nothing of this order is entered under that number: it waits again, since its signing."""
    now = utc_now()
    found = found_sheet(request, db, order_id, now)
    if data.why not in NOTHING_THERE:
        return _page(request, found, errors={"why": "Choose why the number is taken back."}, status=422)
    if found.last is None or str(found.last.id) != data.step or not registry_desk.take_back(db, found, data.why, now):
        return _page(request, found, errors={"why": GONE}, status=409)
    note(db, why=data.why, reason="registry")
    return see_other(request, f"/registry/{order_id}", Flash("Taken back. It waits for the registry again."))


@post(ONE + "/send-back", sync_to_thread=True)
def send_back(request: Visit, db: DB, order_id: FromPath[int], data: URLEncodedBody[BackForm]) -> Answer:
    """It cannot be entered as it is: the court's clerk reads why, and it still waits since its signing."""
    now = utc_now()
    found = found_sheet(request, db, order_id, now, alone=True)
    waits = entering.entry_seen(found.known)
    if not waits or data.seen != waits or steps.sent_back(found.known) is not None:
        return _page(request, found, errors={"back": "It stands otherwise by now, as below."}, status=409)
    if data.back not in entering.SENT_BACK:
        return _page(request, found, errors={"back": "Choose why it goes back to the court."}, status=422)
    registry_desk.send_back(db, found, data.back, request.user.agency_name[:80], now)
    note(db, why=data.back, reason="registry")
    return see_other(request, LIST, Flash("Back with the court, whose clerk reads why. It still waits."))


GONE = "That is not the number on file any more. This is how it stands now."


def entering_alone(request: Visit) -> None:
    """Whether this agency enters orders here; for every other there is no such page."""
    site: Site = request.app.state.site
    if request.user.agency_code not in site.settings.entering_codes():
        raise NotFoundException


def found_sheet(request: Visit, db: DB, order_id: int, now: datetime, *, alone: bool = False) -> Sheet:
    """The order, if it is before this agency; NotFoundException where not. ``alone``: as `registry_desk.sheet`."""
    entering_alone(request)
    found = registry_desk.sheet(db, order_id, reader_of(request, now), alone=alone)
    if found is None:
        raise NotFoundException
    note(db, found.desk.case_id)
    return found


def _page(
    request: Visit, found: Sheet, form: NumberForm | None = None, errors: dict[str, str] | None = None,
    status: int = 200,
) -> Answer:  # fmt: skip
    zone, known = found.desk.zone, list(found.known)
    shown = {
        "sheet": found, "errors": errors or {}, "open": bool(steps.open_entry(known)),
        "form": form or NumberForm(registry_number=entering.number_of(known)), "seen": entering.entry_seen(known),
        "asks": steps.ACTION_WORDS.get(found.packet.action, ""), "labels": packet.LABELS,
        "back": steps.sent_back(known), "why_back": list(entering.SENT_BACK.items()),
        "why_number": [(name, mending.NUMBER_WHY[name]) for name in NOTHING_THERE],
        "lines": steps.lines(known, zone, found.order.expires_at, utc_now()),
    }  # fmt: skip
    return page(request, "registry/show.html", shown, status=status)


HANDLERS = [show_list, show, printed, entered, correct, take_back, send_back]
