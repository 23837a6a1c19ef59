"""Try an upload with made-up people: a sheet to download, the check page, and nothing that is saved."""

from __future__ import annotations

from datetime import date

from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.params import MultipartBody

from monitor.clock import local_day, utc_now
from monitor.intake.practice import Practice, people, run, sample
from monitor.intake.scanning import scanner_of
from monitor.intake.uploads import open_sheet_file
from web.database import DB
from web.files import as_file
from web.forms import Form
from web.pages import page
from web.site import Answer, Site, Visit

PRACTICE = "/attendance/practice"


class PracticeForm(Form):
    """A sheet; without one ours is tried."""

    file: UploadFile | None = None


@get(PRACTICE, sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """Three steps."""
    return _page(request, None)


@get(PRACTICE + "/sheet", sync_to_thread=True)
def sheet(request: Visit, db: DB) -> Answer:
    """The sheet to try."""
    file = sample(_today(request))
    return as_file(db, file.content, file.file_name, file.media_type)


@post(PRACTICE, sync_to_thread=True)
def check(request: Visit, db: DB, data: MultipartBody[PracticeForm]) -> Answer:
    """What the check of the sheet would say."""
    site: Site = request.app.state.site
    today = _today(request)
    ours = sample(today)
    given = data.file if data.file is not None and data.file.filename else None
    content, name = (given.file.read(), given.filename) if given else (ours.content, ours.file_name)
    opened = open_sheet_file(content, name, today, scanner=scanner_of(site.settings))
    return _page(request, run(opened, today))


def _page(request: Visit, tried: Practice | None) -> Answer:
    context = {"tried": tried, "people": people(_today(request))}
    return page(request, "uploads/practice.html", context)


def _today(request: Visit) -> date:
    return local_day(utc_now(), request.user.zone)


HANDLERS = [show, sheet, check]
