"""The administrator's page: accounts and job runs, nothing of any case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from monitor.access import accounts
from monitor.access.door import Door
from monitor.access.identity import Identity
from monitor.administration import administration
from monitor.clock import utc_now
from web.database import DB
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

Change = Callable[[Door, Identity, int, datetime], bool]


@get("/admin", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """Who has an account, what is locked, and what the machine did last."""
    site: Site = request.app.state.site
    state = accounts.state_of(site.door(request.scope), utc_now())
    return page(request, "admin/show.html", {"admin": administration(db), "state": state})


@post("/admin/accounts/{user_id:int}/release", sync_to_thread=True)
def release(request: Visit, user_id: FromPath[int]) -> Answer:
    """Open an account that too many wrong tries have locked."""
    return _change(request, user_id, accounts.release, "The account is open again.")


@post("/admin/accounts/{user_id:int}/end-sessions", sync_to_thread=True)
def end_sessions(request: Visit, user_id: FromPath[int]) -> Answer:
    """Sign somebody out everywhere."""
    return _change(request, user_id, accounts.end_sessions, "Every session of that account has ended.")


@post("/admin/accounts/{user_id:int}/disable", sync_to_thread=True)
def disable(request: Visit, user_id: FromPath[int]) -> Answer:
    """End an account now."""
    return _change(request, user_id, accounts.disable, "The account is disabled, and its sessions have ended.")


def _change(request: Visit, user_id: int, change: Change, done: str) -> Answer:
    site: Site = request.app.state.site
    if not change(site.door(request.scope), request.user, user_id, utc_now()):
        raise NotFoundException()
    return see_other(request, "/admin", Flash(done))


HANDLERS = [show, release, end_sessions, disable]
