"""Acts that wait for a second person (safeguard D7)."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.access import second_person
from monitor.access.second_person import NotYours, Waiting
from monitor.clock import utc_now
from monitor.wording import count
from web.database import DB, note
from web.forms import Form, Line, Several, ids_of
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

ACTS = {
    "wall.remove": "Take down a conflict wall", "role.grant": "Give somebody a role",
    "account.reset": "Give somebody a new password",
    "record.unseal": "Open what is sealed",
    "export.large": "Take out more than 25 cases",
    "case.seal": "Seal a case by order of the court", "case.expunge": "Expunge a case by order of the court",
}  # fmt: skip
# what may be agreed to many at once; everything else is looked at by itself
TOGETHER = "role.grant"
LATER = "Approved. Whoever asked carries it out within 72 hours of asking."


class DecisionForm(Form):
    """``approve`` or ``decline``."""

    decision: Line = ""


class TickedForm(Form):
    """Requests whose box was ticked."""

    one: Several = ""


@get("/approvals", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """What waits for this person's yes or no."""
    found = _waiting(request)
    note(db, *(one.id for one in found))
    return _page(request, found)


@post("/approvals/{request_id:int}", sync_to_thread=True)
def decide(request: Visit, request_id: FromPath[int], data: URLEncodedBody[DecisionForm]) -> Answer:
    """Say yes or no; what is approved is done at once, 409 where it was decided meanwhile. The trail is told in the
    same transaction."""
    site: Site = request.app.state.site
    if data.decision not in ("approve", "decline"):
        raise NotFoundException
    approved = data.decision == "approve"
    try:
        done = second_person.decide(site.database, request.user, request_id, approved, site.audit_key, utc_now())
    except NotYours as fault:
        return see_other(request, "/approvals", Flash(str(fault)))
    if done is None:
        if second_person.too_late(site.database, request.user, request_id, utc_now()):
            return _page(request, _waiting(request), too_late=True, status=409)
        raise NotFoundException
    said = "Approved, and done." if second_person.at_once(done) else LATER
    return see_other(request, "/approvals", Flash(said if approved else "Declined."))


@post("/approvals/ticked", sync_to_thread=True)
def approve_ticked(request: Visit, data: URLEncodedBody[TickedForm]) -> Answer:
    """Say yes to each of the ticked roles, as if one by one; those that were decided meanwhile stay as they are."""
    mine = {one.id for one in _waiting(request) if one.act == TOGETHER}
    chosen = [one for one in ids_of(data.one) if one in mine]
    if not chosen:
        return see_other(request, "/approvals", Flash("Tick the roles first. What somebody else decided is gone."))
    answers = [_yes(request, one) for one in chosen]
    given, faults = answers.count(""), [said for said in dict.fromkeys(answers) if said]
    return see_other(request, "/approvals", Flash(" ".join([f"{count(given, 'role')} approved, and given.", *faults])))


def _yes(request: Visit, request_id: int) -> str:
    """Say yes to one of several; why it could not be, or "": it is given."""
    site: Site = request.app.state.site
    try:
        done = second_person.decide(site.database, request.user, request_id, True, site.audit_key, utc_now())
    except NotYours as fault:
        return str(fault)
    return "" if done else "What somebody else decided meanwhile stays as it is."


def _waiting(request: Visit) -> list[Waiting]:
    site: Site = request.app.state.site
    return second_person.waiting(site.database, request.user, site.settings.secret_key, utc_now())


def _page(request: Visit, found: list[Waiting], *, too_late: bool = False, status: int = 200) -> Answer:
    site: Site = request.app.state.site
    lonely = second_person.lonely(site.database, request.user, utc_now())
    shown = {"waiting": found, "acts": ACTS, "lonely": lonely, "too_late": too_late, "together": TOGETHER}
    return page(request, "approvals/show.html", shown, status=status)


HANDLERS = [show, decide, approve_ticked]
