"""Evidence packets and certified records as they were kept, and to whom each was handed."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.bench_page.foot import HOW, TO
from monitor.clock import utc_now
from monitor.prosecution.handing import copies_of, faults_of, hand_over, undo
from monitor.prosecution.keeping import Kept, kept, paper_of
from web.database import DB, note, of_case
from web.dockets import Short
from web.files import as_print
from web.forms import Form, Line, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit


class CopyForm(Form):
    """Who got it, and how."""

    given_to: Line = ""
    how: Line = ""


class UndoForm(Form):
    """``copy``: which entry was wrong."""

    copy: Line = ""


@get("/evidence/{evidence_packet_id:int}", sync_to_thread=True)
def show(request: Visit, db: DB, evidence_packet_id: FromPath[int], format: Short = "") -> Answer:
    """One as it was kept; ``?format=pdf`` the same bytes each time."""
    found = _found(request, db, evidence_packet_id)
    note(db, format=format or "screen")
    if format == "pdf" and not found.over:
        return as_print(db, paper_of(found), f"evidence-{evidence_packet_id}.pdf")
    return _page(request, db, found, CopyForm())


@post("/evidence/{evidence_packet_id:int}/copies", sync_to_thread=True)
def give(request: Visit, db: DB, evidence_packet_id: FromPath[int], data: URLEncodedBody[CopyForm]) -> Answer:
    """Write down that the defense got it."""
    found = _found(request, db, evidence_packet_id)
    if errors := faults_of(found, data.given_to, data.how):
        return _page(request, db, found, data, errors, status=422)
    hand_over(db, found, data.given_to, data.how, utc_now())
    note(db, to=data.given_to, how=data.how)
    return see_other(request, f"/evidence/{evidence_packet_id}", Flash("Written down."))


@post("/evidence/{evidence_packet_id:int}/copies/undo", sync_to_thread=True)
def take_back(request: Visit, db: DB, evidence_packet_id: FromPath[int], data: URLEncodedBody[UndoForm]) -> Answer:
    """An entry that was wrong."""
    found = _found(request, db, evidence_packet_id)
    if not undo(db, found, id_of(data.copy), utc_now()):
        raise NotFoundException
    return see_other(request, f"/evidence/{evidence_packet_id}", Flash("Taken back; it stays on record."))


def _found(request: Visit, db: DB, evidence_packet_id: int) -> Kept:
    site: Site = request.app.state.site
    found = kept(db, evidence_packet_id, site.law, utc_now())
    if found is None:
        raise NotFoundException
    of_case(db, found.case_id)
    return found


def _page(
    request: Visit, db: DB, found: Kept, form: CopyForm, errors: dict[str, str] | None = None, status: int = 200
) -> Answer:
    context = {
        "kept": found, "seen": found.evidence, "form": form, "errors": errors or {}, "tos": list(TO.items()),
        "hows": list(HOW.items()), "copies": copies_of(db, [found.id]).get(found.id, ()),
    }  # fmt: skip
    return page(request, "prosecution/packet.html", context, status=status)


HANDLERS = [show, give, take_back]
