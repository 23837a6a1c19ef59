"""The court's list of one day, on screen and as a tagged PDF. Court people only, and only their own court."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, QueryParameter

from monitor.access.identity import Identity
from monitor.clock import utc_now
from monitor.docket import HEADS, docket, docket_pages, next_docket
from monitor.documents import bench_pdf, docket_pdf
from monitor.notices import unread
from web.database import DB, note, tell
from web.pages import page, see_other
from web.site import Answer, Visit

Short = Annotated[str, QueryParameter(max_length=12)]
ORDERS = (
    ("pressing", "Most pressing first"), ("time", "By time"), ("on-track", "On track first"), ("name", "By name"),
)  # fmt: skip


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
    request: Visit, db: DB, court: FromPath[str], day: FromPath[date], order: Short = "pressing", format: Short = ""
) -> Answer:
    """The list; ``?format=pdf`` the same as a document, ``?format=pages`` one side a case."""
    if format == "pages":
        return _pages(request, db, court, day, order)
    now = utc_now()
    found = docket(db, court, day, now, order=order)
    if found is None:
        raise NotFoundException()
    note(db, *(line.hearing_id for line in found.lines), cases=len(found.lines), format=format or "screen")
    for line in found.lines:
        tell(db, "PRINTED" if format == "pdf" else "DOCKET", *line.flags, document=line.hearing_id)
    if format == "pdf":
        return document(docket_pdf(found, now, printed_by(request.user)), f"docket-{court}-{day}.pdf")
    return page(request, "dockets/show.html", {"docket": found, "orders": ORDERS, "heads": HEADS, "unread": unread(db)})


def _pages(request: Visit, db: DB, court: str, day: date, order: str) -> Answer:
    now = utc_now()
    found = docket_pages(db, court, day, now, order=order, printed_by=printed_by(request.user))
    if found is None or not found[1]:
        raise NotFoundException()
    note(db, *(one.hearing_id for one in found[1]), cases=len(found[1]), format="pages")
    for one in found[1]:
        tell(db, "PRINTED", *one.flags, document=one.hearing_id)
    return document(bench_pdf(found[1], now), f"bench-pages-{court}-{day}.pdf")


def printed_by(who: Identity) -> str:
    """What the foot of a print says: Court clerk K. Ito."""
    return f"{who.role_title} {who.name}"


def document(content: bytes, name: str) -> Answer:
    """A PDF shown in the browser."""
    headers = {"content-disposition": f'inline; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=headers)


HANDLERS = [coming, show]
