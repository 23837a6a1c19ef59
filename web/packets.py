"""The packets of a hearing: as they were kept, with what became known since, and the log of copies to the defense."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.bench_page.foot import HOW, TO
from monitor.clock import utc_now
from monitor.documents import bench_pdf
from monitor.packet_page import (
    UNSERVED,
    Kept,
    PacketsPage,
    faults_of,
    hearing_of,
    kept_packet,
    log_copy,
    packets_page,
    undo_copy,
)
from web.database import DB, note, of_case, tell
from web.dockets import Short
from web.files import as_print
from web.forms import Form, Line, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Visit


class CopyForm(Form):
    """Who got it, and how."""

    given_to: Line = ""
    how: Line = ""
    unserved: Line = ""


class UndoForm(Form):
    """``copy``: which entry was wrong."""

    copy: Line = ""


@get("/hearings/{hearing_id:int}/packets", sync_to_thread=True)
def show_all(request: Visit, db: DB, hearing_id: FromPath[int]) -> Answer:
    """Every packet of the hearing, with who got a copy."""
    return page(request, "packets/list.html", {"found": _found(db, hearing_id)})


@get("/hearings/{hearing_id:int}/packets/{packet_id:int}", sync_to_thread=True)
def show(request: Visit, db: DB, hearing_id: FromPath[int], packet_id: FromPath[int], format: Short = "") -> Answer:
    """One packet as it was kept; ``?format=pdf`` the same bytes until something in it ends."""
    found, kept = _kept(db, hearing_id, packet_id)
    note(db, format=format or "screen")
    tell(db, "PRINTED" if format == "pdf" else "SEEN", *kept.told, document=packet_id)
    if format == "pdf":
        return as_print(db, bench_pdf([kept.bench], kept.packet.known_at), f"packet-{packet_id}.pdf")
    return _page(request, found, kept, CopyForm())


@get("/packets/{packet_id:int}", sync_to_thread=True)
def find(request: Visit, db: DB, packet_id: FromPath[int]) -> Answer:
    """The short address of a packet leads to its page under its hearing."""
    hearing_id = hearing_of(db, packet_id)
    if hearing_id is None:
        raise NotFoundException
    _found(db, hearing_id)
    return see_other(request, f"/hearings/{hearing_id}/packets/{packet_id}")


@post("/hearings/{hearing_id:int}/packets/{packet_id:int}/copies", sync_to_thread=True)
def give(
    request: Visit, db: DB, hearing_id: FromPath[int], packet_id: FromPath[int], data: URLEncodedBody[CopyForm]
) -> Answer:
    """Write down that the defense got this packet."""
    found, kept = _kept(db, hearing_id, packet_id)
    if errors := faults_of(kept, data.given_to, data.how, data.unserved):
        return _page(request, found, kept, data, errors, status=422)
    log_copy(db, kept, data.given_to, data.how, utc_now())
    note(db, to=data.given_to, how=data.how, **({"unserved": data.unserved} if kept.unserved else {}))
    told = Flash("Written down: page and docket say so.")
    return see_other(request, f"/hearings/{hearing_id}/packets/{packet_id}", told)


@post("/hearings/{hearing_id:int}/packets/{packet_id:int}/copies/undo", sync_to_thread=True)
def take_back(
    request: Visit, db: DB, hearing_id: FromPath[int], packet_id: FromPath[int], data: URLEncodedBody[UndoForm]
) -> Answer:
    """An entry that was wrong."""
    _, kept = _kept(db, hearing_id, packet_id)
    if not undo_copy(db, kept, id_of(data.copy), utc_now()):
        raise NotFoundException
    return see_other(request, f"/hearings/{hearing_id}/packets/{packet_id}", Flash("Taken back; it stays on record."))


def _found(db: DB, hearing_id: int) -> PacketsPage:
    found = packets_page(db, hearing_id)
    if found is None:
        raise NotFoundException
    of_case(db, found.case_id)
    return found


def _kept(db: DB, hearing_id: int, packet_id: int) -> tuple[PacketsPage, Kept]:
    found = _found(db, hearing_id)
    kept = kept_packet(db, found, packet_id, utc_now())
    if kept is None:
        raise NotFoundException
    return found, kept


def _page(
    request: Visit, found: PacketsPage, kept: Kept, form: CopyForm, errors: dict[str, str] | None = None,
    status: int = 200,
) -> Answer:  # fmt: skip
    # and not the row with its bytes
    shown = {"line": kept.line, "addendum": kept.addendum, "gone": kept.gone, "unserved": kept.unserved}
    context = {
        "found": found, "kept": shown, "bench": kept.bench, "order": "pressing", "form": form, "errors": errors or {},
        "tos": list(TO.items()), "hows": list(HOW.items()), "whys": list(UNSERVED.items()),
    }  # fmt: skip
    return page(request, "packets/show.html", context, status=status)


HANDLERS = [show_all, show, find, give, take_back]
