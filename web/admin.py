"""The administrator's page: alerts, what leaves, what runs, and how accounts stand. Nothing of any case."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import ClientException
from litestar.params import URLEncodedBody

from monitor.access import accounts
from monitor.administration import administration
from monitor.clock import utc_now
from monitor.outbox.looking import decide_restored, drop_state, outbox_state, try_again
from monitor.staff.access_review import count_due
from monitor.staff.listed import accounts_listed, counted, open_requests
from monitor.watch import concerns
from monitor.webhooks.looking import given_up
from monitor.wording import count
from web.database import DB, note
from web.forms import Form, Line
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit


@get("/admin", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """What somebody has to look at, what the machine did last, and how many accounts are in which state."""
    site: Site = request.app.state.site
    now = utc_now()
    state = accounts.state_of(site.door(request.scope), now)
    asked = open_requests(site.database, request.user.user_id, now)
    shown = {
        "admin": administration(db), "alerts": state.alerts, "roles_due": count_due(db, now),
        "accounts": counted(accounts_listed(db, asked, state.locked, now)),
        "outbox": outbox_state(db, now),
        "lost_words": given_up(db), "mail": bool(site.settings.mail_url), "drops": drop_state(db, now),
        "outgoing": bool(site.settings.outgoing_folder),
        "concerns": concerns(site.database, site.settings, now),
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


HANDLERS = [show, retry, restored]
