"""The disclosure log of a prosecutor's office: what is owed to the defense, what lies ready, what was handed over."""

from __future__ import annotations

from litestar import get

from monitor.clock import utc_now
from monitor.prosecution.handing import log
from web.database import DB, note
from web.pages import page
from web.site import Answer, Site, Visit


@get("/disclosures", sync_to_thread=True)
def listing(request: Visit, db: DB) -> Answer:
    """Everything of the cases that this office sees."""
    site: Site = request.app.state.site
    found = log(db, site.law, utc_now())
    note(db, owed=len(found.owed), handed=len(found.handed))
    return page(request, "prosecution/log.html", {"log": found, "sets_days": bool(site.law.disclose_days)})


HANDLERS = [listing]
