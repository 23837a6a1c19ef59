"""Passkeys: sign in with one, add, name and remove one's own."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.access import passkeys
from monitor.clock import utc_now
from web.answers import json_text
from web.auth import needs_passkey, set_session
from web.forms import Credential, Form, Line, Name, same_site_path
from web.pages import Flash, page, see_other
from web.sign_in import PASSKEY_REFUSED, password_page
from web.site import Answer, Site, Visit

FAILED = "The passkey was not made. Try again, and confirm with your finger, face or PIN when the browser asks."


class SignInForm(Form):
    """What the device answered."""

    credential: Credential = ""
    next: Line = "/"


class NewForm(Form):
    """A new passkey, as the device made it."""

    credential: Credential = ""
    name: Name = ""


class NameForm(Form):
    """Another name for it."""

    name: Name = ""


@get("/sign-in/passkey/options", sync_to_thread=True)
def sign_in_options(request: Visit) -> Answer:
    """What the browser needs to answer with a passkey; nothing is kept of having asked."""
    return json_text(passkeys.answer_options(_site(request).door(request.scope), None, utc_now()))


@post("/sign-in/passkey", sync_to_thread=True)
def sign_in(request: Visit, data: URLEncodedBody[SignInForm]) -> Answer:
    """Both factors at once."""
    site, where = _site(request), same_site_path(data.next)
    token = passkeys.sign_in(site.door(request.scope), data.credential, utc_now(), request.scope.get("user"))
    if token is None:
        return password_page(request, "", where, PASSKEY_REFUSED, status=401)
    return set_session(see_other(request, where), site, token)


@get("/account/passkeys/new", sync_to_thread=True)
def show_new(request: Visit) -> Answer:
    """Add one. Whoever must show a passkey and has one shows that first."""
    if _must_show_one(request):
        return see_other(request, "/step-up?next=/account/passkeys/new")
    return _new_page(request, "", {}, 200)


@get("/account/passkeys/options", sync_to_thread=True)
def new_options(request: Visit) -> Answer:
    """What the browser needs to make one."""
    if _must_show_one(request):
        raise NotFoundException()
    return json_text(passkeys.enrol_options(_site(request).door(request.scope), request.user, utc_now()))


@post("/account/passkeys", sync_to_thread=True)
def keep(request: Visit, data: URLEncodedBody[NewForm]) -> Answer:
    """Keep it."""
    site, first = _site(request), not request.user.has_passkey
    if _must_show_one(request):
        raise NotFoundException()
    name = data.name.strip() or "Passkey"
    token = passkeys.enrol(site.door(request.scope), request.user, data.credential, name, utc_now())
    if token is None:
        return _new_page(request, name, {"name": FAILED}, 422)
    needed = first and needs_passkey(request.user, site.settings)
    return set_session(see_other(request, "/" if needed else "/account"), site, token)


@post("/account/passkeys/{passkey_id:int}/name", sync_to_thread=True)
def rename(request: Visit, passkey_id: FromPath[int], data: URLEncodedBody[NameForm]) -> Answer:
    """Another name."""
    name = data.name.strip() or "Passkey"
    if not passkeys.rename(_site(request).door(request.scope), request.user, passkey_id, name, utc_now()):
        raise NotFoundException()
    return see_other(request, "/account", Flash("The passkey has its new name."))


@post("/account/passkeys/{passkey_id:int}/remove", sync_to_thread=True)
def remove(request: Visit, passkey_id: FromPath[int]) -> Answer:
    """Forget it."""
    site = _site(request)
    token = passkeys.remove(site.door(request.scope), request.user, passkey_id, utc_now())
    if token is None:
        raise NotFoundException()
    return set_session(see_other(request, "/account"), site, token)


def _must_show_one(request: Visit) -> bool:
    # a stolen code may not add a passkey beside the person's own
    return request.user.has_passkey and needs_passkey(request.user, _site(request).settings)


def _new_page(request: Visit, name: str, errors: dict[str, str], status: int) -> Answer:
    domain, origin = passkeys.relying_party(_site(request).settings.base_url)
    here = request.url.hostname == domain
    required = not request.user.has_passkey and needs_passkey(request.user, _site(request).settings)
    shown = {"name": name, "errors": errors, "elsewhere": "" if here else origin, "required": required}
    return page(request, "passkeys/new.html", shown, status=status)


def _site(request: Visit) -> Site:
    site: Site = request.app.state.site
    return site


HANDLERS = [sign_in_options, sign_in, show_new, new_options, keep, rename, remove]
