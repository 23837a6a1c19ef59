"""Pages: templates rendered in the handler's own thread, with what every page shows, and one message after a redirect.

A template gets frozen Structs from ``monitor``, never models. Nothing that a template prints is trusted.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Response
from litestar.enums import MediaType
from litestar.exceptions import NotFoundException

from monitor.access.auth_sessions import IDLE, form_token
from monitor.access.identity import Identity
from monitor.clock import utc_now
from web import unsaved
from web.assets import HTMX, USWDS, asset
from web.compiled import CompiledTemplates
from web.cookies import site_cookie
from web.navigation import links_for
from web.site import Answer, Site, Visit, refuse
from web.wording import FILTERS

TEMPLATES = Path(__file__).parent / "templates"
FLASH_SECONDS = 60
TOLD = "-told"
COMPILED = CompiledTemplates()


class Flash(msgspec.Struct, frozen=True):
    """What was just done, told once on the next page. No names in ``text``. ``undo``: a path to POST to."""

    text: str
    undo: str = ""
    undo_label: str = "Undo"


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, bytecode_cache=COMPILED,
    )  # fmt: skip
    made.globals.update(asset=asset, USWDS=USWDS, HTMX=HTMX)
    made.filters.update(FILTERS)
    return made


ENVIRONMENT = _environment()


def page(
    request: Visit, template: str, context: dict[str, Any] | None = None, *, status: int = 200, fragment: str = ""
) -> Answer:
    """Render ``template``; for an htmx request ``fragment`` instead, if one is named.

    A ``status`` of 400 or more says that nothing was done: the request's transaction is rolled back.
    """
    if status >= 400:
        refuse(request.scope)
    site: Site = request.app.state.site
    over = request.scope.get("user") is not None and request.user.signed_in and unsaved.is_told(request)
    flash = Flash(unsaved.SAID) if over else read_flash(request)
    name = fragment if fragment and wants_fragment(request) else template
    text = ENVIRONMENT.get_template(name).render({**frame(request, flash), **(context or {})})
    response = Response(text, media_type=MediaType.HTML, status_code=status)
    response.headers["vary"] = "HX-Request"
    if over and name == template:
        response.set_cookie(unsaved.forget(site))
    elif flash and name == template:
        response.set_cookie(site_cookie(site, "", 0, TOLD))
    return response


def see_other(request: Visit, path: str, flash: Flash | None = None) -> Answer:
    """Answer a POST by sending the browser to ``path``, a path on this site, with one message to show there."""
    if not path.isascii() or not path.isprintable():  # what somebody typed would become a header of its own
        raise NotFoundException
    site: Site = request.app.state.site
    # htmx follows the redirect itself and swaps what it finds there
    response = Response("", media_type=MediaType.TEXT, status_code=303, headers={"location": path})
    if flash and request.user:
        response.set_cookie(site_cookie(site, _sign_flash(site, request.user, flash), FLASH_SECONDS, TOLD))
    return response


def frame(request: Visit, flash: Flash | None = None) -> dict[str, Any]:
    """What ``base.html`` shows on every page, errors included."""
    site: Site = request.app.state.site
    who: Identity | None = request.scope.get("user")
    signed_in = who if who is not None and who.signed_in else None
    return {
        "me": signed_in,
        "csrf": form_token(site.form_key, who.session) if who is not None else "",
        "nav": links_for(who, site.team, site.settings.entering_codes()),
        "here": request.url.path,
        "flash": flash,
        "demo": site.settings.demo,
        "lock_after": int(IDLE.total_seconds()),
        "now": utc_now(),
        "zone": who.zone if who is not None else "UTC",
    }


def wants_fragment(request: Visit) -> bool:
    """Whether htmx asks for a part; after its history was lost it needs the whole page."""
    headers = request.headers
    return headers.get("hx-request") == "true" and headers.get("hx-history-restore-request") != "true"


def read_flash(request: Visit) -> Flash | None:
    """The message that the last POST of this session left, if its seal holds."""
    site: Site = request.app.state.site
    who: Identity | None = request.scope.get("user")
    body, _, seal = request.cookies.get(site.cookie + TOLD, "").partition(".")
    if who is None or not seal or not hmac.compare_digest(seal.encode(), _flash_seal(site, who, body).encode()):
        return None
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(body), type=Flash)
    except (binascii.Error, msgspec.DecodeError):
        return None


def _sign_flash(site: Site, who: Identity, flash: Flash) -> str:
    body = base64.urlsafe_b64encode(msgspec.json.encode(flash)).decode()
    return f"{body}.{_flash_seal(site, who, body)}"


def _flash_seal(site: Site, who: Identity, body: str) -> str:
    return hmac.digest(site.form_key, b"flash|" + who.session + body.encode(), hashlib.sha256).hex()

