"""Recording results of hearings by keyboard: take the next case, three fields, save, and the next one is there."""

from __future__ import annotations

from datetime import date

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.allegations.steps import Changed
from monitor.clock import utc_now
from monitor.contact_log.entering import hour_of
from monitor.results import words as said
from monitor.results.claims import give_back
from monitor.results.page import ResultPage, queue, result_page
from monitor.results.recording import UNDO, Entry, faults_of, record, undo
from monitor.results.taking import take, take_next
from web.absences import day_of
from web.database import DB, note, of_case
from web.forms import Form, Line, Words
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

WORDS = {"results": said.RESULTS, "dones": said.DONE, "reasons": said.REASONS, "no_dates": said.NO_DATE,
         "warrants": said.WARRANTS, "steps": said.NOTICE_STEP}  # fmt: skip


class ResultForm(Form):
    """What the desk entered. ``next``: a day (2026-12-17), or one of stays, other, none."""

    token: Line = ""
    result: Line = ""
    done: Line = ""
    why: Line = ""
    next: Line = ""
    next_on: Line = ""
    hour: Line = ""
    no_date: Line = ""
    warrant: Line = ""
    notice_step: Line = ""
    words: Words = ""
    response: Line = ""
    anyway: Line = ""

    def entry(self) -> Entry:
        """As the record takes it."""
        chosen = day_of(self.next)
        return Entry(
            result=self.result, done=self.done, why=self.why, next="day" if chosen else self.next,
            day=chosen or day_of(self.next_on), hour=hour_of(self.hour), no_date=self.no_date, warrant=self.warrant,
            notice_step=self.notice_step, words=self.words, response=self.response, anyway=self.anyway == "yes",
        )  # fmt: skip


class ClaimForm(Form):
    """``what``: take or give_back."""

    what: Line = ""


@get("/dockets/{court:str}/{day:date}/results", sync_to_thread=True)
def show_day(request: Visit, db: DB, court: FromPath[str], day: FromPath[date]) -> Answer:
    """The cases of the day: what was recorded, what is open, and who is at it."""
    found = queue(db, court, day, utc_now())
    if found is None:
        raise NotFoundException
    note(db, *(line.hearing_id for line in found.lines), cases=len(found.lines))
    return page(request, "results/day.html", {"queue": found, "undo_minutes": int(UNDO.total_seconds() // 60)})


@post("/dockets/{court:str}/{day:date}/results", sync_to_thread=True)
def begin(request: Visit, db: DB, court: FromPath[str], day: FromPath[date], data: URLEncodedBody[Form]) -> Answer:
    """Take the first case that is open and nobody else's, and go there."""
    number = take_next(db, court, day, utc_now())
    if number is None:
        return see_other(request, f"/dockets/{court}/{day}/results", Flash("Nothing is open that nobody else has."))
    note(db, number)
    return see_other(request, f"/hearings/{number}/result")


@get("/hearings/{hearing_id:int}/result", sync_to_thread=True)
def show(request: Visit, db: DB, hearing_id: FromPath[int]) -> Answer:
    """The form for one hearing."""
    return _page(request, _found(db, hearing_id), ResultForm())


@post("/hearings/{hearing_id:int}/result", sync_to_thread=True)
def save(request: Visit, db: DB, hearing_id: FromPath[int], data: URLEncodedBody[ResultForm]) -> Answer:
    """Save, and go to the next open case of the day; 422 where something is missing, 409 where somebody was faster."""
    found, now, entry = _found(db, hearing_id), utc_now(), data.entry()
    if found.said:
        changed = ("It is recorded already: " + found.said + ".", *_typed(data))
        return _page(request, found, data, changed=changed, status=409)
    if errors := faults_of(db, found, entry, now):
        return _page(request, found, data, errors, status=422)
    try:
        record(db, found, entry, data.token, now)
    except Changed as error:
        db.rollback()
        data.token = ""  # the page shows how it stands now: saved once more, it is that which was read
        return _page(request, _found(db, hearing_id), data, changed=error.why, status=409)
    note(db, result=entry.result, outcome=entry.outcome, warrant=entry.warrant, notice_step=entry.notice_step)
    following = take_next(db, found.court_code, found.day, now)
    path = f"/hearings/{following}/result" if following else f"/dockets/{found.court_code}/{found.day}/results"
    told = f"Saved. Word goes to those it concerns in {int(UNDO.total_seconds() // 60)} minutes; until then:"
    return see_other(request, path, Flash(told, undo=f"/hearings/{hearing_id}/result/undo", undo_label="Undo it"))


@post("/hearings/{hearing_id:int}/result/claim", sync_to_thread=True)
def claim(request: Visit, db: DB, hearing_id: FromPath[int], data: URLEncodedBody[ClaimForm]) -> Answer:
    """Take this case, or give it back."""
    found, now = _found(db, hearing_id), utc_now()
    if data.what == "give_back":
        give_back(db, hearing_id, now)
        return see_other(request, f"/dockets/{found.court_code}/{found.day}/results", Flash("Given back."))
    held = take(db, hearing_id, now)
    if held is not None:
        return _page(request, found, ResultForm(), changed=(f"{held.name} is recording this case now.",), status=409)
    return see_other(request, f"/hearings/{hearing_id}/result")


@post("/hearings/{hearing_id:int}/result/undo", sync_to_thread=True)
def take_back(request: Visit, db: DB, hearing_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Undo the result while nobody was told."""
    found = _found(db, hearing_id)
    if not undo(db, found, utc_now()):
        changed = ("There is nothing to undo: word of it has gone out, somebody undid it, or more was recorded since.",)
        return _page(request, found, ResultForm(), changed=changed, status=409)
    return see_other(request, f"/hearings/{hearing_id}/result", Flash("Undone. Nobody was told."))


def _typed(form: ResultForm) -> tuple[str, ...]:
    """The words of whoever was slower: the page of a recorded hearing has no field that they could stand in."""
    return (f"You had typed, and it is not saved: {form.words.strip()}",) if form.words.strip() else ()


def _found(db: DB, hearing_id: int) -> ResultPage:
    found = result_page(db, hearing_id, utc_now())
    if found is None:
        raise NotFoundException
    of_case(db, found.case_id)
    return found


def _page(
    request: Visit, found: ResultPage, form: ResultForm, errors: dict[str, str] | None = None,
    changed: tuple[str, ...] = (), status: int = 200,
) -> Answer:  # fmt: skip
    context = {"found": found, "form": form, "errors": errors or {}, "changed": changed, **WORDS}
    return page(request, "results/show.html", context, status=status)


HANDLERS = [show_day, begin, show, save, claim, take_back]
