"""Steps that a person met, and looking at choices above the range: the acts; they show on other pages."""

from __future__ import annotations

from litestar import post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody

from monitor import incentives
from monitor.clock import local_day, utc_now
from monitor.person_page.heading import heading
from monitor.response_matrix import choosing
from web.absences import day_of
from web.database import DB, note, of_case
from web.forms import Form, Line
from web.pages import Flash, see_other
from web.site import Answer, Visit


class StepForm(Form):
    """What was done, how it is acknowledged, and on which day (empty: today)."""

    step: Line = ""
    answer: Line = ""
    on: Line = ""


@post("/people/{person_id:int}/steps", sync_to_thread=True)
def record(
    request: Visit, db: DB, person_id: FromPath[int], data: URLEncodedBody[StepForm],
    case: FromQuery[int | None] = None,
) -> Answer:  # fmt: skip
    """Keep it; what is missing is told on the person's page, with nothing typed to lose: it is all choices."""
    now = utc_now()
    top = heading(db, person_id, case, now.date())
    if top is None:
        raise NotFoundException
    of_case(db, top.case_id)
    today = local_day(now, top.zone)
    on = day_of(data.on) if data.on.strip() else today
    back = f"/people/{person_id}?case={top.case_id}"
    if faults := incentives.faults_of(db, data.step, data.answer, on, today):
        return see_other(request, f"{back}#steps", Flash(f"Not saved. {' '.join(faults.values())}"))
    made = incentives.record(db, top.case_id, data.step, data.answer, on or today, now)
    note(db, made)
    return see_other(request, back, Flash("Recorded. The court reads it, too.", undo=f"/steps/{made}/undo"))


@post("/steps/{incentive_id:int}/undo", sync_to_thread=True)
def undo(request: Visit, db: DB, incentive_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Take it back; whoever entered it may, or a supervisor."""
    found = incentives.of(db, incentive_id)
    if found is None:
        raise NotFoundException
    case_id, person_id = found
    of_case(db, case_id)
    done = incentives.take_back(db, incentive_id, utc_now())
    told = "Taken back." if done else "It had been taken back already."
    return see_other(request, f"/people/{person_id}?case={case_id}", Flash(told))


@post("/responses/{response_id:int}/seen", sync_to_thread=True)
def seen(request: Visit, db: DB, response_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """The supervisor has looked at two choices above the range in a row."""
    case_id = choosing.case_of(db, response_id)
    if case_id is None:
        raise NotFoundException
    of_case(db, case_id)
    done = choosing.looked_at(db, response_id, utc_now())
    return see_other(request, "/team", Flash("Looked at." if done else "Somebody had looked at it already."))


HANDLERS = [record, undo, seen]
