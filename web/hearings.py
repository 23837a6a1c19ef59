"""The bench page of one hearing: the screen is the paper."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor import packets
from monitor.bench_page.reading import bench_page
from monitor.clock import utc_now
from monitor.compliance.evaluation import switched_on
from monitor.docket import ORDERS, case_after
from monitor.documents import bench_pdf
from monitor.packet_page import just_kept
from web.database import DB, note, of_case, tell
from web.dockets import Short, printed_by
from web.files import as_print
from web.forms import Form
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit


@get("/hearings/{hearing_id:int}", sync_to_thread=True)
def show(request: Visit, db: DB, hearing_id: FromPath[int], order: Short = "", format: Short = "") -> Answer:
    """One case on one side; ``?format=pdf`` the same as a document."""
    now = utc_now()
    found = bench_page(db, hearing_id, now, printed_by(request.user))
    if found is None:
        raise NotFoundException()
    of_case(db, found.case_id)
    note(db, format=format or "screen")
    tell(db, "PRINTED" if format == "pdf" else "SEEN", *found.flags, document=hearing_id)
    if format == "pdf":
        return as_print(db, bench_pdf([found], now), f"bench-page-{hearing_id}.pdf")
    return page(request, "hearings/show.html", {"bench": found, "order": order})


@get("/hearings/{hearing_id:int}/next", sync_to_thread=True)
def following(request: Visit, db: DB, hearing_id: FromPath[int], order: Short = "") -> Answer:
    """Go to the next case of the same docket; after the last one, back to the list."""
    found = case_after(db, hearing_id, utc_now(), order=order)
    if found is None:
        raise NotFoundException()
    court, day, after = found
    order = order if order in ORDERS else ""
    return see_other(request, f"/hearings/{after}?order={order}" if after else f"/dockets/{court}/{day}?order={order}")


@post("/hearings/{hearing_id:int}/packets", sync_to_thread=True)
def keep(request: Visit, db: DB, hearing_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Keep the page as bytes, as known now: what was laid before the court can be compared with it later."""
    site: Site = request.app.state.site
    packs = switched_on(*site.settings.own_packs())
    now = utc_now()
    packet = just_kept(db, hearing_id, now) or packets.take(db, hearing_id, now, packs, by=request.user.user_id)
    if packet is None:
        raise NotFoundException()
    of_case(db, packet.case_id)
    note(db, packet.id)
    path = f"/hearings/{hearing_id}/packets/{packet.id}"
    return see_other(request, path, Flash("Kept as it stands now, with its hash."))


HANDLERS = [show, following, keep]
