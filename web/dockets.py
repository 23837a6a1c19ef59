"""The court's list of one day, on screen and as a tagged PDF. Court people only, and only their own court."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, QueryParameter, URLEncodedBody

from monitor.access.identity import Identity
from monitor.clock import local_day, utc_now
from monitor.docket import (
    HEADS,
    ORDER_WORDS,
    Docket,
    docket,
    docket_pages,
    filtered,
    filters,
    find_court,
    next_docket,
    set_court_order,
)
from monitor.documents import bench_pdf, compact_pdf, docket_pdf
from monitor.notices import unread
from web.database import DB, note, tell
from web.files import as_print
from web.forms import Form, Line
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

Short = Annotated[str, QueryParameter(max_length=12)]
PRINTS = {"pdf": (docket_pdf, "docket"), "compact": (compact_pdf, "docket-compact")}


class OrderForm(Form):
    """``order``: a key of `ORDER_WORDS`."""

    order: Line = ""


@get("/dockets", sync_to_thread=True)
def coming(request: Visit, db: DB) -> Answer:
    """Go to the coming day on which this court hears somebody."""
    found = next_docket(db, utc_now())
    if found is None:
        raise NotFoundException()
    code, day = found
    return see_other(request, f"/dockets/{code}/{day}")


@get("/dockets/{court:str}/{day:date}", sync_to_thread=True)
def show(
    request: Visit, db: DB, court: FromPath[str], day: FromPath[date], order: Short = "", format: Short = "",
    only: Short = "",
) -> Answer:  # fmt: skip
    """The list; ``?format=pdf`` or ``compact`` the same as a document, ``pages`` one side a case; prints are whole."""
    if format == "pages":
        return _pages(request, db, court, day, order)
    now = utc_now()
    found = docket(db, court, day, now, order=order)
    if found is None:
        raise NotFoundException()
    note(db, *(line.hearing_id for line in found.lines), cases=len(found.lines), format=format or "screen")
    for line in found.lines:
        tell(db, "PRINTED" if format in PRINTS else "DOCKET", *line.flags, document=line.hearing_id)
    if format in PRINTS:
        made, name = PRINTS[format]
        return as_print(db, made(found, now, printed_by(request.user)), f"{name}-{court}-{day}.pdf")
    return page(request, "dockets/show.html", _shown(db, found, only, now))


def _shown(db: DB, found: Docket, only: str, now: datetime) -> dict[str, Any]:
    today, following = local_day(now, found.zone), found.following
    return {
        "docket": found, "orders": ORDER_WORDS, "heads": HEADS, "unread": unread(db), "only": only,
        "lines": filtered(found.lines, only), "filters": filters(found.lines), "ahead": found.day >= today,
        "owing": found.owed_from <= today <= found.day,
        "following_owes": following is not None and following.owed_from <= today,
    }  # fmt: skip


@post("/dockets/{court:str}/{day:date}/order", sync_to_thread=True)
def keep_order(
    request: Visit, db: DB, court: FromPath[str], day: FromPath[date], data: URLEncodedBody[OrderForm]
) -> Answer:
    """The order in which this court's docket is listed from now on, for everybody of the court."""
    found = find_court(db, court)
    if found is None or not set_court_order(db, found.id, data.order, utc_now()):
        raise NotFoundException()
    note(db, order=data.order)
    return see_other(request, f"/dockets/{court}/{day}", Flash(f"This court's order: {ORDER_WORDS[data.order]}."))


def _pages(request: Visit, db: DB, court: str, day: date, order: str) -> Answer:
    now = utc_now()
    found = docket_pages(db, court, day, now, order=order, printed_by=printed_by(request.user))
    if found is None or not found[1]:
        raise NotFoundException()
    note(db, *(one.hearing_id for one in found[1]), cases=len(found[1]), format="pages")
    for one in found[1]:
        tell(db, "PRINTED", *one.flags, document=one.hearing_id)
    return as_print(db, bench_pdf(found[1], now), f"bench-pages-{court}-{day}.pdf")


def printed_by(who: Identity) -> str:
    """What the foot of a print says: Court clerk K. Ito."""
    return f"{who.role_title} {who.name}"


HANDLERS = [coming, show, keep_order]
