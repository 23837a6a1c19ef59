"""The agency's own sign-on: away to it, back from it, and connecting it with one's account."""

from __future__ import annotations

from typing import Annotated, Final

import httpx
from litestar import get, post
from litestar.params import FromPath, QueryParameter, URLEncodedBody

from monitor.access import sign_on
from monitor.clock import utc_now
from web.auth import set_session
from web.cookies import site_cookie
from web.forms import Form, Line, Words, same_site_path
from web.pages import page, see_other
from web.sign_in import SIGN_ON_REFUSED, password_page
from web.site import Answer, Site, Visit

Told = Annotated[str, QueryParameter(max_length=2000)]
PART: Final = "-sign-on"


State = Annotated[str, QueryParameter(name="state", max_length=2000)]


class StartForm(Form):
    """The agency whose sign-on to use."""

    agency: Line = ""
    next: Line = "/"


class ReturnForm(Form):
    """What the provider sent back with the browser."""

    code: Words = ""
    state: Line = ""
    iss: Line = ""


@post("/sign-in/agency", sync_to_thread=True)
def start(request: Visit, data: URLEncodedBody[StartForm]) -> Answer:
    """Away to the agency's sign-on."""
    return _away(request, data.agency, same_site_path(data.next), linking=False)


@post("/account/sign-on", sync_to_thread=True)
def connect(request: Visit, data: URLEncodedBody[StartForm]) -> Answer:
    """The same, to connect it with this account."""
    return _away(request, data.agency, "/account", linking=True)


@get("/sign-in/agency/return/{agency:str}", sync_to_thread=True)
def returned(
    request: Visit, agency: FromPath[str], code: Told = "", given: State = "", iss: Told = "", session_state: Told = "",
    error: Told = "", error_description: Told = "",
) -> Answer:  # fmt: skip
    """Back: nothing happens on a GET; the page sends on what came, or the person does."""
    if error or not code:
        return password_page(request, "", "/", SIGN_ON_REFUSED, status=401)
    return page(request, "sign_in/returned.html", {"agency": agency, "code": code, "state": given, "iss": iss})


@post("/sign-in/agency/return/{agency:str}", sync_to_thread=True)
def finish(request: Visit, agency: FromPath[str], data: URLEncodedBody[ReturnForm]) -> Answer:
    """Check all of it, and open the session or connect the account."""
    site: Site = request.app.state.site
    kept, who = request.cookies.get(site.cookie + PART, ""), request.scope.get("user")
    came = sign_on.CameBack(agency, data.state, data.code, data.iss)
    done = sign_on.finish(site.door(request.scope), kept, came, utc_now(), who)
    if done is None:
        response = password_page(request, "", "/", SIGN_ON_REFUSED, status=401)
    else:
        token, where = done
        response = set_session(see_other(request, where), site, token)
    response.set_cookie(site_cookie(site, "", 0, PART))
    return response


def _away(request: Visit, agency: str, where: str, *, linking: bool) -> Answer:
    site: Site = request.app.state.site
    who = request.user if linking else None
    try:
        address, kept = sign_on.start(site.door(request.scope), agency, where, utc_now(), who)
    except (sign_on.SignOnError, httpx.HTTPError):
        return password_page(request, "", where, SIGN_ON_REFUSED, status=401)
    response = page(request, "sign_in/away.html", {"address": address})
    response.set_cookie(site_cookie(site, kept, int(sign_on.LIVES.total_seconds()), PART))
    return response


HANDLERS = [start, connect, returned, finish]
