"""The clerk gives a person their own record, as a file to print: what they may have, and nothing of anybody else."""

from __future__ import annotations

from litestar import post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from monitor.clock import utc_now
from monitor.own_record import own_record
from web.database import DB, of_case
from web.files import as_file
from web.site import Answer, Site, Visit


@post("/hearings/{hearing_id:int}/own-record", sync_to_thread=True, status_code=200)
def give(request: Visit, db: DB, hearing_id: FromPath[int]) -> Answer:
    """Read it in a session that opens only what it is made of; the trail has who gave it, and how much."""
    site: Site = request.app.state.site
    given = own_record(site.database, request.user.scope, hearing_id, utc_now())
    if given is None:
        raise NotFoundException
    of_case(db, given.case_id)
    return as_file(db, given.text, "own-record.txt", "text/plain; charset=utf-8")


HANDLERS = [give]
