"""What was known then and what changed since: for officers beside the ledger, for the bench beside a hearing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from litestar import get
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, QueryParameter

from monitor.clock import utc_now
from monitor.compliance.evaluation import switched_on
from monitor.replay_page.page import Replay
from monitor.replay_page.reading import Asked, replay, replay_for_hearing
from web.absences import day_of
from web.database import DB, note, of_case
from web.pages import page
from web.site import Answer, Site, Visit

Instant = Annotated[str, QueryParameter(max_length=40)]
YEARS = range(1900, 2200)  # a day at the end of all time has no day after it
LAST = "last"  # the newest hearing or packet of the case


@get("/hearings/{hearing_id:int}/changes", sync_to_thread=True)
def show_since(
    request: Visit, db: DB, hearing_id: FromPath[int], known_at: Instant = "", as_of: Instant = ""
) -> Answer:
    """What the court knew when it last heard the case, and what became known since."""
    site: Site = request.app.state.site
    packs = switched_on(*site.settings.own_packs())
    found = replay_for_hearing(db, hearing_id, utc_now(), asked_for(known_at, as_of), packs)
    return _answer(request, db, found, f"/hearings/{hearing_id}/changes", hearing_id)


def show_replay(request: Visit, db: DB, person_id: int, case: int | None, asked: Asked) -> Answer:
    """The same for the office, with the questions of the rules."""
    site: Site = request.app.state.site
    found = replay(db, person_id, utc_now(), asked, switched_on(*site.settings.own_packs()), case)
    return _answer(request, db, found, f"/people/{person_id}/compliance", None)


def asked_for(known_at: str, as_of: str) -> Asked:
    """From the address: a day, or an instant with its zone. Anything else is told of, not guessed."""
    known_on, instant = day_of(known_at), None
    if known_at not in ("", LAST) and known_on is None:
        instant = _instant(known_at)
    about = day_of(as_of)
    if (as_of and about is None) or any(one and one.year not in YEARS for one in (known_on, instant, about)):
        raise ClientException("Write the day as 03/04/2026.")
    return Asked(known_at=instant, known_on=known_on, as_of=about)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ClientException("Write the day as 03/04/2026.") from None
    if found.tzinfo is None:
        raise ClientException("An instant needs its zone, such as Z.")
    return found


def _answer(request: Visit, db: DB, found: Replay | None, path: str, hearing_id: int | None) -> Answer:
    if found is None:
        raise NotFoundException
    of_case(db, found.heading.case_id)
    note(db, view="replay")
    return page(request, "replay/show.html", {"replay": found, "path": path, "hearing_id": hearing_id})


HANDLERS = [show_since]
