"""The administrator's page of jobs: how each stands, and one form to run, try again, pause or resume one.

Nothing of any case.
"""

from __future__ import annotations

from datetime import datetime

from litestar import get, post
from litestar.params import URLEncodedBody

from monitor import job_control
from monitor.clock import utc_now
from monitor.wording import count
from web.database import DB, note
from web.forms import Form, Line
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

PATH = "/admin/jobs"
ACTS = (
    ("run", "Run it now", "One more run, within a minute."),
    ("retry", "Try again what was given up", "Every run that failed five times."),
    ("pause", "Pause it", "No run begins. The pause ends by itself. Some jobs are not paused again for a day."),
    ("resume", "End its pause", "What came due meanwhile is made up."),
)


RESTS = "It is paused, or was less than a day ago. This job watches over others: it runs for a day between two pauses."


class JobForm(Form):
    """What to do with which job, and why; a pause says for how many hours, too."""

    job: Line = ""
    what: Line = ""
    why: Line = ""
    hours: Line = ""


@get(PATH, sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """Every job, and the form."""
    return _page(request, db, JobForm())


@post(PATH, sync_to_thread=True)
def decide(request: Visit, db: DB, data: URLEncodedBody[JobForm]) -> Answer:
    """Do it, or say why it cannot be done as things stand."""
    now = utc_now()
    errors = _faults(data, {line.job for line in job_control.jobs(db, now)})
    if errors:
        return _page(request, db, data, errors)
    done = _act(request, db, data, now)
    if not done:
        rests = data.what == "pause" and job_control.rests(db, data.job, now)
        return _page(request, db, data, {"what": RESTS if rests else _undone(data.what)}, status=409)
    note(db, job=data.job, what=data.what, why=data.why, hours=data.hours if data.what == "pause" else "")
    return see_other(request, PATH, Flash(done))


def _act(request: Visit, db: DB, data: JobForm, now: datetime) -> str:
    """What was done, in a sentence; empty: it stood otherwise by the time the button was pressed."""
    by = request.user.user_id
    if data.what == "run":
        return "It will run within a minute." if job_control.run_now(db, data.job, now) else ""
    if data.what == "retry":
        moved = job_control.try_failed(db, data.job, now)
        return f"{count(moved, 'run')} will be tried again within a minute." if moved else ""
    if data.what == "pause":
        paused = job_control.pause(db, by, data.job, data.why, int(data.hours), now)
        return "Paused. A run under way still ends. The pause ends by itself." if paused else ""
    return "It goes on. What came due meanwhile is made up." if job_control.resume(db, by, data.job, now) else ""


def _undone(what: str) -> str:
    return {
        "run": "A run of it waits already, or it is paused.", "retry": "No run of it is given up.",
        "pause": "It is paused already.", "resume": "It is not paused.",
    }[what]  # fmt: skip


def _faults(data: JobForm, known: set[str]) -> dict[str, str]:
    faults = {}
    if data.job not in known:
        faults["job"] = "Choose the job."
    if data.what not in {key for key, _label, _more in ACTS}:
        faults["what"] = "Choose what to do."
    if data.why not in job_control.WHYS:
        faults["why"] = "Choose why."
    if data.what == "pause" and data.hours not in {str(one) for one in job_control.HOURS}:
        faults["hours"] = "Choose for how long."
    return faults


def _page(request: Visit, db: DB, data: JobForm, errors: dict[str, str] | None = None, status: int = 422) -> Answer:
    lines = job_control.jobs(db, utc_now())
    shown = {
        "jobs": lines, "form": data, "errors": errors or {}, "acts": ACTS, "whys": list(job_control.WHYS.items()),
        "names": [(line.job, f"{line.title} ({line.zone})" if line.zone else line.title) for line in lines],
        "hours": [(str(one), count(one, "hour")) for one in job_control.HOURS],
    }  # fmt: skip
    return page(request, "admin/jobs.html", shown, status=status if errors else 200)


HANDLERS = [show, decide]
