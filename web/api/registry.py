"""What the software of the agency that enters orders reads and says: which orders wait, and the registry's number.

No protected name goes out here: who types an entry makes the packet on the page, or takes it from the court's folder.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, JSONBody

from monitor.clock import utc_now
from monitor.orders import entering, registry_desk
from web.api.problems import ApiProblem
from web.database import DB, note
from web.order_steps import MOVED
from web.registry import entering_alone, found_sheet
from web.site import Answer, Visit

Short = Annotated[str, msgspec.Meta(max_length=60)]


class EntryWaits(msgspec.Struct, frozen=True):
    """One order to enter. ``since``: when it was signed. ``sent_back``: why the agency gave its packet back.

    ``seen`` goes into the confirmation: the newest thing that the court asks for.
    """

    order: str
    called: str
    case_number: str
    to_do: str
    since: datetime
    sent_back: str
    seen: str


class EntriesWaiting(msgspec.Struct, frozen=True):
    """All of them, the longest wait first; those that were sent back to their court last."""

    waits: tuple[EntryWaits, ...]


class EntryConfirmation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The number that the registry gave. ``at``: when it was entered, with its offset; now unless given. ``seen``: as
    the list had it, so that nothing is confirmed which the court changed since."""

    registry_number: Short
    seen: Short
    at: datetime | None = None


class EntryConfirmed(msgspec.Struct, frozen=True):
    """The number on record. ``again``: it was on record, and nothing was written."""

    registry_number: str
    again: bool


@get("/api/v1/entry-packets", sync_to_thread=True)
def waiting(request: Visit, db: DB) -> Answer:
    """Every order that waits for the registry."""
    entering_alone(request)
    found = registry_desk.queue(db, utc_now())
    note(db, waits=len(found), reason="registry")
    told = tuple(
        EntryWaits(str(one.order_id), one.called, one.case_number, one.what, one.since, one.back, one.asked)
        for one in found
    )
    return _json(EntriesWaiting(told), 200)


@post("/api/v1/orders/{order_id:int}/entry-confirmation", sync_to_thread=True)
def confirm(request: Visit, db: DB, order_id: FromPath[int], data: JSONBody[EntryConfirmation]) -> Answer:
    """Put the number on record. Sent again it is answered and not recorded again."""
    now = utc_now()
    if data.at is not None and data.at.tzinfo is None:
        raise ApiProblem(422, "ENTRY-UNUSABLE", "Give the time with its offset, like 2026-03-01T23:00:00-08:00.")
    found = found_sheet(request, db, order_id, now, alone=True)
    told = entering.Entry(data.registry_number, request.user.agency_name[:80], data.at or now)
    if registry_desk.is_repeat(found, told.number):
        return _json(EntryConfirmed(told.number.strip().upper(), again=True), 200)
    if data.seen != entering.entry_seen(found.known):
        raise ApiProblem(409, "ORDER-CHANGED", MOVED)
    if errors := entering.faults_of(told, found.known, found.desk.zone, now):
        raise ApiProblem(422, "ENTRY-UNUSABLE", " ".join(errors.values()))
    registry_desk.confirm(db, order_id, told, now)
    note(db, reason="registry")
    return _json(EntryConfirmed(told.number.strip().upper(), again=False), 201)


def _json(found: Any, status: int) -> Answer:
    return Response(msgspec.json.encode(found), media_type="application/json", status_code=status)


HANDLERS = [waiting, confirm]
