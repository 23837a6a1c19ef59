"""Who stands in for whom, from which day to which: made by a supervisor, over by itself."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor import covers
from monitor.clock import local_day, utc_now
from monitor.colleagues import colleagues
from monitor.covers import Typed
from monitor.wording import short_day
from web.absences import day_of
from web.database import DB, note
from web.forms import Form, Line, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

PATH = "/team/covers"


class CoverForm(Form):
    """Whose caseload, who stands in, first and last day."""

    officer: Line = ""
    by: Line = ""
    from_on: Line = ""
    last_on: Line = ""

    def typed(self) -> Typed:
        """As the record takes it."""
        officer, by = id_of(self.officer), id_of(self.by)
        return Typed(officer_id=officer, by_id=by, from_on=day_of(self.from_on), last_on=day_of(self.last_on))


@get(PATH, sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """Covers that hold or lie ahead, those lately over, and the form, begun with today."""
    today = local_day(utc_now(), request.user.zone)
    return _page(request, db, CoverForm(from_on=f"{today:%m/%d/%Y}"))


@post(PATH, sync_to_thread=True)
def make(request: Visit, db: DB, data: URLEncodedBody[CoverForm]) -> Answer:
    """Keep a cover; lists and the reason to read follow from its first day to its last."""
    now, typed = utc_now(), data.typed()
    today = local_day(now, request.user.zone)
    errors = covers.faults_of(db, typed, colleagues(db, now, request.user.agency_id), today)
    if errors or typed.last_on is None:
        return _page(request, db, data, errors=errors, status=422)
    made = covers.make(db, typed, now)
    note(db, made, typed.officer_id, typed.by_id)
    told = f"Saved. It ends by itself after {short_day(typed.last_on)}."
    return see_other(request, PATH, Flash(told, undo=f"{PATH}/{made}/end"))


@post(f"{PATH}/{{cover_id:int}}/end", sync_to_thread=True)
def end(request: Visit, db: DB, cover_id: FromPath[int]) -> Answer:
    """End a cover before its day."""
    if not covers.end(db, cover_id, utc_now()):
        raise NotFoundException
    return see_other(request, PATH, Flash("Ended. What was done meanwhile stays under the name of who did it."))


def _page(
    request: Visit, db: DB, data: CoverForm, *, errors: dict[str, str] | None = None, status: int = 200
) -> Answer:
    now = utc_now()
    today = local_day(now, request.user.zone)
    shown = {
        "lines": covers.covers(db, today), "form": data, "errors": errors or {},
        "colleagues": [(one.id, one.name) for one in colleagues(db, now, request.user.agency_id)],
    }  # fmt: skip
    return page(request, "team/covers.html", shown, status=status)


HANDLERS = [show, make, end]
