"""Context questions, for prosecutors and supervising officers only (safeguards G4, G5)."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor import context_reviews
from monitor.clock import utc_now
from web.database import DB, note
from web.forms import Form, Line, Words
from web.pages import Flash, page, see_other
from web.site import Answer, Visit


class MarkForm(Form):
    """A case by its number, and why."""

    number: Line = ""
    words: Words = ""


@get("/context", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """Open questions."""
    return _page(request, db, MarkForm())


@post("/context", sync_to_thread=True)
def mark(request: Visit, db: DB, data: URLEncodedBody[MarkForm]) -> Answer:
    """Mark a case by hand."""
    secret = request.app.state.site.settings.secret_key
    found = context_reviews.mark(db, request.user, data.number, data.words[:300], secret, utc_now())
    if found is None:
        problem = {"number": "There is no such case for this agency. Look at the number on the order."}
        return _page(request, db, data, errors=problem, status=422)
    note(db, found)
    return see_other(request, "/context", Flash("Marked. Only prosecutors and supervising officers see it."))


@post("/context/{question_id:int}/done", sync_to_thread=True)
def done(request: Visit, db: DB, question_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """The question is answered."""
    if not context_reviews.done(db, request.user, question_id, utc_now()):
        raise NotFoundException
    return see_other(request, "/context", Flash("Done."))


def _page(
    request: Visit, db: DB, form: MarkForm, *, errors: dict[str, str] | None = None, status: int = 200
) -> Answer:
    secret = request.app.state.site.settings.secret_key
    found = context_reviews.open_questions(db, request.user.agency_id, secret)
    note(db, *(one.id for one in found))
    return page(request, "context/show.html", {"questions": found, "form": form, "errors": errors or {}}, status=status)


HANDLERS = [show, mark, done]
