"""A sealed case back by order of the court: asked by one, approved by another on *Second person*, then brought back."""

from __future__ import annotations

from litestar import get, post
from litestar.params import URLEncodedBody

from monitor.clock import utc_now
from monitor.keeping.removals import RemovalError
from monitor.keeping.unsealing import ask_return, sealed_cases
from web.database import DB, note
from web.forms import Form, Line, Words
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit, refuse

ASKED = "Asked. A second person of the court or an office that shares the case has 72 hours; then bring it back here."
NEEDED = {"order": "Write the reference of the court's order.", "why": "Say why, in a few words. They are kept sealed."}


class ReturnForm(Form):
    """``number``: of the seal; ``order``: the reference of the court's order."""

    number: Line = ""
    order: Line = ""
    why: Words = ""


@get("/sealed", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """Sealed cases by the number of the seal, and where each request stands."""
    return _page(request, ReturnForm(), db=db)


@post("/sealed", sync_to_thread=True)
def ask(request: Visit, data: URLEncodedBody[ReturnForm]) -> Answer:
    """Ask for one, or bring back what a second person has approved. The trail is told in the same transaction."""
    site: Site = request.app.state.site
    errors = {name: words for name, words in NEEDED.items() if not getattr(data, name).strip()}
    if errors:
        return _page(request, data, errors)
    try:
        done = ask_return(
            site.database, request.user, data.number, data.order, data.why, site.settings.secret_key, utc_now()
        )
    except RemovalError as fault:
        return _page(request, data, {"number": str(fault)})
    return see_other(request, "/sealed", Flash("The case is back on record." if done.removal else ASKED))


def _page(request: Visit, form: ReturnForm, errors: dict[str, str] | None = None, db: DB | None = None) -> Answer:
    site: Site = request.app.state.site
    found = sealed_cases(site.database, request.user, site.settings.secret_key, utc_now())
    if db is not None:
        note(db, *(one.number for one in found))
    if errors:
        refuse(request.scope)
    shown = {"sealed": found, "form": form, "errors": errors or {}}
    return page(request, "sealed/show.html", shown, status=422 if errors else 200)


HANDLERS = [show, ask]
