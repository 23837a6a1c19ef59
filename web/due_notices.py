"""The desk of victim/witness staff: what is due from court events, one case, and answers in codes. Nothing is sent."""

from __future__ import annotations

from datetime import UTC, datetime

from litestar import get, post
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.allegations.steps import Changed
from monitor.clock import utc_now
from monitor.due_notices import answering, words
from monitor.due_notices.case import CareCase, care_case
from monitor.due_notices.due import due_of
from monitor.handoffs.strip import Strip, strip
from monitor.local_law import LocalLaw
from web.database import DB, note, of_case
from web.forms import Form, Name, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

GONE = "It is not due any more, or was answered meanwhile. This is how it stands now."
CONTEXT = {"stands": words.STANDS, "how": words.HOW, "free": words.FREE, "wanted": words.WANTED, "needs": words.NEEDS}


class AnswerForm(Form):
    """Which item (its kind, what it is about and when), and how it is answered: a code."""

    kind: Name = ""
    about: Name = ""
    at: Name = ""
    answer: Name = ""


class StandingForm(Form):
    """Whether notices are wanted."""

    answer: Name = ""


class NeedForm(Form):
    """What one hearing needs."""

    hearing: Name = ""
    answer: Name = ""


@get("/due-notices", sync_to_thread=True)
def listing(request: Visit, db: DB) -> Answer:
    """What is due over all cases that the office shares, the most pressing first."""
    due = due_of(db, utc_now(), _law(request))
    note(db, due=len(due))
    return page(request, "due_notices/list.html", {"due": due, "choices": answering.choices_of, **CONTEXT})


@get("/due-notices/{case_id:int}", sync_to_thread=True)
def show(request: Visit, db: DB, case_id: FromPath[int]) -> Answer:
    """One case: what is due, what was answered, and the court's facts."""
    found, site = _found(request, db, case_id), request.app.state.site
    return _page(request, found, handoffs=strip(db, case_id, site.targets, utc_now()))


@post("/due-notices/{case_id:int}/answers", sync_to_thread=True)
def answer(request: Visit, db: DB, case_id: FromPath[int], data: URLEncodedBody[AnswerForm]) -> Answer:
    """Answer one item; 409 where it is not due any more."""
    found = _found(request, db, case_id)
    key = data.kind, id_of(data.about), _instant(data.at)
    if not data.answer:
        return _page(request, found, errors={"answer": "Choose what came of it."}, status=422)
    try:
        done = answering.answer(db, found.due, key, data.answer, utc_now())
    except Changed:
        db.rollback()
        done, found = False, _found(request, db, case_id)
    if not done:
        return _page(request, found, errors={"answer": GONE}, status=409)
    return see_other(request, "/due-notices", Flash("Saved."))


@post("/due-notices/{case_id:int}/standing", sync_to_thread=True)
def standing(request: Visit, db: DB, case_id: FromPath[int], data: URLEncodedBody[StandingForm]) -> Answer:
    """Whether notices are wanted from now on."""
    found = _found(request, db, case_id)
    if not answering.stand(db, case_id, data.answer, utc_now()):
        return _page(request, found, errors={"standing": "Choose whether notices are wanted."}, status=422)
    return see_other(request, f"/due-notices/{case_id}", Flash("Saved."))


@post("/due-notices/{case_id:int}/needs", sync_to_thread=True)
def needs(request: Visit, db: DB, case_id: FromPath[int], data: URLEncodedBody[NeedForm]) -> Answer:
    """What a coming hearing needs."""
    found = _found(request, db, case_id)
    if not answering.need(db, case_id, id_of(data.hearing), data.answer, utc_now()):
        return _page(request, found, errors={"needs": "Choose a hearing that is still ahead, and what it needs."},
                     status=422)  # fmt: skip
    return see_other(request, f"/due-notices/{case_id}", Flash("Saved."))


@post("/due-notices/answers/{answer_id:int}/take-back", sync_to_thread=True)
def take_back(request: Visit, db: DB, answer_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Take back one's own answer."""
    row = answering.answer_of(db, answer_id)
    if row is None:
        raise NotFoundException
    of_case(db, row.case_id)
    try:
        done = answering.take_back(db, row, utc_now())
    except Changed as error:
        raise ClientException(GONE, status_code=409) from error
    if not done:
        raise NotFoundException
    return see_other(request, f"/due-notices/{row.case_id}", Flash("Taken back."))


def _found(request: Visit, db: DB, case_id: int) -> CareCase:
    found = care_case(db, case_id, utc_now(), _law(request))
    if found is None:
        raise NotFoundException
    of_case(db, case_id)
    return found


def _law(request: Visit) -> LocalLaw:
    site: Site = request.app.state.site
    return site.law


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return found if found.tzinfo else datetime.min.replace(tzinfo=UTC)


def _page(
    request: Visit, found: CareCase, *, errors: dict[str, str] | None = None, status: int = 200,
    handoffs: Strip | None = None,
) -> Answer:  # fmt: skip
    context = {"case": found, "errors": errors or {}, "handoffs": handoffs, "choices": answering.choices_of, **CONTEXT}
    return page(request, "due_notices/case.html", context, status=status)


HANDLERS = [listing, show, answer, standing, needs, take_back]
