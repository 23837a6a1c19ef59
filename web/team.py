"""The supervisor's page of caseloads."""

from __future__ import annotations

from litestar import get

from monitor.allegations.queue import queue
from monitor.clock import local_day, utc_now
from monitor.response_matrix.choosing import twice_above
from monitor.response_matrix.drift import drift
from monitor.response_matrix.versions import review_due
from monitor.team import UNLOGGED_AFTER, team_page
from web.database import DB
from web.pages import page
from web.site import Answer, Site, Visit


@get("/team", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """What waits in each caseload, and how many reports wait for a supervisor."""
    site: Site = request.app.state.site
    now = utc_now()
    found, waiting = team_page(db, request.user.zone, now), queue(db, now, site.law).waiting
    return page(request, "team/show.html", {
        "team": found, "waiting": len(waiting), "days": UNLOGGED_AFTER.days, "above": twice_above(db),
        "drift": drift(db, now), "review_due": review_due(db, local_day(now, request.user.zone)),
    })  # fmt: skip


HANDLERS = [show]
