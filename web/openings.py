"""Opening a case without being assigned to it, and the review that follows (safeguard D3)."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody

from monitor import case_openings
from monitor.access.roles import Role
from monitor.case_openings import GIVEN, faults_of
from monitor.clock import local_day, utc_now
from web.database import DB, note
from web.forms import Form, Line, Words, same_site_path
from web.pages import Flash, page, see_other
from web.site import Answer, Visit


class OpeningForm(Form):
    """Why somebody needs the case now, and the page they came from."""

    ground: Line = ""
    words: Words = ""
    next: Line = ""


class VerdictForm(Form):
    """What the reviewer found: EXPECTED or TO_ASK."""

    verdict: Line = ""


@get("/cases/{case_id:int}/opening", sync_to_thread=True)
def ask(request: Visit, db: DB, case_id: FromPath[int], next: FromQuery[str] = "") -> Answer:
    """Why do you need this case? Nothing of the case is shown here."""
    _there(db, case_id)
    return _form(request, case_id, OpeningForm(next=next[:300]))


@post("/cases/{case_id:int}/opening", sync_to_thread=True)
def save(request: Visit, db: DB, case_id: FromPath[int], data: URLEncodedBody[OpeningForm]) -> Answer:
    """Open it for half an hour; supervisors are told that there is something to review."""
    _there(db, case_id)
    if errors := faults_of(data.ground, data.words):
        return _form(request, case_id, data, errors=errors, status=422)
    opening = case_openings.open_case(db, case_id, data.ground, data.words, utc_now())
    note(db, opening, reason=data.ground)
    told = "The case is open to you for 30 minutes. Your supervisor has been told and will review why."
    return see_other(request, same_site_path(data.next, "/caseload"), Flash(told))


@post("/openings/end", sync_to_thread=True)
def end(request: Visit, db: DB, data: URLEncodedBody[Form]) -> Answer:
    """Close what is open, now."""
    case_openings.end_all(db, utc_now())
    return see_other(request, "/caseload", Flash("The case is closed to you again."))


@get("/openings", sync_to_thread=True)
def queue(request: Visit, db: DB) -> Answer:
    """What was opened and is not reviewed yet."""
    found = case_openings.to_review(db, local_day(utc_now(), request.user.zone))
    note(db, *(one.id for one in found))
    sees_case = request.user.role is Role.OFFICER_SUPERVISOR
    return page(request, "openings/queue.html", {"openings": found, "sees_case": sees_case})


@get("/openings/{opening_id:int}/case", sync_to_thread=True)
def see_case(request: Visit, db: DB, opening_id: FromPath[int]) -> Answer:
    """To the case that was opened; it needs a reason of one's own there."""
    found = case_openings.person_of(db, opening_id)
    if found is None:
        raise NotFoundException
    return see_other(request, f"/people/{found[0]}?case={found[1]}")


@post("/openings/{opening_id:int}", sync_to_thread=True)
def review(request: Visit, db: DB, opening_id: FromPath[int], data: URLEncodedBody[VerdictForm]) -> Answer:
    """Keep what was found. One's own opening is somebody else's to review."""
    if not case_openings.review(db, opening_id, data.verdict, utc_now()):
        raise NotFoundException
    note(db, verdict=data.verdict)
    return see_other(request, "/openings", Flash("Reviewed."))


def _there(db: DB, case_id: int) -> None:
    if not case_openings.may_ask(db, case_id):
        raise NotFoundException


def _form(
    request: Visit, case_id: int, data: OpeningForm, *, errors: dict[str, str] | None = None, status: int = 200
) -> Answer:
    context = {"case_id": case_id, "form": data, "errors": errors or {}, "reasons": list(GIVEN.items())}
    return page(request, "openings/ask.html", context, status=status)


HANDLERS = [ask, save, end, queue, see_case, review]
