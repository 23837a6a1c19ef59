"""A flag: read it, decide on it, undo, and mark that the person contests it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from litestar import get, post
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.absences import REASONS
from monitor.clock import utc_now
from monitor.flag_review import deciding
from monitor.flag_review.barriers import ANSWERS, QUESTIONS
from monitor.flag_review.changes import changes_since
from monitor.flag_review.class_set import ClassSet, choices
from monitor.flag_review.deciding import CHOICES, Changed, Decision, faults_of
from monitor.flag_review.page import STATES, FlagPage
from monitor.flag_review.reading import flag_page
from monitor.response_matrix.applying import NO_LEVEL
from monitor.response_matrix.choosing import Choice
from monitor.response_matrix.reasons import REASONS as OUTSIDE_REASONS
from web.database import DB, note, of_case, tell
from web.dockets import Short
from web.forms import Form, Line, Words
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

DONE = {
    "ACT": "In the report. Nothing has gone to the court yet: finish it and send it to a supervisor.",
    "HANDLE": "Handled here. It is on record with your words.",
    "EXCUSE": "Excused. Your decision on the absence is on record.",
    "GAP": "A gap of the system now, and not the person's. It stands among what the office has to close.",
    "BACK": "Asked again, as a question about the person.",
    "DISMISS": "Dismissed.", "ACKNOWLEDGE": "Marked as seen. It stays on your list.",
}  # fmt: skip
WAITS = (
    "The report that this is in waits for a supervisor, so it is not pulled away under their hands. Save that report as"
    " a draft again, or ask the supervisor to return it; then undo this."
)


class ReviewForm(Form):
    """What a reviewer decides. ``token`` is what the page showed."""

    token: Line = ""
    decision: Line = ""
    words: Words = ""
    why: Line = ""
    measure: Line = ""
    outside_why: Line = ""
    outside_words: Line = ""
    set_class: Line = ""
    class_why: Line = ""
    class_words: Line = ""
    barrier_language: Line = ""
    barrier_disability: Line = ""
    barrier_work_shift: Line = ""
    barrier_transport: Line = ""
    barrier_child_care: Line = ""
    barrier_program_seats: Line = ""

    def decided(self) -> Decision:
        """As the record takes it."""
        answers = {name: getattr(self, f"barrier_{name}") for name in QUESTIONS}
        given = {name: answer for name, answer in answers.items() if answer in ANSWERS}
        choice = Choice(self.measure, self.outside_why, self.outside_words)
        of_class = ClassSet(self.set_class, self.class_why, self.class_words)
        return Decision(
            decision=self.decision, words=self.words, why=self.why, answers=given, choice=choice, given=of_class
        )


class ContestForm(Form):
    """``contested``: yes or no."""

    contested: Line = ""


@get("/flags/{flag_id:int}", sync_to_thread=True)
def show(
    request: Visit, db: DB, flag_id: FromPath[int], language: Short = "en", set_class: Short = ""
) -> Answer:
    """Everything a reviewer needs before deciding; ``?language=es`` the explanation in Spanish, ``?set_class=C`` the
    range of the class that they mean to set."""
    spoken: Literal["en", "es"] = "es" if language == "es" else "en"
    flag = _found(db, flag_id, utc_now(), language=spoken, set_class=set_class)
    if flag.is_told:
        tell(db, "SEEN", flag.id)
    return _page(request, flag, ReviewForm(set_class=set_class), language=spoken)


@post("/flags/{flag_id:int}/reviews", sync_to_thread=True)
def review(request: Visit, db: DB, flag_id: FromPath[int], data: URLEncodedBody[ReviewForm]) -> Answer:
    """Keep the decision; 422 where something is missing, 409 where the flag changed since the page was drawn."""
    now = utc_now()
    flag = _found(db, flag_id, now, lock=True, set_class=data.set_class)
    if data.token != flag.token:
        return _conflict(request, db, flag, data, now)
    if errors := faults_of(flag, data.decided()):
        return _page(request, flag, data, errors=errors, status=422)
    try:
        review_id = deciding.decide(db, flag, data.token, data.decided(), now)
    except Changed:
        db.rollback()
        return _conflict(request, db, _found(db, flag_id, now, set_class=data.set_class), data, now)
    note(db, review_id, decision=data.decision)
    report = deciding.report_of(db, review_id) if data.decision == "ACT" else None
    where = f"/allegations/{report}" if report else f"/flags/{flag_id}"
    return see_other(request, where, Flash(DONE[data.decision], undo=f"/reviews/{review_id}/undo"))


@post("/reviews/{review_id:int}/undo", sync_to_thread=True)
def undo(request: Visit, db: DB, review_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Take the last review back, until a hearing has been held on it."""
    flag_id = deciding.flag_of_review(db, review_id)
    if flag_id is None:
        raise NotFoundException
    now = utc_now()
    flag = _found(db, flag_id, now, lock=True)
    try:
        deciding.undo(db, flag, review_id, now)
    except deciding.Waiting as error:
        db.rollback()
        raise ClientException(WAITS, status_code=409) from error
    except Changed as error:
        db.rollback()
        raise ClientException(
            "This can no longer be undone: something was decided or a hearing was held meanwhile.", status_code=409
        ) from error
    note(db, flag_id)
    return see_other(request, f"/flags/{flag_id}", Flash("Undone. It waits for a decision again."))


@post("/flags/{flag_id:int}/contest", sync_to_thread=True)
def contest(request: Visit, db: DB, flag_id: FromPath[int], data: URLEncodedBody[ContestForm]) -> Answer:
    """Mark on the person's behalf that they contest it, or no longer do."""
    flag = _found(db, flag_id, utc_now(), lock=True)
    contested = data.contested == "yes"
    try:
        deciding.contest(db, flag, contested, utc_now())
    except Changed as error:
        raise NotFoundException from error
    note(db, contested=contested)
    told = "Marked as contested. Everybody who sees it reads that." if contested else "No longer marked as contested."
    return see_other(request, f"/flags/{flag_id}", Flash(told))


def _found(
    db: DB, flag_id: int, now: datetime, *, lock: bool = False, language: Literal["en", "es"] = "en",
    set_class: str = "",
) -> FlagPage:  # fmt: skip
    flag = flag_page(db, flag_id, now, lock=lock, language=language, set_class=set_class)
    if flag is None:
        raise NotFoundException
    of_case(db, flag.case_id)
    return flag


def _conflict(request: Visit, db: DB, flag: FlagPage, data: ReviewForm, now: datetime) -> Answer:
    changed = changes_since(db, flag, data.token, now)
    return _page(request, flag, data, changed=changed, status=409)


def _page(
    request: Visit, flag: FlagPage, data: ReviewForm, *, errors: dict[str, str] | None = None,
    changed: tuple[str, ...] = (), status: int = 200, language: str = "en",
) -> Answer:  # fmt: skip
    context: dict[str, Any] = {
        "flag": flag, "form": data, "errors": errors or {}, "changed": changed, "state": STATES[flag.state],
        "language": language,
        "choices_open": [(name, *CHOICES[name]) for name in flag.decisions], "reasons": REASONS,
        "questions": QUESTIONS, "answers": ANSWERS, "outside_reasons": OUTSIDE_REASONS, "no_level": NO_LEVEL,
        "classes": choices(),
    }  # fmt: skip
    return page(request, "flags/show.html", context, status=status)


HANDLERS = [show, review, undo, contest]
