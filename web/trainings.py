"""The administrator's page of who may enter levels: who is trained in which tool, until when. Nothing of any case."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor import trainings
from monitor.clock import local_day, utc_now
from monitor.colleagues import colleagues
from monitor.levels import TOOLS
from web.absences import day_of
from web.database import DB, note
from web.forms import Form, Line, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

PATH = "/admin/trainings"


class TrainingForm(Form):
    """Who, in which tool, until when. ``who``: a user's id."""

    who: Line = ""
    tool: Line = ""
    until_on: Line = ""


@get(PATH, sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """Who is marked, and the form."""
    return _page(request, db, TrainingForm())


@post(PATH, sync_to_thread=True)
def mark(request: Visit, db: DB, data: URLEncodedBody[TrainingForm]) -> Answer:
    """Mark somebody; an earlier mark of the same tool ends with it."""
    now = utc_now()
    user_id, until_on = id_of(data.who), day_of(data.until_on)
    today = local_day(now, request.user.zone)
    errors = trainings.faults_of(user_id, data.tool, until_on, colleagues(db, now), today)
    if errors or until_on is None:
        return _page(request, db, data, errors=errors, status=422)
    marked = trainings.mark(db, request.user.user_id, user_id, data.tool, until_on, now)
    note(db, marked, user_id, tool=data.tool)
    return see_other(request, PATH, Flash("Marked as trained.", undo=f"{PATH}/{marked}/end"))


@post(f"{PATH}/{{training_id:int}}/end", sync_to_thread=True)
def end(request: Visit, db: DB, training_id: FromPath[int]) -> Answer:
    """End a mark now; levels that were entered while it held stay."""
    if not trainings.end(db, request.user.user_id, training_id, utc_now()):
        raise NotFoundException
    return see_other(request, PATH, Flash("Ended. Levels that were entered until now stay."))


def _page(
    request: Visit, db: DB, data: TrainingForm, *, errors: dict[str, str] | None = None, status: int = 200
) -> Answer:
    now = utc_now()
    today = local_day(now, request.user.zone)
    shown = {
        "lines": trainings.trainings(db, today), "form": data, "errors": errors or {}, "tools": list(TOOLS.items()),
        "colleagues": [(one.id, one.name) for one in colleagues(db, now)],
    }  # fmt: skip
    return page(request, "admin/trainings.html", shown, status=status)


HANDLERS = [show, mark, end]
