"""The administrator's page: accounts and job runs, nothing of any case."""

from __future__ import annotations

from litestar import get

from monitor.administration import administration
from web.database import DB
from web.pages import page
from web.site import Answer, Visit


@get("/admin", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """Who has an account, and what the machine did last."""
    return page(request, "admin/show.html", {"admin": administration(db)})


HANDLERS = [show]
