"""Sign in and out: password, then code; on a first sign-in a new password and an authenticator app."""

from __future__ import annotations

from typing import Annotated, NamedTuple
from urllib.parse import quote

from litestar import get, post
from litestar.params import FromQuery, QueryParameter, URLEncodedBody

from monitor.access import sign_in as access
from monitor.access.sign_on import providers
from monitor.clock import utc_now
from web import unsaved
from web.app_key import app_key
from web.auth import clear_session, set_session
from web.forms import Form, Line, Words, same_site_path
from web.pages import page, see_other
from web.site import Answer, Site, Visit

Next = Annotated[str, QueryParameter(max_length=300)]


class Told(NamedTuple):
    """What stands above the sign-in form."""

    kind: str
    heading: str
    text: str


# CJIS AC-8: shown before anybody signs in, until they act. A site sets its own words (MONITOR_BANNER).
BANNER = (
    "This is a system of courts and agencies, for authorized use only. What you open and change here is recorded "
    "and may be reviewed. Using it without authority, or for anything but your work, is prohibited and may be "
    "punished. Going on means that you consent to being recorded and reviewed."
)
REFUSED = Told(
    "error", "We could not sign you in",
    "The e-mail and password do not match an account that can sign in now. After five wrong tries an account is "
    "locked; your agency's administrator can open it.",
)  # fmt: skip
PASSKEY_REFUSED = Told(
    "error", "We could not sign you in",
    "The passkey does not belong to an account that can sign in now. Try again, or use your e-mail and password.",
)  # fmt: skip
SIGN_ON_REFUSED = Told(
    "error", "We could not sign you in",
    "Your agency's sign-on did not lead to an account that can sign in now. Try again, or use your e-mail and "
    "password. It works once you have connected it on your account page.",
)  # fmt: skip
UNSAVED = Told("warning", "Not saved", "The session was over when you pressed. Sign in: you come back to the page.")
SIGNED_OUT = Told("success", "You are signed out", "Close this window if others use this computer.")


class PasswordForm(Form):
    """First factor."""

    email: Line = ""
    password: Words = ""
    next: Line = "/"


class CodeForm(Form):
    """Second factor."""

    code: Line = ""
    next: Line = "/"


class SetUpForm(Form):
    """First sign-in."""

    password: Words = ""
    again: Words = ""
    sealed_secret: Words = ""
    code: Line = ""


@get("/sign-in", sync_to_thread=True)
def show_password(request: Visit, next: Next = "/", signed_out: FromQuery[bool] = False) -> Answer:
    """The first page; somebody who is signed in goes on to their own."""
    if request.user is not None and request.user.signed_in:
        return see_other(request, "/")
    told = SIGNED_OUT if signed_out else UNSAVED if unsaved.is_told(request) else None
    return password_page(request, "", same_site_path(next), told)


@post("/sign-in", sync_to_thread=True)
def give_password(request: Visit, data: URLEncodedBody[PasswordForm]) -> Answer:
    """Check the password; every refusal is the same page."""
    site, where = _site(request), same_site_path(data.next)
    token = access.give_password(site.door(request.scope), data.email, data.password, utc_now())
    if token is None:
        return password_page(request, data.email, where, REFUSED, status=401)
    return set_session(see_other(request, f"/sign-in/code?next={quote(where)}"), site, token)


@get("/sign-in/code", sync_to_thread=True)
def show_code(request: Visit, next: Next = "/") -> Answer:
    """Ask for the code, or for the set-up if the account has no authenticator yet."""
    if request.user.signed_in:
        return see_other(request, same_site_path(next))
    if not request.user.has_totp:
        return see_other(request, "/sign-in/set-up")
    return _code_page(request, same_site_path(next), {})


@post("/sign-in/code", sync_to_thread=True)
def give_code(request: Visit, data: URLEncodedBody[CodeForm]) -> Answer:
    """Check the code and open the session."""
    site, where = _site(request), same_site_path(data.next)
    token = access.give_code(site.door(request.scope), request.user, data.code, utc_now())
    if token is None:
        errors = {"code": "This code does not work. Wait for the next one, and type all six digits."}
        return _code_page(request, where, errors, status=422)
    return set_session(see_other(request, where), site, token)


@get("/sign-in/set-up", sync_to_thread=True)
def show_set_up(request: Visit) -> Answer:
    """Offer a fresh authenticator key."""
    if request.user.has_totp:
        return see_other(request, "/sign-in/code")
    secret, sealed = access.new_set_up(_site(request).door(request.scope), request.user)
    return _set_up_page(request, secret, sealed, {})


@post("/sign-in/set-up", sync_to_thread=True)
def keep_set_up(request: Visit, data: URLEncodedBody[SetUpForm]) -> Answer:
    """Keep the password and the authenticator, and sign in."""
    site, now = _site(request), utc_now()
    if request.user.has_totp:
        return see_other(request, "/sign-in/code")
    door = site.door(request.scope)
    given = access.SetUp(data.password, data.again, data.sealed_secret, data.code)
    if errors := access.set_up_problems(door, request.user, given, now):
        secret = access.shown_secret(door, request.user, data.sealed_secret)
        if secret is None:
            return see_other(request, "/sign-in/set-up")
        return _set_up_page(request, secret, data.sealed_secret, errors, status=422)
    token = access.keep_set_up(door, request.user, given, now)
    return see_other(request, "/sign-in") if token is None else set_session(see_other(request, "/"), site, token)


@post("/sign-out", sync_to_thread=True)
def sign_out(request: Visit) -> Answer:
    """End the session here and at the server."""
    site = _site(request)
    access.sign_out(site.door(request.scope), request.user, utc_now())
    return clear_session(see_other(request, "/sign-in?signed_out=true"), site)


def password_page(request: Visit, email: str, where: str, told: Told | None, status: int = 200) -> Answer:
    """The first page of a sign-in, with what there is to say above it."""
    told_first = _site(request).settings.banner or BANNER
    paragraphs = [part.strip() for part in told_first.split("\n\n") if part.strip()]
    agencies = [(code, one.name) for code, one in providers(_site(request).door(request.scope)).items()]
    shown = {"email": email, "next": where, "told": told, "banner": paragraphs, "agencies": agencies}
    return page(request, "sign_in/password.html", shown, status=status)


def _code_page(request: Visit, where: str, errors: dict[str, str], status: int = 200) -> Answer:
    site = _site(request)
    code = access.demo_code(site.door(request.scope), request.user, utc_now()) if site.settings.demo else ""
    return page(request, "sign_in/code.html", {"next": where, "errors": errors, "demo_code": code}, status=status)


def _set_up_page(request: Visit, secret: str, sealed: str, errors: dict[str, str], status: int = 200) -> Answer:
    shown = {**app_key(secret, request.user.email), "sealed_secret": sealed, "errors": errors}
    return page(request, "sign_in/set_up.html", shown, status=status)


def _site(request: Visit) -> Site:
    site: Site = request.app.state.site
    return site


HANDLERS = [show_password, give_password, show_code, give_code, show_set_up, keep_set_up, sign_out]
