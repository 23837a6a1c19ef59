"""The caseload. Names are searched by POST, so that none stands in an address, a history or a log."""

from __future__ import annotations

from litestar import get, post
from litestar.params import FromQuery, URLEncodedBody

from monitor.caseload import FILTERS, caseload
from monitor.clock import utc_now
from web.database import DB, note
from web.forms import Form, Line
from web.pages import page
from web.site import Answer, Visit
from web.today import whole_office


class SearchForm(Form):
    """Part of a name or a case number, and which list."""

    words: Line = ""
    team: Line = ""


@get("/caseload", sync_to_thread=True)
def show(
    request: Visit, db: DB, team: FromQuery[bool | None] = None, only: FromQuery[list[str] | None] = None,
    number: FromQuery[int] = 1,
) -> Answer:  # fmt: skip
    """One page of the list, by name."""
    found = caseload(
        db, utc_now(), team=whole_office(request, team), filters=tuple(only or ()), page=min(max(number, 1), 10_000)
    )
    return page(request, "caseload/show.html", {"caseload": found, "filters": FILTERS, "words": ""})


@post("/caseload", status_code=200, sync_to_thread=True)
def search(request: Visit, db: DB, data: URLEncodedBody[SearchForm]) -> Answer:
    """People of the list whose name or case number holds the words."""
    team = whole_office(request, None) if not data.team else data.team == "yes"
    found = caseload(db, utc_now(), team=team, words=data.words)
    note(db, found=found.found)
    return page(request, "caseload/show.html", {"caseload": found, "filters": FILTERS, "words": data.words})


HANDLERS = [show, search]
