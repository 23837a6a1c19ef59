"""What a program of one's own may read with the session of whoever signed in: what their pages show, as JSON."""

from __future__ import annotations

from datetime import date

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from monitor.clock import utc_now
from monitor.docket import docket
from monitor.outward import compliance, court_day
from monitor.person_page.ledger import ledger
from web.database import DB, note, of_case, tell
from web.site import Answer, Visit


@get("/api/v1/dockets/{court:str}/{day:date}", sync_to_thread=True)
def show_docket(request: Visit, db: DB, court: FromPath[str], day: FromPath[date]) -> Answer:
    """One court's day, for its own people."""
    found = docket(db, court, day, utc_now())
    if found is None:
        raise NotFoundException()
    note(db, *(line.hearing_id for line in found.lines), cases=len(found.lines), format="json")
    for line in found.lines:
        tell(db, "DOCKET", *line.flags, document=line.hearing_id)
    return _json(court_day(found))


@get("/api/v1/people/{person_id:int}/compliance", sync_to_thread=True)
def show_compliance(
    request: Visit, db: DB, person_id: FromPath[int], case: FromQuery[int | None] = None
) -> Answer:
    """The ledger of one case, for the office that supervises it."""
    found = ledger(db, person_id, utc_now(), case)
    if found is None:
        raise NotFoundException()
    of_case(db, found.heading.case_id)
    note(db, format="json")
    return _json(compliance(found))


def _json(shown: msgspec.Struct) -> Answer:
    return Response(msgspec.json.encode(shown), media_type="application/json")


HANDLERS = [show_docket, show_compliance]
