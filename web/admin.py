"""The administrator's page: accounts and job runs, nothing of any case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from litestar import get, post
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.access import accounts
from monitor.access.door import Door
from monitor.access.identity import Identity
from monitor.administration import administration
from monitor.clock import utc_now
from monitor.outbox.looking import decide_restored, drop_state, outbox_state, try_again
from monitor.watch import concerns
from monitor.webhooks.looking import given_up
from monitor.wording import count
from web.database import DB, note
from web.forms import Form, Line
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

Change = Callable[[Door, Identity, int, datetime], bool]


@get("/admin", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """Who has an account, what is locked, and what the machine did last."""
    site: Site = request.app.state.site
    state = accounts.state_of(site.door(request.scope), utc_now())
    shown = {
        "admin": administration(db), "state": state, "outbox": outbox_state(db, utc_now()),
        "lost_words": given_up(db), "mail": bool(site.settings.mail_url), "drops": drop_state(db, utc_now()),
        "outgoing": bool(site.settings.outgoing_folder),
        "concerns": concerns(site.database, site.settings, utc_now()),
    }  # fmt: skip
    return page(request, "admin/show.html", shown)


class RestoredForm(Form):
    """What becomes of notices that a restore brought back."""

    what: Line = ""


@post("/admin/outbox/retry", sync_to_thread=True)
def retry(request: Visit, db: DB) -> Answer:
    """Try again what was given up."""
    moved = try_again(db, utc_now())
    note(db, notices=moved)
    return see_other(request, "/admin", Flash(f"{count(moved, 'notice')} will be tried again within a minute."))


@post("/admin/outbox/restored", sync_to_thread=True)
def restored(request: Visit, db: DB, data: URLEncodedBody[RestoredForm]) -> Answer:
    """After a restore, send or drop what may have been sent before it."""
    if data.what not in ("send", "drop"):
        raise ClientException("Choose whether to send or to drop them.")
    moved = decide_restored(db, data.what == "send", utc_now())
    note(db, notices=moved, what=data.what)
    said = "will be sent within a minute" if data.what == "send" else "dropped; nothing of them is sent"
    return see_other(request, "/admin", Flash(f"{count(moved, 'notice')} {said}."))


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


HANDLERS = [show, retry, restored, release, end_sessions, disable]
