"""What a program has settled once about its kinds of sheets: listed, changed, forgotten."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.clock import local_day, utc_now
from monitor.intake.forms import day_of
from monitor.intake.memory import changed, find_kind, remembered_of, settle
from monitor.intake.pages import kinds_page
from monitor.intake.record.standing import read_roster
from web.database import DB, note
from web.forms import Form
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

KINDS = "/attendance/uploads/kinds"


@get(KINDS, sync_to_thread=True)
def show_kinds(request: Visit, db: DB) -> Answer:
    """Every kind of sheet that something was settled about."""
    return page(request, "uploads/kinds.html", {"kinds": kinds_page(db, request.user.agency_id)})


@post(KINDS + "/{kind_id:int}", sync_to_thread=True)
def change_kind(request: Visit, db: DB, kind_id: FromPath[int], data: URLEncodedBody[dict[str, str]]) -> Answer:
    """Other answers from now on; sheets that were saved stay as they are."""
    found = find_kind(db, kind_id)
    if found is None:
        raise NotFoundException
    now = utc_now()
    week_one = day_of(data.get("week_one", ""), local_day(now, request.user.zone))
    roster = read_roster(db, found.program_id)
    settle(found, changed(remembered_of(found), data, week_one, roster), now, request.user.user_id)
    note(db, kind_id)
    return see_other(request, KINDS, Flash("The answers were changed. They count from the next sheet of this kind on."))


@post(KINDS + "/{kind_id:int}/forget", sync_to_thread=True)
def forget_kind(request: Visit, db: DB, kind_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Ask everything again."""
    found = find_kind(db, kind_id)
    if found is None:
        raise NotFoundException
    db.delete(found)
    note(db, kind_id)
    return see_other(request, KINDS, Flash("Forgotten. The next sheet of this kind is asked about again."))


HANDLERS = [show_kinds, change_kind, forget_kind]
