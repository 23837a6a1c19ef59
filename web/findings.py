"""What the court said of the reports that lie before it, recorded by somebody of the court."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.allegations.findings import (
    FINDINGS,
    OVERTAKEN,
    FiledReport,
    FindingsPage,
    contest,
    faults_of,
    findings_page,
    record,
)
from monitor.allegations.steps import Changed
from monitor.clock import utc_now
from web.database import DB, note, of_case, tell
from web.forms import Form, Line, Words
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit


class FindingForm(Form):
    """``report``: which; ``counsel``: yes, where counsel was there or was waived on the record."""

    report: Line = ""
    token: Line = ""
    finding: Line = ""
    words: Words = ""
    counsel: Line = ""


class ContestForm(Form):
    """``contested``: yes or no."""

    report: Line = ""
    contested: Line = ""


@get("/hearings/{hearing_id:int}/findings", sync_to_thread=True)
def show(request: Visit, db: DB, hearing_id: FromPath[int]) -> Answer:
    """The reports before the court in this case, with a form for each."""
    found = _found(request, db, hearing_id)
    open_ones = (one for one in found.reports if one.state == "FILED")
    tell(db, "SEEN", *(matter.flag_id for one in open_ones for matter in one.matters), document=hearing_id)
    return _page(request, found, FindingForm())


@post("/hearings/{hearing_id:int}/findings", sync_to_thread=True)
def keep(request: Visit, db: DB, hearing_id: FromPath[int], data: URLEncodedBody[FindingForm]) -> Answer:
    """Keep the court's word; 422 where something is missing, 409 where somebody was faster."""
    found = _found(request, db, hearing_id, lock=True)
    report = _report(found, data.report)
    if report is not None and data.token != report.token:  # before what is missing: the choices are others by now
        return _page(request, found, data, changed=(OVERTAKEN,), status=409)
    if errors := faults_of(report, data.finding, data.words, data.counsel == "yes"):
        return _page(request, found, data, errors=errors, status=422)
    if report is None:
        raise NotFoundException
    try:
        record(db, found, report, data.finding, data.words, data.token, utc_now())
    except Changed as error:
        db.rollback()
        return _page(request, _found(request, db, hearing_id), data, changed=error.why, status=409)
    note(db, report.id, finding=data.finding)
    return see_other(request, f"/hearings/{hearing_id}/findings", Flash("Recorded. Probation reads it in your words."))


@post("/hearings/{hearing_id:int}/contest", sync_to_thread=True)
def contested(request: Visit, db: DB, hearing_id: FromPath[int], data: URLEncodedBody[ContestForm]) -> Answer:
    """On the respondent's behalf: contested, or no longer."""
    found = _found(request, db, hearing_id, lock=True)
    report = _report(found, data.report)
    if report is None:
        raise NotFoundException
    yes = data.contested == "yes"
    try:
        contest(db, found, report, yes, utc_now())
    except Changed as error:
        db.rollback()
        return _page(request, _found(request, db, hearing_id), FindingForm(), changed=error.why, status=409)
    note(db, report.id, contested=yes)
    told = "Marked as contested. Everybody who sees it reads that." if yes else "No longer marked as contested."
    return see_other(request, f"/hearings/{hearing_id}/findings", Flash(told))


def _found(request: Visit, db: DB, hearing_id: int, *, lock: bool = False) -> FindingsPage:
    site: Site = request.app.state.site
    found = findings_page(db, hearing_id, utc_now(), site.law, lock=lock)
    if found is None:
        raise NotFoundException
    of_case(db, found.case_id)
    return found


def _report(found: FindingsPage, number: str) -> FiledReport | None:
    return next((one for one in found.reports if str(one.id) == number), None)


def _page(
    request: Visit, found: FindingsPage, form: FindingForm, *, errors: dict[str, str] | None = None,
    changed: tuple[str, ...] = (), status: int = 200,
) -> Answer:  # fmt: skip
    context = {"found": found, "form": form, "errors": errors or {}, "changed": changed, "words_of": FINDINGS}
    return page(request, "hearings/findings.html", context, status=status)


HANDLERS = [show, keep, contested]
