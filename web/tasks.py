"""An officer's own tasks: for those ticked on the caseload or for one person, seen before they are made, and undone."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor import tasks
from monitor.clock import local_day, utc_now
from monitor.wording import count, short_day
from web.absences import day_of
from web.database import DB, note
from web.forms import Form, ticked
from web.pages import Flash, page, see_other
from web.site import Answer, Visit


@post("/tasks", status_code=200, sync_to_thread=True)
def make(request: Visit, db: DB, data: URLEncodedBody[dict[str, str]]) -> Answer:
    """First what would be made and for whom, line by line; with ``sure`` it is made."""
    now = utc_now()
    today, due_on = local_day(now, request.user.zone), day_of(data.get("due_on", ""))
    chosen = tasks.named(db, ticked(data))
    faults = tasks.faults_of(chosen, data.get("what", ""), due_on, today)
    if faults or due_on is None or data.get("sure") != "yes":
        return _preview(request, chosen, data, due_on, faults)
    act = tasks.add(db, chosen, data["what"], due_on, now)
    note(db, act, made=len(chosen))
    told = f"{count(len(chosen), 'task')} for {short_day(due_on)}."
    return see_other(request, "/today#tasks", Flash(told, undo=f"/tasks/{act}/undo"))


def _preview(
    request: Visit, chosen: tuple[tasks.Somebody, ...], data: dict[str, str], due_on: date | None,
    faults: dict[str, str],
) -> Answer:  # fmt: skip
    asked = "what" in data  # a press on the list only opens the form
    context: dict[str, Any] = {
        "chosen": chosen, "what": data.get("what", ""), "due": data.get("due_on", ""), "due_on": due_on,
        "errors": faults if asked else {}, "ready": asked and not faults,
    }  # fmt: skip
    return page(request, "tasks/preview.html", context, status=422 if asked and faults else 200)


@post("/tasks/{act_id:int}/undo", sync_to_thread=True)
def undo(request: Visit, db: DB, act_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Take back what one press made, as far as it is still open."""
    if not (taken := tasks.undo(db, act_id, utc_now())):
        raise NotFoundException
    return see_other(request, "/today#tasks", Flash(f"Taken back: {count(taken, 'task')}."))


@post("/tasks/{task_id:int}/done", sync_to_thread=True)
def done(request: Visit, db: DB, task_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """It is done."""
    if not tasks.mark(db, task_id, utc_now()):
        raise NotFoundException
    return see_other(request, "/today#tasks", Flash("Done.", undo=f"/tasks/{task_id}/open"))


@post("/tasks/{task_id:int}/open", sync_to_thread=True)
def reopen(request: Visit, db: DB, task_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """It is not done after all."""
    if not tasks.mark(db, task_id, None):
        raise NotFoundException
    return see_other(request, "/today#tasks", Flash("It is open again."))


HANDLERS = [make, undo, done, reopen]
