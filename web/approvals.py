"""Acts that wait for a second person (safeguard D7)."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.access import second_person
from monitor.access.second_person import NotYours
from monitor.clock import utc_now
from web.database import DB, note
from web.forms import Form, Line
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

ACTS = {
    "wall.remove": "Take down a conflict wall", "role.grant": "Give somebody a role",
    "record.unseal": "Open what is sealed",
    "export.large": "Take out more than 25 cases",
    "case.seal": "Seal a case by order of the court", "case.expunge": "Expunge a case by order of the court",
}  # fmt: skip
LATER = "Approved. Whoever asked carries it out within 72 hours of asking."


class DecisionForm(Form):
    """``approve`` or ``decline``."""

    decision: Line = ""


@get("/approvals", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """What waits for this person's yes or no."""
    site: Site = request.app.state.site
    found = second_person.waiting(site.database, request.user, site.settings.secret_key, utc_now())
    note(db, *(one.id for one in found))
    lonely = second_person.lonely(site.database, request.user, utc_now())
    return page(request, "approvals/show.html", {"waiting": found, "acts": ACTS, "lonely": lonely})


@post("/approvals/{request_id:int}", sync_to_thread=True)
def decide(request: Visit, request_id: FromPath[int], data: URLEncodedBody[DecisionForm]) -> Answer:
    """Say yes or no; what is approved is done at once. The trail is told in the same transaction."""
    site: Site = request.app.state.site
    if data.decision not in ("approve", "decline"):
        raise NotFoundException
    approved = data.decision == "approve"
    try:
        done = second_person.decide(site.database, request.user, request_id, approved, site.audit_key, utc_now())
    except NotYours as fault:
        return see_other(request, "/approvals", Flash(str(fault)))
    if done is None:
        raise NotFoundException
    said = "Approved, and done." if second_person.at_once(done.act) else LATER
    return see_other(request, "/approvals", Flash(said if approved else "Declined."))


HANDLERS = [show, decide]
