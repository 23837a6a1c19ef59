"""This week: the program's first page."""

from __future__ import annotations

from litestar import get

from monitor.clock import local_day, utc_now
from monitor.week import week_page
from web.database import DB
from web.pages import page
from web.site import Answer, Visit


@get("/week", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """What is recorded, what is missing, what is due before which court date."""
    today = local_day(utc_now(), request.user.zone)
    return page(request, "week/show.html", {"week": week_page(db, request.user.agency_id, today)})


HANDLERS = [show]
