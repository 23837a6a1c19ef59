"""The caseload. Names are searched by POST, so that none stands in an address, a history or a log."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody

from monitor import saved_views
from monitor.caseload import COLUMNS, FILTERS, ORDERS, Caseload, caseload
from monitor.clock import utc_now
from web.database import DB, note
from web.forms import Form, Line
from web.pages import Flash, page, see_other
from web.site import Answer, Visit
from web.today import whole_office


class SearchForm(Form):
    """Part of a name or a case number, and which list."""

    words: Line = ""
    team: Line = ""


class ViewForm(Form):
    """A list as it is filtered and ordered: codes, and its name."""

    name: Line = ""
    filters: Line = ""
    sort: Line = ""
    team: Line = ""


@get("/caseload", sync_to_thread=True)
def show(
    request: Visit, db: DB, team: FromQuery[bool | None] = None, only: FromQuery[list[str] | None] = None,
    number: FromQuery[int] = 1, sort: FromQuery[str] = "name", without: FromQuery[list[str] | None] = None,
) -> Answer:  # fmt: skip
    """One page of the list, by name."""
    found = caseload(
        db, utc_now(), team=whole_office(request, team), filters=tuple(only or ()), page=min(max(number, 1), 10_000),
        order=sort, without=tuple(without or ()),
    )  # fmt: skip
    return _page(request, db, found)


@post("/caseload", status_code=200, sync_to_thread=True)
def search(request: Visit, db: DB, data: URLEncodedBody[SearchForm]) -> Answer:
    """People of the list whose name or case number holds the words."""
    team = whole_office(request, None) if not data.team else data.team == "yes"
    found = caseload(db, utc_now(), team=team, words=data.words)
    note(db, found=found.found)
    return _page(request, db, found, data.words)


@post("/caseload/views", sync_to_thread=True)
def keep(request: Visit, db: DB, data: URLEncodedBody[ViewForm]) -> Answer:
    """Keep the list as it is filtered and ordered, under a name of one's own."""
    asked, left_out = saved_views.parts_of(data.filters.split())
    filters = tuple(name for name in FILTERS if name in asked)
    without = tuple(code for code in COLUMNS if code in left_out)
    order, team = data.sort if data.sort in ORDERS else "name", data.team == "yes"
    fault = saved_views.save(db, data.name, saved_views.codes_of(filters, without), order, team)
    path = saved_views.path_of(filters, order, team, without)
    return see_other(request, path, Flash(fault or "Kept. One press opens it."))


@post("/caseload/views/{view_id:int}/drop", sync_to_thread=True)
def drop(request: Visit, db: DB, view_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Forget a list of one's own."""
    if not saved_views.drop(db, view_id):
        raise NotFoundException
    return see_other(request, "/caseload", Flash("The list is dropped; its people are where they were."))


def _page(request: Visit, db: DB, found: Caseload, words: str = "") -> Answer:
    context = {
        "caseload": found, "filters": FILTERS, "orders": ORDERS, "words": words, "views": saved_views.views(db),
        "path_of": saved_views.path_of, "codes": saved_views.codes_of(found.filters, found.without), "columns": COLUMNS,
    }  # fmt: skip
    return page(request, "caseload/show.html", context)


HANDLERS = [show, search, keep, drop]
