"""The status list of all courts: one download for everybody, and looking for somebody happens in the browser alone.

No address and no form of this page takes a name or a number. Words of the codes are a sheet about nobody.
"""

from __future__ import annotations

from litestar import get
from litestar.params import FromQuery

from monitor.access.roles import Role
from monitor.clock import utc_now
from monitor.condition_words import LANGUAGES, sheet
from monitor.status_list.line import HEADS, as_file
from monitor.status_list.reading import status_list
from web.callbacks import LEAVE_TO, is_on
from web.database import DB
from web.files import as_file as as_saved
from web.pages import page
from web.site import Answer, Visit


@get("/status-list", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """The list whole, on one page."""
    found = status_list(db, utc_now())
    context = {"found": found, "heads": HEADS, "leave_to": LEAVE_TO, "asks": is_on(request)}
    return page(request, "status_list/show.html", context)


@get("/status-list.csv", sync_to_thread=True)
def save(db: DB) -> Answer:
    """The same as a file, the same bytes for everybody; its name says nothing."""
    return as_saved(db, as_file(status_list(db, utc_now())), "list.csv", "text/csv")


@get("/condition-words", sync_to_thread=True)
def words(request: Visit, language: FromQuery[str] = "en") -> Answer:
    """What each code of an order means, to print."""
    chosen = language if language in LANGUAGES else "en"
    return page(request, "status_list/words.html", {
        "sheet": sheet(chosen), "languages": LANGUAGES,
        "leave_to": LEAVE_TO if request.user.role is Role.ADVOCATE else "",
    })


HANDLERS = [show, save, words]
