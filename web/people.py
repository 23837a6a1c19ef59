"""A person's page and the ledger. A person outside one's cases and one who does not exist are the same answer."""

from __future__ import annotations

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from monitor.clock import local_day, utc_now
from monitor.handoffs.strip import strip
from monitor.incentives import good_side
from monitor.person_page.ledger import ledger
from monitor.person_page.reading import person_page
from web.database import DB, of_case
from web.pages import page
from web.replay import Instant, asked_for, show_replay
from web.site import Answer, Site, Visit


@get("/people/{person_id:int}", sync_to_thread=True)
def show(request: Visit, db: DB, person_id: FromPath[int], case: FromQuery[int | None] = None) -> Answer:
    """The overview of one case of the person."""
    now = utc_now()
    found = person_page(db, person_id, now, case)
    if found is None:
        raise NotFoundException
    of_case(db, found.heading.case_id)
    good = good_side(db, found.heading.case_id, local_day(now, found.heading.zone))
    site: Site = request.app.state.site
    handoffs = strip(db, found.heading.case_id, site.targets, now)
    return page(request, "people/show.html", {"person": found, "good": good, "handoffs": handoffs})


@get("/people/{person_id:int}/compliance", sync_to_thread=True)
def show_ledger(
    request: Visit, db: DB, person_id: FromPath[int], case: FromQuery[int | None] = None, known_at: Instant = "",
    as_of: Instant = "",
) -> Answer:  # fmt: skip
    """Weeks by duties, down to the rows; with an instant: what was known then, and what changed since."""
    if known_at or as_of:
        return show_replay(request, db, person_id, case, asked_for(known_at, as_of))
    found = ledger(db, person_id, utc_now(), case)
    if found is None:
        raise NotFoundException
    of_case(db, found.heading.case_id)
    return page(request, "people/ledger.html", {"ledger": found})


HANDLERS = [show, show_ledger]
