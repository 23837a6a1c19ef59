"""One's own account: password, authenticator app, passkeys, recovery codes, sessions, roles."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.access import account
from monitor.access.sign_in import new_set_up, shown_secret
from monitor.clock import utc_now
from web.app_key import app_key
from web.auth import set_session
from web.forms import Form, Id, Line, Words, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit


class PasswordForm(Form):
    """A new password, twice."""

    password: Words = ""
    again: Words = ""


class AppForm(Form):
    """The key that was shown, sealed, and a code of the app that now has it."""

    sealed_secret: Words = ""
    code: Line = ""


class DigestForm(Form):
    """Whether the morning's letter is wanted."""

    wanted: Line = ""


class RoleForm(Form):
    """The role to work in."""

    membership: Id = "0"


@get("/account", sync_to_thread=True)
def show(request: Visit) -> Answer:
    """What this person signs in with, and where."""
    found = account.account_of(_site(request).door(request.scope), request.user, utc_now())
    return page(request, "account/show.html", {"account": found})


@get("/account/password", sync_to_thread=True)
def show_password(request: Visit) -> Answer:
    """Ask for a new one."""
    return page(request, "account/password.html", {"errors": {}})


@post("/account/password", sync_to_thread=True)
def change_password(request: Visit, data: URLEncodedBody[PasswordForm]) -> Answer:
    """Keep it, and end every other session."""
    site = _site(request)
    door = site.door(request.scope)
    done = account.change_password(door, request.user, data.password, data.again, utc_now())
    if isinstance(done, dict):
        return page(request, "account/password.html", {"errors": done}, status=422)
    return set_session(see_other(request, "/account"), site, done)


@get("/account/app", sync_to_thread=True)
def show_app(request: Visit) -> Answer:
    """Offer a fresh key for another app or phone."""
    secret, sealed = new_set_up(_site(request).door(request.scope), request.user)
    return _app_page(request, secret, sealed, {}, 200)


@post("/account/app", sync_to_thread=True)
def change_app(request: Visit, data: URLEncodedBody[AppForm]) -> Answer:
    """Take it into use; the app before it is worth nothing from now on."""
    site, now = _site(request), utc_now()
    door = site.door(request.scope)
    token = account.change_app(door, request.user, data.sealed_secret, data.code, now)
    if token is not None:
        return set_session(see_other(request, "/account"), site, token)
    secret = shown_secret(door, request.user, data.sealed_secret)
    if secret is None:
        return see_other(request, "/account/app")
    errors = {"code": "This code does not match. Type the six digits that your app shows now."}
    return _app_page(request, secret, data.sealed_secret, errors, 422)


@post("/account/recovery-codes", status_code=200, sync_to_thread=True)
def make_codes(request: Visit) -> Answer:
    """Ten new codes, shown this once."""
    site = _site(request)
    token, codes = account.make_recovery_codes(site.door(request.scope), request.user, utc_now())
    shown = {"codes": codes, "csrf": site.form_token_of(token)}
    return set_session(page(request, "account/recovery_codes.html", shown), site, token)


@post("/account/sessions/{session_id:int}/end", sync_to_thread=True)
def end_session(request: Visit, session_id: FromPath[int]) -> Answer:
    """End one of one's own sessions."""
    if not account.end_session(_site(request).door(request.scope), request.user, session_id, utc_now()):
        raise NotFoundException()
    return see_other(request, "/account", Flash("That session has ended."))


@post("/account/sessions/end-others", sync_to_thread=True)
def end_others(request: Visit) -> Answer:
    """End all but this one."""
    account.end_others(_site(request).door(request.scope), request.user, utc_now())
    return see_other(request, "/account", Flash("All your other sessions have ended."))


@post("/account/role", sync_to_thread=True)
def switch_role(request: Visit, data: URLEncodedBody[RoleForm]) -> Answer:
    """Work in another role of one's own."""
    site = _site(request)
    token = account.switch_role(site.door(request.scope), request.user, id_of(data.membership), utc_now())
    if token is None:
        raise NotFoundException()
    return set_session(see_other(request, "/"), site, token)


@post("/account/digest", sync_to_thread=True)
def want_digest(request: Visit, data: URLEncodedBody[DigestForm]) -> Answer:
    """Turn the morning's letter on or off."""
    wanted = data.wanted == "yes"
    account.want_digest(_site(request).door(request.scope), request.user, wanted, utc_now())
    said = "The morning's letter comes again." if wanted else "The morning's letter no longer comes."
    return see_other(request, "/account", Flash(said))


def _app_page(request: Visit, secret: str, sealed: str, errors: dict[str, str], status: int) -> Answer:
    shown = {**app_key(secret, request.user.email), "sealed_secret": sealed, "errors": errors}
    return page(request, "account/app.html", shown, status=status)


def _site(request: Visit) -> Site:
    site: Site = request.app.state.site
    return site


HANDLERS = [
    show, show_password, change_password, show_app, change_app, make_codes, end_session, end_others, switch_role,
    want_digest,
]  # fmt: skip
