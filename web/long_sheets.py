"""A long sheet while it is judged: how far it is, by polling or by reloading, and going on after it was cut off."""

from __future__ import annotations

import structlog
from litestar import get, post
from litestar.background_tasks import BackgroundTask
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.access.scope import Scope
from monitor.clock import utc_now
from monitor.intake.long_sheets import Waiting, judge_long, progress_of
from monitor.intake.uploads import find_upload
from monitor.log_lines import describe
from web.database import DB
from web.forms import Form
from web.pages import page, see_other
from web.site import Answer, Site, Visit

UPLOAD = "/attendance/uploads/{upload_id:int}"


def address_of(upload_id: int) -> str:
    """Where its progress is seen."""
    return f"/attendance/uploads/{upload_id}/progress"


def judging(request: Visit, upload_id: int) -> Answer:
    """To the page with its progress; once the answer has left, the judging begins in a thread of its own."""
    site: Site = request.app.state.site
    who = request.user
    one = Waiting(upload_id, Scope(who.user_id, who.role.value, who.agency_id), who.zone)
    answer = see_other(request, address_of(upload_id))
    answer.background = BackgroundTask(_judge, site, one)
    return answer


def _judge(site: Site, one: Waiting) -> None:
    try:
        judge_long(site.database, one, utc_now)
    except Exception as error:  # it stays put by, and the scheduler goes on with it in a minute
        structlog.get_logger("web").error("long_sheet", **describe(error))


@get(UPLOAD + "/progress", sync_to_thread=True)
def show_progress(request: Visit, db: DB, upload_id: FromPath[int]) -> Answer:
    """How far it is; once it is judged, on to its check. Asking does not count as being at work."""
    found = find_upload(db, upload_id)
    if found is None or found.state == "DISCARDED":
        raise NotFoundException
    if found.state != "READING":
        return see_other(request, f"/attendance/uploads/{upload_id}#needs-you")
    progress = progress_of(found)
    context = {
        "upload_id": found.id, "file_name": found.file_name, "progress": progress,
        "interrupted": progress.tries > 0 and progress.interrupted(utc_now()),
    }  # fmt: skip
    return page(request, "uploads/progress.html", context, fragment="uploads/progress_part.html")


@post(UPLOAD + "/go-on", sync_to_thread=True)
def go_on(request: Visit, db: DB, upload_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Begin again what was cut off, without waiting for the scheduler. Where somebody is at it, nothing happens."""
    found = find_upload(db, upload_id)
    if found is None or found.state == "DISCARDED":
        raise NotFoundException
    return judging(request, upload_id)


HANDLERS = [show_progress, go_on]
