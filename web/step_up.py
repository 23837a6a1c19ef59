"""Confirm that it is you: a fresh code or passkey, and then on with what was being done, form and all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from litestar import get, post
from litestar.params import QueryParameter, URLEncodedBody

from monitor.access import passkeys
from monitor.access import sign_in as access
from monitor.access import step_up as fresh
from monitor.clock import utc_now
from web.answers import json_text
from web.auth import set_session, wants_passkey
from web.forms import Credential, Form, Line, Sealed, same_site_path
from web.pages import page, see_other
from web.site import Answer, Site, Visit

Next = Annotated[str, QueryParameter(max_length=300)]
WRONG = "This code does not work. Wait for the next one, and type all six digits."
WRONG_PASSKEY = "The passkey did not confirm it. Try again, or use a code."


class Confirmation(Form):
    """A fresh factor, and what waits for it: ``path`` and ``carried`` of a form, or ``next`` of a page."""

    code: Line = ""
    credential: Credential = ""
    next: Line = "/"
    path: Line = ""
    carried: Sealed = ""


@get("/step-up", sync_to_thread=True)
def show(request: Visit, next: Next = "/") -> Answer:
    """Ask for it."""
    return _ask(request, next, "", "", {}, 200)


@post("/step-up", sync_to_thread=True)
def confirm(request: Visit, data: URLEncodedBody[Confirmation]) -> Answer:
    """Check the factor; then go on to the page, or offer the form that waited once more."""
    site: Site = request.app.state.site
    door, who = site.door(request.scope), request.user
    token = fresh.confirm(door, who, data.code, data.credential, utc_now())
    if token is None:
        errors = {"code": WRONG_PASSKEY if data.credential else WRONG}
        return _ask(request, data.next, data.path, data.carried, errors, 422)
    fields = fresh.carried(door, who, data.path, data.carried) if data.carried else None
    if fields is None:
        return set_session(see_other(request, same_site_path(data.next)), site, token)
    shown = {"path": same_site_path(data.path), "fields": fields, "csrf": site.form_token_of(token)}
    return set_session(page(request, "step_up/go_on.html", shown), site, token)


@get("/step-up/options", sync_to_thread=True)
def options(request: Visit) -> Answer:
    """What the browser needs to answer with a passkey of this person."""
    site: Site = request.app.state.site
    return json_text(passkeys.answer_options(site.door(request.scope), request.user, utc_now()))


def ask(request: Visit, form: Sequence[tuple[str, str]], errors: dict[str, str], status: int) -> Answer:
    """The page that asks, in the place of what was asked for; it carries the form of a POST, sealed."""
    site: Site = request.app.state.site
    path = request.url.path
    if request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        return _ask(request, path + query, "", "", errors, status)
    carried = fresh.carry(site.door(request.scope), request.user, path, form)
    return _ask(request, "/", path, carried, errors, status)


def _ask(request: Visit, where: str, path: str, carried: str, errors: dict[str, str], status: int) -> Answer:
    site: Site = request.app.state.site
    code = access.demo_code(site.door(request.scope), request.user, utc_now()) if site.settings.demo else ""
    shown = {
        "next": same_site_path(where), "path": path, "carried": carried, "errors": errors, "demo_code": code,
        "has_passkey": request.user.has_passkey,
        "by_code": not (request.user.has_passkey and wants_passkey(request.user.role, site.settings)),
    }  # fmt: skip
    return page(request, "step_up/ask.html", shown, status=status)


HANDLERS = [show, confirm, options]
