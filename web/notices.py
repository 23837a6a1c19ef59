"""Notices: what this reader was told and no longer holds; read, or marked as read."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.clock import utc_now
from monitor.notices import inbox, mark_read
from web.database import DB, note
from web.forms import Form
from web.pages import Flash, page, see_other
from web.site import Answer, Visit


@get("/notices", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """What is new, then what was read."""
    found = inbox(db, request.user.zone)
    note(db, unread=len(found.unread))
    return page(request, "notices/show.html", {"inbox": found})


@post("/notices/{notice_id:int}/read", sync_to_thread=True)
def read(request: Visit, db: DB, notice_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Mark one as read. It stays on the page, below."""
    case_id = mark_read(db, notice_id, utc_now())
    if case_id is None:
        raise NotFoundException
    note(db, case_id)
    return see_other(request, "/notices", Flash("Marked as read."))


HANDLERS = [show, read]
