"""Handing cases on: a supervisor takes them from one officer and gives them to another, or accepts what came in."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody

from monitor import assigning
from monitor.assigning import Handing
from monitor.clock import utc_now
from monitor.models.base import is_id
from monitor.wording import count
from web.database import DB, note
from web.forms import id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

PATH = "/team/reassign"
PICKED = "case."


@get(PATH, sync_to_thread=True)
def show(request: Visit, db: DB, officer: FromQuery[int] = 0) -> Answer:
    """The cases of one officer, or those that are nobody's yet, and to whom they may go."""
    return _page(request, assigning.handing(db, officer if is_id(officer) else 0, utc_now()), {})


@post(PATH, sync_to_thread=True)
def hand_on(request: Visit, db: DB, data: URLEncodedBody[dict[str, str]]) -> Answer:
    """Hand the ticked cases on, from today; 409 where somebody was faster."""
    now = utc_now()
    found, to = assigning.handing(db, id_of(data.get("officer", "")), now), id_of(data.get("to", ""))
    picked = [held for held in found.cases if data.get(f"{PICKED}{held.case_id}") == str(held.assignment_id)]
    gone = [name for name in data if name.startswith(PICKED)]
    errors = {} if gone else {"cases": "Tick at least one person."}
    if to not in {one.id for one in found.colleagues} or to == found.officer:
        errors["to"] = "Choose somebody else of your office."
    if errors:
        return _page(request, found, data, errors=errors, status=422)
    if len(picked) < len(gone):
        return _page(request, found, data, changed=True, status=409)
    try:
        act = assigning.hand_on(db, picked, to, request.user.zone, now)
    except assigning.Changed:
        db.rollback()
        return _page(request, assigning.handing(db, found.officer, now), data, changed=True, status=409)
    note(db, to, *(held.case_id for held in picked), cases=len(picked))
    told = f"{count(len(picked), 'case')} handed on from today."
    return see_other(request, "/team", Flash(told, undo=f"{PATH}/{act}/undo"))


@post(f"{PATH}/{{assignment_id:int}}/undo", sync_to_thread=True)
def undo(request: Visit, db: DB, assignment_id: FromPath[int]) -> Answer:
    """Give the cases back to whoever had them; 409 where one was handed on or given back since."""
    now = utc_now()
    try:
        cases = assigning.undo(db, assignment_id, request.user.zone, now)
    except LookupError as error:
        raise NotFoundException from error
    except assigning.Changed:
        db.rollback()
        return _page(request, assigning.handing(db, 0, now), {}, changed=True, status=409)
    return see_other(request, "/team", Flash(f"{count(cases, 'case')} given back."))


def _page(
    request: Visit, found: Handing, data: dict[str, str], *, errors: dict[str, str] | None = None,
    changed: bool = False, status: int = 200,
) -> Answer:  # fmt: skip
    shown = {
        "found": found, "form": data, "errors": errors or {}, "changed": changed,
        "to": [(one.id, one.name) for one in found.colleagues if one.id != found.officer],
    }  # fmt: skip
    return page(request, "team/reassign.html", shown, status=status)


HANDLERS = [show, hand_on, undo]
