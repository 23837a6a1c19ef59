"""An officer asks a program about a class of one person; the program answers on This week."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.clock import local_day, utc_now
from monitor.program_questions import (
    KINDS,
    OfCase,
    Wanted,
    answer,
    ask,
    case_of,
    fault_of,
    faults_of,
    have_read,
    of_case,
    open_questions,
    take_back,
)
from web import database
from web.absences import day_of
from web.database import DB, note
from web.forms import Form, Line, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Visit
from web.week import week

ASKED = "/program-questions"
SENT = "Asked. It is on the program's first page now; the answer comes to Today."
MEANWHILE = "It was answered or taken back meanwhile. This is how it stands now."


class QuestionForm(Form):
    """Nothing here is free text."""

    place: Line = ""
    kind: Line = ""
    about_on: Line = ""


class AnswerForm(Form):
    """One of the question's answers."""

    answer: Line = ""


@get(ASKED + "/of/{case_id:int}", sync_to_thread=True)
def show(request: Visit, db: DB, case_id: FromPath[int]) -> Answer:
    """What was asked in the case, and the form."""
    return _page(request, _found(db, case_id), QuestionForm())


@post(ASKED + "/of/{case_id:int}", sync_to_thread=True)
def save(request: Visit, db: DB, case_id: FromPath[int], data: URLEncodedBody[QuestionForm]) -> Answer:
    """Ask, or say what is missing."""
    found, now = _found(db, case_id), utc_now()
    wanted = Wanted(id_of(data.place), data.kind, day_of(data.about_on))
    errors = {} if found.closed else faults_of(db, found, wanted, local_day(now, found.zone))
    if found.closed or errors:
        return _page(request, found, data, errors, status=422)
    note(db, ask(db, found, wanted, now), kind=wanted.kind)
    return see_other(request, f"{ASKED}/of/{case_id}", Flash(SENT))


@post(ASKED + "/{ask_id:int}/back", sync_to_thread=True)
def back(request: Visit, db: DB, ask_id: FromPath[int]) -> Answer:
    """Take back what the program has not answered."""
    case_id = _asked(db, ask_id)
    if take_back(db, ask_id, utc_now()) is None:
        return _page(request, _found(db, case_id), QuestionForm(), {"asked": MEANWHILE}, status=409)
    return see_other(request, f"{ASKED}/of/{case_id}", Flash("Taken back. It has left the program's page."))


@post(ASKED + "/{ask_id:int}/read", sync_to_thread=True)
def read(request: Visit, db: DB, ask_id: FromPath[int]) -> Answer:
    """Put an answer away that has been read."""
    case_id = _asked(db, ask_id)
    if have_read(db, ask_id, utc_now()) is None:
        return _page(request, _found(db, case_id), QuestionForm(), {"asked": MEANWHILE}, status=409)
    return see_other(request, "/today", Flash("Put away. It stays with what was asked in the case."))


@post(ASKED + "/{ask_id:int}/answer", sync_to_thread=True)
def reply(request: Visit, db: DB, ask_id: FromPath[int], data: URLEncodedBody[AnswerForm]) -> Answer:
    """The program's answer, checked against its record."""
    if case_of(db, ask_id, asked=False) is None:
        raise NotFoundException
    now = utc_now()
    line = next(iter(open_questions(db, now, only=ask_id)), None)
    if line is None:
        return week(request, db, {"needs": MEANWHILE}, status=409)
    if fault := fault_of(db, line, data.answer):
        return week(request, db, {f"answer-{ask_id}": fault}, status=422)
    if not answer(db, ask_id, data.answer, now):
        return week(request, db, {"needs": MEANWHILE}, status=409)
    note(db, answer=data.answer)
    return see_other(request, "/week", Flash("Answered. The officer sees it."))


def _asked(db: DB, question_id: int) -> int:
    case_id = case_of(db, question_id, asked=True)
    if case_id is None:
        raise NotFoundException
    database.of_case(db, case_id)
    return case_id


def _found(db: DB, case_id: int) -> OfCase:
    found = of_case(db, case_id, utc_now())
    if found is None:
        raise NotFoundException
    database.of_case(db, case_id)
    return found


def _page(
    request: Visit, found: OfCase, form: QuestionForm, errors: dict[str, str] | None = None, status: int = 200
) -> Answer:
    place = form.place or (str(found.places[0][0]) if found.places else "")
    context = {"found": found, "form": form, "place": place, "errors": errors or {}, "kinds": list(KINDS.items())}
    return page(request, "program_questions/show.html", context, status=status)


HANDLERS = [show, save, back, read, reply]
