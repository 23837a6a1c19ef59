"""The privacy officer's first page, and the runbooks of a subpoena and a breach (safeguards C12, C13, D1 to D4)."""

from __future__ import annotations

from typing import Any

from litestar import get, post
from litestar.params import URLEncodedBody

from monitor.clock import local_day, utc_now
from monitor.privacy.accesses import Period, of_account, of_case, to_tell
from monitor.privacy.desk import desk
from monitor.privacy.runbooks import KINDS, STEPS, WHY, steps
from web.absences import day_of
from web.consultation import listed_of
from web.database import DB, note
from web.forms import Form, Line, Name
from web.pages import page
from web.site import Answer, Site, Visit


class RunForm(Form):
    """Which runbook, whether it is a drill, and about what: a case number, or an account, in a period."""

    kind: Name = ""
    why: Name = ""
    number: Line = ""
    email: Line = ""
    since: Name = ""
    until: Name = ""


@get("/privacy", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """What waits, with its clocks."""
    site: Site = request.app.state.site
    found = desk(db, request.user.zone, site.settings.secret_key, utc_now(), listed_of(request, db))
    note(db, *(one.id for one in found.openings))
    return page(request, "privacy/show.html", {"desk": found})


@get("/privacy/runbooks", sync_to_thread=True)
def runbooks(request: Visit) -> Answer:
    """Both runbooks, and the form that begins a run."""
    return _page(request, RunForm(), {})


@post("/privacy/runbooks", status_code=200, sync_to_thread=True)
def run(request: Visit, db: DB, data: URLEncodedBody[RunForm]) -> Answer:
    """Begin a run: the steps with their clocks, whom to tell, and who had access to what. The trail keeps it."""
    errors, period = _faults(data)
    if errors or period is None:
        return _page(request, data, errors, status=422)
    now, zone = utc_now(), request.user.zone
    by_case = data.kind == "SUBPOENA"
    looked, asked = (of_case, data.number) if by_case else (of_account, data.email)
    found = looked(db, asked, period, zone, listed_of(request, db))
    note(db, kind=data.kind.lower(), why=data.why.lower(), found=len(found))
    return page(request, "privacy/run.html", {
        "kind": KINDS[data.kind], "why": WHY[data.why], "asked": asked,
        "steps": steps(data.kind, zone, now), "to_tell": to_tell(db, data.kind, now), "found": found, "period": period,
    })  # fmt: skip


def _faults(data: RunForm) -> tuple[dict[str, str], Period | None]:
    found = {}
    if data.kind not in KINDS:
        found["kind"] = "Choose what has come."
    if data.why not in WHY:
        found["why"] = "Say whether it is a drill."
    if data.kind == "SUBPOENA" and not data.number.strip():
        found["number"] = "Type the case number as it stands on the request."
    if data.kind == "BREACH" and not data.email.strip():
        found["email"] = "Type the account's e-mail address."
    since, until = day_of(data.since), day_of(data.until)
    if since is None or until is None:
        found["since" if since is None else "until"] = "Give the day as month/day/year."
        return found, None
    period = Period(since, until)
    if period.fault:
        found["until"] = period.fault
    return found, period


def _page(request: Visit, form: RunForm, errors: dict[str, str], status: int = 200) -> Answer:
    context: dict[str, Any] = {
        "form": form, "errors": errors, "kinds": list(KINDS.items()), "whys": list(WHY.items()), "texts": STEPS,
        "today": local_day(utc_now(), request.user.zone),
    }  # fmt: skip
    return page(request, "privacy/runbooks.html", context, status=status)


HANDLERS = [show, runbooks, run]
