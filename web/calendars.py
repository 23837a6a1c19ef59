"""Calendars for people's own programs: made and ended by their owner; read by a secret address, without a sign-in."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.calendars.feeds import answer, choices, feeds_of, make, revoke, styles
from monitor.clock import utc_now
from web.auth import ANONYMOUS
from web.files import disposition
from web.forms import Form, Line
from web.limits import TooMuch
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

LIST = "/account/calendars"
ENDING = ".ics"
MOST = 80  # characters of an address that can be one of ours


class CalendarForm(Form):
    """``of``: a court, a judge, or one's own people. ``style``: what a line says."""

    of: Line = ""
    room: Line = ""
    style: Line = "COUNT"


@get(LIST, sync_to_thread=True)
def show(request: Visit) -> Answer:
    """One's calendars, and a form for the next."""
    return _page(request, CalendarForm())


@post(LIST, sync_to_thread=True)
def add(request: Visit, data: URLEncodedBody[CalendarForm]) -> Answer:
    """Make one; the answer shows its address, and nothing ever does again."""
    site: Site = request.app.state.site
    token = make(site.door(request.scope), request.user, data.of, data.room, data.style, utc_now())
    if token is None:
        told = {"of": "Choose what it shows. Nobody has more than ten at once."}
        return _page(request, data, errors=told, status=422)
    return _page(request, CalendarForm(), address=f"{site.settings.base_url.rstrip('/')}/ical/{token}{ENDING}")


@post(LIST + "/{feed_id:int}/revoke", sync_to_thread=True)
def end(request: Visit, feed_id: FromPath[int]) -> Answer:
    """End one: its address answers like one that never was."""
    site: Site = request.app.state.site
    if not revoke(site.door(request.scope), request.user, feed_id, utc_now()):
        raise NotFoundException()
    return see_other(request, LIST, Flash("Ended. Its address answers no more."))


@get("/ical/{name:str}", sync_to_thread=True, opt={ANONYMOUS: True})
def read(request: Visit, name: FromPath[str]) -> Answer:
    """The calendar behind a secret address; whatever else is asked for here is not there."""
    site: Site = request.app.state.site
    found = None
    if name.endswith(ENDING) and len(name) <= MOST:
        found = answer(site.door(request.scope), name.removesuffix(ENDING), utc_now())
    if found is None:
        raise NotFoundException()
    if found.wait is not None:
        raise TooMuch(found.wait)
    headers = {**disposition("attachment", "court-dates.ics"), "cache-control": "private, no-store"}
    return Response(found.content, media_type="text/calendar", headers=headers)


def _page(
    request: Visit, form: CalendarForm, *, address: str = "", errors: dict[str, str] | None = None, status: int = 200
) -> Answer:
    door = request.app.state.site.door(request.scope)
    context = {
        "feeds": feeds_of(door, request.user), "choices": choices(door, request.user), "form": form,
        "styles": list(styles(door).items()), "address": address, "errors": errors or {},
    }  # fmt: skip
    return page(request, "calendars/list.html", context, status=status)


HANDLERS = [show, add, end, read]
