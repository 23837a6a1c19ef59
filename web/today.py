"""Today: the officer's first page."""

from __future__ import annotations

from litestar import get
from litestar.params import FromQuery

from monitor.access.roles import Role
from monitor.clock import utc_now
from monitor.models.base import is_id
from monitor.notices import unread
from monitor.program_questions import on_today
from monitor.prosecution.referred import referred_back
from monitor.tasks import open_tasks
from monitor.today.reading import today_page
from web.callbacks import calls_of
from web.database import DB
from web.pages import page
from web.site import Answer, Visit


def whole_office(request: Visit, team: bool | None) -> bool:
    """Whether a list covers the office: a supervisor's does unless told otherwise, an officer's only when asked."""
    return request.user.role is Role.OFFICER_SUPERVISOR if team is None else team


@get("/today", sync_to_thread=True)
def show(request: Visit, db: DB, team: FromQuery[bool | None] = None, officer: FromQuery[int] = 0) -> Answer:
    """What needs the officer now; ``officer``: a colleague's part of the office's list."""
    now = utc_now()
    chosen = officer if is_id(officer) else 0
    today = today_page(db, request.user.zone, now, team=whole_office(request, team), officer=chosen)
    calls = () if chosen or request.user.role is not Role.OFFICER else calls_of(request, db)
    return page(request, "today/show.html", {
        "today": today, "calls": calls, "unread": unread(db),
        "backs": () if chosen else referred_back(db, today.team),
        "asked": () if chosen else on_today(db, today.team, now),
        "tasks": () if chosen else open_tasks(db, request.user.zone, now),
    })


HANDLERS = [show]
