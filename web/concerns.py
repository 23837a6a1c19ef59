"""A program's concern before the officer: a question for a person, answered with what was done."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.clock import utc_now
from monitor.concerns import ANSWERS, ConcernPage, answer_concern, concern_page
from web.database import DB, note, of_case
from web.forms import Form, Line
from web.pages import Flash, page, see_other
from web.site import Answer, Visit


class AnswerForm(Form):
    """What the officer did."""

    did: Line = ""


@get("/concerns/{concern_id:int}", sync_to_thread=True)
def show(request: Visit, db: DB, concern_id: FromPath[int]) -> Answer:
    """What the program asks, and what was done."""
    return _page(request, _found(db, concern_id))


@post("/concerns/{concern_id:int}", sync_to_thread=True)
def answer(request: Visit, db: DB, concern_id: FromPath[int], data: URLEncodedBody[AnswerForm]) -> Answer:
    """Keep what was done; once answered, it stays answered: 409 with that answer where somebody was faster."""
    found = _found(db, concern_id)
    if found.did:
        return _page(request, found, faster=True, status=409)
    if data.did not in ANSWERS:
        return _page(request, found, {"did": "Choose what you did."}, status=422)
    answer_concern(db, found, data.did, utc_now())
    note(db, concern_id, did=data.did)
    return see_other(request, "/today", Flash("Kept. The program is not told what you did."))


def _found(db: DB, concern_id: int) -> ConcernPage:
    found = concern_page(db, concern_id)
    if found is None:
        raise NotFoundException
    of_case(db, found.case_id)
    return found


def _page(
    request: Visit, concern: ConcernPage, errors: dict[str, str] | None = None, *, faster: bool = False,
    status: int = 200,
) -> Answer:  # fmt: skip
    choices = [(did, *said) for did, said in ANSWERS.items()]
    context = {"concern": concern, "errors": errors or {}, "answers": choices, "faster": faster}
    return page(request, "concerns/show.html", context, status=status)


HANDLERS = [show, answer]
