"""Context questions, for prosecutors and supervising officers only (safeguards G4, G5)."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor import context_reviews
from monitor.clock import utc_now
from monitor.courts import WHICH, courts_of
from monitor.walls import NO_CASE
from web.database import DB, note
from web.forms import Form, Line, Name, Words
from web.pages import Flash, page, see_other
from web.site import Answer, Visit


class MarkForm(Form):
    """A case by its number, and why."""

    number: Line = ""
    court: Name = ""
    words: Words = ""


@get("/context", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """Open questions."""
    return _page(request, db, MarkForm())


@post("/context", sync_to_thread=True)
def mark(request: Visit, db: DB, data: URLEncodedBody[MarkForm]) -> Answer:
    """Mark a case by hand."""
    secret = request.app.state.site.settings.secret_key
    cases = context_reviews.cases_of(db, data.number, data.court)
    if len(cases) != 1:
        problem = {"court": WHICH} if cases else {"number": NO_CASE}
        return _page(request, db, data, errors=problem, status=422)
    note(db, context_reviews.mark(db, request.user, cases[0], data.words[:300], secret, utc_now()))
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
    shown = {"questions": found, "form": form, "errors": errors or {}, "courts": courts_of(db)}
    return page(request, "context/show.html", shown, status=status)


HANDLERS = [show, mark, done]
