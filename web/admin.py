"""The administrator's page: accounts and job runs, nothing of any case."""

from __future__ import annotations

from litestar import Request, Response, get

from monitor.administration import administration
from web.database import DB
from web.pages import page


@get("/admin", sync_to_thread=True)
def show(request: Request, db: DB) -> Response:
    """Who has an account, and what the machine did last."""
    return page(request, "admin/show.html", {"admin": administration(db)})


HANDLERS = [show]
