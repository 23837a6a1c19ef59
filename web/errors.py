"""When something goes wrong: a calm page, a fragment for htmx, a problem document (RFC 9457) for the API.

Hidden and absent read the same. Nothing of an unexpected error reaches the page but the request's number.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import quote

from litestar import Response
from litestar.enums import MediaType
from litestar.exceptions import HTTPException

from monitor.access.auth_sessions import SessionOver
from monitor.access.closed import ClosedCase
from monitor.access.fields import ALWAYS, KEPT
from monitor.access.identity import Identity
from monitor.access.passwords import PasswordsBusy
from monitor.access.policy import POLICY
from monitor.access.roles import TITLES
from monitor.access.scope import ScopeError
from monitor.case_openings import MAY_OPEN, NeedsReason
from monitor.commits import Unknown
from monitor.safety_lint import KINDS
from monitor.trouble import Trouble as DatabaseTrouble
from monitor.trouble import trouble_of
from web import unsaved
from web.api.problems import problem
from web.auth import NeedsFreshFactor, NeedsNewPassword, NeedsPasskey
from web.csrf import SAFE, FormExpired
from web.fields import HeldWords
from web.headers import request_id
from web.pages import ENVIRONMENT, frame, page, wants_fragment
from web.request_log import log_failure
from web.shedding import Busy
from web.site import Answer, Visit, policy_of
from web.step_up import ask
from web.trail import UNREASONED

CLOSED = (
    "This case is closed",
    "The court has closed this case: it can be read, and nothing in it can be changed. Nothing was saved. If something "
    "must still be put on record, ask the court to reopen the case, then enter it again.",
)


class Trouble(NamedTuple):
    """What a page says."""

    heading: str
    text: str


TROUBLES = {
    400: Trouble(
        "We could not read that",
        "Something in the address or the form was not as expected. Go back and try once more.",
    ),
    401: Trouble("Please sign in", "Your session has ended. Sign in and try again."),
    403: Trouble(
        "You cannot do this here",
        "Go back, load the page again, and try once more. If it happens again, ask your administrator.",
    ),
    404: Trouble("There is nothing here", "This page does not exist, or it is not one that you can open."),
    405: Trouble(
        "That does not work here", "This address cannot be used in this way. Start again from your first page."
    ),
    409: Trouble(
        "Somebody else was faster",
        "This has changed since you opened it. Load the page again to see how it stands now.",
    ),
    408: Trouble("That took too long", "What was sent did not arrive in time. Try again; nothing was saved."),
    412: Trouble("It has changed meanwhile", "Read it again to see how it stands now, then decide."),
    413: Trouble(
        "That is too large",
        "The form or file is larger than this page takes. An attendance sheet may have up to 5 MB.",
    ),
    429: Trouble(
        "A moment, please",
        "This account has opened very many pages in a short time. Wait a minute, then go on. If this was not you, tell "
        "your administrator at once.",
    ),
    500: Trouble(
        "Something went wrong on our side",
        "Nothing was saved. Try again in a minute, and tell your administrator the number below if it stays.",
    ),
    507: Trouble(
        "Nothing can be saved just now",
        "The disk is full, or the database takes no changes. What is on record is safe, nothing was saved by half, and "
        "work goes on by itself when there is room. Tell whoever runs this system at once.",
    ),
    503: Trouble("Very busy just now", "Wait a few seconds and try again. Nothing was lost."),
}
NOT_SAVED = Trouble(
    TROUBLES[503].heading, "Nothing was saved. Go back, wait a few seconds, and send it again. Nothing was lost."
)
EXPIRED = Trouble(
    "Not saved: this page is from before you unlocked or signed in again",
    "Go back: your browser may still have what you typed. Copy it, load the page again, and send it once more.",
)
NOT_KNOWN = Trouble(
    "We cannot tell whether it was saved",
    "The database went away while this was being saved. It is on record whole, or not at all. Wait a minute, look at "
    "the page once more, and send it again only if it is not there.",
)


# seconds after which asking again is worth it
RETRY = {DatabaseTrouble.SLOW: "5", DatabaseTrouble.AWAY: "10", DatabaseTrouble.FULL: "60"}


def on_http_error(request: Visit, error: HTTPException) -> Answer:
    """Answer an expected error."""
    if error.status_code == 401:
        return _to_sign_in(request)
    if error.status_code >= 500 and not isinstance(error, Busy):  # a flood may not become a flood of lines
        log_failure(error, request.scope)
    old = isinstance(error, FormExpired) and _trouble(request, 403) is TROUBLES[403]
    response = answer(
        request, error.status_code, detail=error.detail, extra=error.extra, trouble=EXPIRED if old else None
    )
    if error.headers and "retry-after" in error.headers:
        response.headers["retry-after"] = error.headers["retry-after"]
    return response


def on_needs_passkey(request: Visit, error: NeedsPasskey) -> Answer:
    """Send whoever must have a passkey to where one is made, or shown."""
    if _is_api(request):
        return answer(request, 403)
    path = f"/step-up?next={_wanted(request)}" if request.user.has_passkey else "/account/passkeys/new"
    return _go(request, path)


def on_needs_new_password(request: Visit, error: NeedsNewPassword) -> Answer:
    """Send whoever has a password of the list to where it is changed."""
    return answer(request, 403) if _is_api(request) else _go(request, "/account/password")


def on_needs_fresh_factor(request: Visit, error: NeedsFreshFactor) -> Answer:
    """Ask for a fresh factor on a page that carries the form, so that nothing typed is lost."""
    if _is_api(request):
        return answer(request, 403)
    response = ask(request, error.form, {}, status=403)
    if wants_fragment(request):
        response.headers["hx-retarget"], response.headers["hx-reswap"] = "body", "innerHTML"
    return response


def on_held_words(request: Visit, error: HeldWords) -> Answer:
    """Show once more what somebody wrote, with what the lint found: edit it, or say why it may stay."""
    if _is_api(request):
        return answer(request, 422, detail="Some words need another look.", extra=error.extra)
    rest = {name: text for name, text in error.form.items() if name not in error.found and name not in ALWAYS}
    texts = [(name, error.form[name], [KINDS[kind] for kind in kinds]) for name, kinds in error.found.items()]
    context = {"texts": texts, "rest": rest, "reasons": list(KEPT.items()), "errors": {}, "path": request.url.path}
    response = page(request, "errors/words.html", context, status=422)
    if wants_fragment(request):
        response.headers["hx-retarget"], response.headers["hx-reswap"] = "body", "innerHTML"
    return response


def on_failure(request: Visit, error: Exception) -> Answer:
    """Answer an unexpected error; it is logged by type and place."""
    if isinstance(error, PasswordsBusy):
        return answer(request, 503)
    if isinstance(error, NeedsReason) and request.user.role in MAY_OPEN:
        if _is_api(request):
            return answer(request, 403, extra={"code": "OPEN-FIRST"}, detail="Open the case on its page first.")
        return _to_opening(request, error.case_id)
    if isinstance(error, ClosedCase):
        return _closed(request)
    if isinstance(error, SessionOver):
        request.scope["user"] = None
        return _to_sign_in(request)
    log_failure(error, request.scope)
    if isinstance(error, Unknown):
        return answer(request, 503, trouble=NOT_KNOWN)
    if (found := trouble_of(error)) is not None:
        return _later(request, found)
    # outside what the person's role reaches: the same as if it did not exist
    return answer(request, 404 if isinstance(error, ScopeError) else 500)


def _closed(request: Visit) -> Answer:
    trouble = Trouble(*CLOSED)
    if _is_api(request):
        return problem(request, 409, "CASE-CLOSED", trouble.text, title=trouble.heading)
    return _html(request, 409, trouble)


def _later(request: Visit, found: DatabaseTrouble) -> Answer:
    """The database cannot do it now: nothing was done, and asking again is right."""
    full, reads = found is DatabaseTrouble.FULL, request.method in SAFE
    response = answer(request, 507) if full else answer(request, 503, trouble=None if reads else NOT_SAVED)
    response.status_code = 503
    response.headers["retry-after"] = RETRY[found]
    return response


def answer(
    request: Visit, status: int, *, detail: str = "", extra: Any = None, trouble: Trouble | None = None
) -> Answer:  # fmt: skip
    """An error answer in the form that the asker can use."""
    trouble = trouble or _trouble(request, status)
    response = (
        _problem(request, status, trouble, detail, extra) if _is_api(request) else _html(request, status, trouble)
    )
    if status == 503:
        response.headers["retry-after"] = "5"
    return response


def _html(request: Visit, status: int, trouble: Trouble) -> Answer:
    fragment = wants_fragment(request)
    template = ENVIRONMENT.get_template("errors/part.html" if fragment else "errors/page.html")
    text = template.render(
        {**frame(request), "heading": trouble.heading, "text": trouble.text, "request_id": request_id(request.scope)}
    )
    response: Answer = Response(text, media_type=MediaType.HTML, status_code=status)
    if fragment:
        response.headers["hx-retarget"], response.headers["hx-reswap"] = "#page-alert", "innerHTML"
    return response


def _problem(request: Visit, status: int, trouble: Trouble, detail: str, extra: Any) -> Answer:
    """What the framework says of a body quotes it, so only our own reasons, which have a code, are passed on."""
    code = extra.get("code", "") if isinstance(extra, dict) else ""
    return problem(request, status, code, detail if code else trouble.text, title=trouble.heading)


def _trouble(request: Visit, status: int) -> Trouble:
    who: Identity | None = request.scope.get("user")
    roles = policy_of(request.scope).roles if "path_template" in request.scope else frozenset()
    if status == 403 and who is not None and roles and who.role not in roles:
        names = ", ".join(sorted(TITLES[role] for role in roles))
        return Trouble(
            "This page is for other roles",
            f"It is open to: {names}. You are signed in as: {who.role_title}. "
            "Ask your administrator if that should change.",
        )
    return TROUBLES.get(status) or TROUBLES[400 if status < 500 else 500]


# pressed on a locked screen, nothing of these is lost
UNLOCKING = ("/unlock", "/lock", "/sign-out", "/session/stay")


def _to_sign_in(request: Visit) -> Answer:
    if _is_api(request):
        response = answer(request, 401)
        response.headers["www-authenticate"] = "Bearer"
        return response
    who: Identity | None = request.scope.get("user")
    path = _way_in(who)
    if request.method == "GET" and not request.url.path.startswith(("/sign-in", "/unlock")) and request.url.path != "/":
        path += f"?next={_wanted(request)}"
    elif path == "/unlock" and not wants_fragment(request) and request.url.path not in UNLOCKING:
        path += f"?unsaved=true&next={_page_of(request)}"
    elif unsaved.is_press(request):
        answered = _go(request, f"{path}?next={_page_of(request)}")
        answered.set_cookie(unsaved.mark(request.app.state.site))
        return answered
    return _go(request, path)


def _page_of(request: Visit) -> str:
    """The page of what was pressed, where it is the same address; "/" where it has none."""
    template = request.scope.get("path_template", "")
    return quote(request.url.path) if ("GET", template) in POLICY else "/"


def _way_in(who: Identity | None) -> str:
    if who is None:
        return "/sign-in"
    if who.locked:
        return "/unlock"
    return "/sign-in/code" if who.has_totp else "/sign-in/set-up"


def _wanted(request: Visit) -> str:
    return quote(request.url.path) if request.method == "GET" else "/"


def _go(request: Visit, path: str) -> Answer:
    if wants_fragment(request):
        return Response("", media_type=MediaType.TEXT, status_code=401, headers={"hx-redirect": path})
    return Response("", media_type=MediaType.TEXT, status_code=303, headers={"location": path})


def _to_opening(request: Visit, case_id: int) -> Answer:
    """Somebody of the office, not assigned: the page that asks why. Whoever may not open cases reads "nothing here"."""
    request.scope["state"][UNREASONED] = case_id  # the try itself is on record, also where nobody follows the link
    path = f"/cases/{case_id}/opening"
    if request.method == "GET":
        path += f"?next={quote(request.url.path)}"
    if wants_fragment(request):
        return Response("", media_type=MediaType.TEXT, status_code=200, headers={"hx-redirect": path})
    return Response("", media_type=MediaType.TEXT, status_code=303, headers={"location": path})


def _is_api(request: Visit) -> bool:
    return request.url.path.startswith("/api/")
