"""The caseload as a file. More than 25 cases leave only with the yes of a second person (safeguard D7)."""

from __future__ import annotations

from functools import partial

from litestar import Response, get, post
from litestar.params import FromQuery, URLEncodedBody

from monitor.clock import utc_now
from monitor.exports import ExportError, export_of, take_out
from web.client_address import client_address
from web.database import DB
from web.files import disposition
from web.forms import Form, Line, Words
from web.limits import hold_rate
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit, policy_of, refuse
from web.today import whole_office

ASKED = "Asked. A supervisor or privacy officer of this office has 72 hours; then take it out here, once."


class ExportForm(Form):
    """Which list, and what it is for where a second person is asked."""

    team: Line = ""
    why: Words = ""


@get("/caseload/export", sync_to_thread=True)
def show(request: Visit, db: DB, team: FromQuery[bool | None] = None) -> Answer:
    """How many cases it would be, and whether somebody else has to agree."""
    return _page(request, whole_office(request, team), ExportForm())


@post("/caseload/export", status_code=200, sync_to_thread=True)
def take(request: Visit, data: URLEncodedBody[ExportForm]) -> Answer:
    """Take it out, or ask for it. The trail is told before a byte leaves."""
    site: Site = request.app.state.site
    team, now = data.team == "yes", utc_now()
    shows = policy_of(request.scope).shows
    try:
        place = client_address(request.scope, site.settings.proxies())
        taken = take_out(site.database, request.user, team, data.why, shows, site.settings.secret_key, now, place,
                         partial(hold_rate, request))  # fmt: skip
    except ExportError as fault:
        return _page(request, team, data, {"why": str(fault)})
    if not taken.content:
        return see_other(request, f"/caseload/export?team={str(team).lower()}", Flash(ASKED))
    headers = disposition("attachment", f"caseload-{now:%Y-%m-%d}.csv")
    return Response(taken.content, media_type="text/csv", headers=headers)


def _page(request: Visit, team: bool, form: ExportForm, errors: dict[str, str] | None = None) -> Answer:
    site: Site = request.app.state.site
    export = export_of(site.database, request.user, team, policy_of(request.scope).shows, utc_now())
    if errors:
        refuse(request.scope)
    shown = {"export": export, "form": form, "errors": errors or {}}
    return page(request, "exports/show.html", shown, status=422 if errors else 200)


HANDLERS = [show, take]
