"""The coordinator's page: the measures of a quarter, drawn up once; no case, no person, no id."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromQuery, URLEncodedBody

from monitor.clock import local_day, utc_now
from monitor.db import looking_wide
from monitor.measures.quarters import newest, quarter_of
from monitor.measures.release import counted, drawable, keep, release, released
from monitor.measures.suppression import HIDDEN_WORDS
from monitor.measures.text import as_csv
from monitor.one_at_a_time import one_at_a_time
from monitor.response_matrix.versions import review_due
from web.database import DB, note
from web.files import as_file
from web.forms import Form, Name
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

LOCK = 1  # nobody draws the same quarter up twice at once


class QuarterForm(Form):
    """Which one, like 2026-Q3."""

    quarter: Name = ""


@get("/measures", sync_to_thread=True)
def show(request: Visit, db: DB, quarter: FromQuery[str] = "", format: FromQuery[str] = "") -> Answer:
    """The newest that was drawn up, or one of the others; ``?format=csv`` as a sheet."""
    there = released(db)
    chosen = quarter_of(quarter) if quarter else (there[0] if there else None)
    found = release(db, chosen) if chosen else None
    if quarter and found is None:
        raise NotFoundException
    note(db, format="csv" if format == "csv" else "screen", quarter=found.quarter.name if found else "")
    if format == "csv" and found:
        return as_file(db, as_csv(found), f"measures-{found.quarter.name}.csv", "text/csv")
    now = utc_now()
    return page(request, "measures/show.html", {
        "found": found, "there": there, "to_draw": drawable(db, now), "hidden": HIDDEN_WORDS,
        "next": newest(now).later(1), "review_due": review_due(db, local_day(now, request.user.zone)),
    })  # fmt: skip


@post("/measures", sync_to_thread=True)
def draw_up(request: Visit, db: DB, data: URLEncodedBody[QuarterForm]) -> Answer:
    """Count a quarter that is over and publish it, once."""
    site: Site = request.app.state.site
    now = utc_now()
    one_at_a_time(db, LOCK)
    chosen = quarter_of(data.quarter)
    if chosen is None or chosen not in drawable(db, now):
        raise NotFoundException
    with looking_wide(db, "a quarter's measures: counted by the machine, only what may be published is kept"):
        content = counted(db, chosen, site.targets)
    keep(db, chosen, content, request.user.user_id, now)
    note(db, quarter=chosen.name)
    return see_other(request, f"/measures?quarter={chosen.name}", Flash("Drawn up. It stays as it is."))


HANDLERS = [show, draw_up]
