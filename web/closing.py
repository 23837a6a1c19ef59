"""The court closes a case, and reopens it: nothing else makes a closed case one that can be written to again."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.access.closed import BeingSaved
from monitor.clock import local_day, utc_now
from monitor.closing import BUSY, CHANGED, CLOSES, REOPENS, Closing, Entry, closing_page, faults_of, settle
from web.absences import day_of
from web.database import DB, note, of_case
from web.forms import Form, Line
from web.pages import Flash, page, see_other
from web.site import Answer, Visit


class ClosingForm(Form):
    """Why, on which day the court closed it, and how the case stood on the page."""

    why: Line = ""
    on: Line = ""
    seen: Line = ""

    def entry(self) -> Entry:
        """As the record takes it."""
        return Entry(self.why, day_of(self.on), self.seen)


@get("/hearings/{hearing_id:int}/closing", sync_to_thread=True)
def show(request: Visit, db: DB, hearing_id: FromPath[int]) -> Answer:
    """Open or closed, what has to be settled first, and the form."""
    found = _found(db, hearing_id)
    return _page(request, found, ClosingForm(on=str(local_day(utc_now(), found.zone))))


@post("/hearings/{hearing_id:int}/closing", sync_to_thread=True)
def close(request: Visit, db: DB, hearing_id: FromPath[int], data: URLEncodedBody[ClosingForm]) -> Answer:
    """Close: from now on every desk reads it, and none changes it."""
    return _settle(request, db, hearing_id, data, "Closed. Every desk can read it, and nobody can change it.")


@post("/hearings/{hearing_id:int}/closing/reopen", sync_to_thread=True)
def reopen(request: Visit, db: DB, hearing_id: FromPath[int], data: URLEncodedBody[ClosingForm]) -> Answer:
    """Reopen: every desk that shares the case goes on where it was."""
    return _settle(request, db, hearing_id, data, "Reopened. Every desk that has the case can enter again.")


def _settle(request: Visit, db: DB, hearing_id: int, data: ClosingForm, told: str) -> Answer:
    # the hearing's number is held already, and somebody who holds this place may wait for it: no cycle comes of that,
    # for the place is tried, never waited for, and the number is free once this gives up
    try:
        found = _found(db, hearing_id, alone=True)
    except BeingSaved:
        return _page(request, _found(db, hearing_id), data, {"why": BUSY}, status=409)
    now, entry = utc_now(), data.entry()
    reopens = request.url.path.endswith("/reopen")
    if entry.seen != found.seen or reopens != (found.closed_on is not None):
        return _page(request, found, data, {"why": CHANGED}, status=409)
    if errors := faults_of(found, entry, now):
        return _page(request, found, data, errors, status=422)
    settle(db, found, entry)
    # the row keeps no day of a closing that ended: the trail has it
    note(db, found.case_id, why=entry.why, closed_on=str(found.closed_on or entry.on), missing=len(found.missing))
    return see_other(request, f"/hearings/{hearing_id}/closing", Flash(told))


def _found(db: DB, hearing_id: int, *, alone: bool = False) -> Closing:
    found = closing_page(db, hearing_id, utc_now(), alone=alone)
    if found is None:
        raise NotFoundException
    of_case(db, found.case_id)
    return found


def _page(
    request: Visit, found: Closing, form: ClosingForm, errors: dict[str, str] | None = None, status: int = 200
) -> Answer:
    reasons = REOPENS if found.closed_on is not None else CLOSES
    shown = {"found": found, "form": form, "errors": errors or {}, "reasons": list(reasons.items())}
    return page(request, "hearings/closing.html", shown, status=status)


HANDLERS = [show, close, reopen]
