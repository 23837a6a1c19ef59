"""The bench page of one hearing: the screen is the paper."""

from __future__ import annotations

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from monitor.bench_page import bench_page
from monitor.clock import utc_now
from monitor.docket import case_after
from monitor.documents import bench_pdf
from web.database import DB, note
from web.dockets import Short, document, printed_by
from web.pages import page, see_other
from web.site import Answer, Visit


@get("/hearings/{hearing_id:int}", sync_to_thread=True)
def show(request: Visit, db: DB, hearing_id: FromPath[int], order: Short = "pressing", format: Short = "") -> Answer:
    """One case on one side; ``?format=pdf`` the same as a document."""
    now = utc_now()
    found = bench_page(db, hearing_id, now, printed_by(request.user))
    if found is None:
        raise NotFoundException()
    note(db, found.case_id, format=format or "screen")
    if format == "pdf":
        return document(bench_pdf([found], now), f"bench-page-{hearing_id}.pdf")
    return page(request, "hearings/show.html", {"bench": found, "order": order})


@get("/hearings/{hearing_id:int}/next", sync_to_thread=True)
def following(request: Visit, db: DB, hearing_id: FromPath[int], order: Short = "pressing") -> Answer:
    """Go to the next case of the same docket; after the last one, back to the list."""
    found = case_after(db, hearing_id, utc_now(), order=order)
    if found is None:
        raise NotFoundException()
    court, day, after = found
    return see_other(request, f"/hearings/{after}?order={order}" if after else f"/dockets/{court}/{day}?order={order}")


HANDLERS = [show, following]
