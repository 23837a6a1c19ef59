"""The locked screen: nothing of what was open, until the person is back."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.params import FromQuery, QueryParameter, URLEncodedBody

from monitor.access import step_up
from monitor.clock import utc_now
from web.auth import set_session
from web.forms import Credential, Form, Line, Words, same_site_path
from web.pages import page, see_other
from web.site import Answer, Site, Visit

Next = Annotated[str, QueryParameter(max_length=300)]


class UnlockForm(Form):
    """The person's password, or a passkey."""

    password: Words = ""
    credential: Credential = ""
    next: Line = "/"
    unsaved: Line = ""


@get("/unlock", sync_to_thread=True)
def show(request: Visit, next: Next = "/", unsaved: FromQuery[bool] = False) -> Answer:
    """Who is here? If nothing is locked after all (another window was at work), on to the page. ``unsaved``: something
    was pressed on a page that was locked by then."""
    if not request.user.locked:
        return see_other(request, same_site_path(next))
    return _page(request, next, {}, 200, unsaved=unsaved)


@post("/unlock", sync_to_thread=True)
def unlock(request: Visit, data: URLEncodedBody[UnlockForm]) -> Answer:
    """Open it again, with a new token, where the person was."""
    site: Site = request.app.state.site
    where = same_site_path(data.next)
    if not request.user.locked:
        return see_other(request, where)
    token = step_up.unlock(site.door(request.scope), request.user, data.password, data.credential, utc_now())
    if token is None:
        return _page(request, where, {"password": "This did not unlock it. Try once more, or sign out."}, 422,
                     unsaved=bool(data.unsaved))  # fmt: skip
    return set_session(see_other(request, where), site, token)


@post("/lock", sync_to_thread=True)
def lock(request: Visit) -> Answer:
    """Lock it now."""
    site: Site = request.app.state.site
    step_up.lock_screen(site.door(request.scope), request.user, utc_now())
    return see_other(request, "/unlock")


@post("/session/stay", status_code=204, sync_to_thread=False)
def stay(request: Visit) -> None:
    """Somebody is reading and says so: the idle clock starts anew, as with any page."""


def _page(request: Visit, where: str, errors: dict[str, str], status: int, *, unsaved: bool = False) -> Answer:
    shown = {"next": same_site_path(where), "errors": errors, "who": request.user, "unsaved": unsaved}
    return page(request, "lock/unlock.html", shown, status=status)


HANDLERS = [show, unlock, lock, stay]
