"""This week: the program's first page."""

from __future__ import annotations

from litestar import get

from monitor.clock import local_day, utc_now
from monitor.months.reading import months_list
from monitor.week import week_page
from web.database import DB
from web.pages import page
from web.site import Answer, Visit


@get("/week", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """What is recorded, what is missing, what is due before which court date."""
    today = local_day(utc_now(), request.user.zone)
    agency = request.user.agency_id
    context = {"week": week_page(db, agency, today), "months": months_list(db, agency, today, back=2)[1:]}
    return page(request, "week/show.html", context)


HANDLERS = [show]
