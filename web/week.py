"""This week: the program's first page."""

from __future__ import annotations

from litestar import get

from monitor.clock import local_day, utc_now
from monitor.compliance.evaluation import switched_on
from monitor.months.reading import months_list
from monitor.program_questions import open_questions
from monitor.week import week_page
from web.database import DB
from web.pages import page
from web.site import Answer, Visit


@get("/week", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """What is recorded, what is missing, what is due before which court date, and what an officer asks."""
    return week(request, db)


def week(request: Visit, db: DB, errors: dict[str, str] | None = None, status: int = 200) -> Answer:
    """The page; ``errors``: of an answer that was not taken."""
    now = utc_now()
    today = local_day(now, request.user.zone)
    agency = request.user.agency_id
    packs = switched_on(*request.app.state.site.settings.own_packs())
    months = months_list(db, agency, today, packs, now, back=2)[1:]
    context = {
        "week": week_page(db, agency, today, request.user.zone, months), "months": months,
        "questions": open_questions(db, now), "errors": errors or {},
    }  # fmt: skip
    return page(request, "week/show.html", context, status=status)


HANDLERS = [show]
