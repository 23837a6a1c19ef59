"""Reports to the court: the office's list, one report from its draft on, and the second person's answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody
from msgspec.structs import replace

from monitor.allegations import approving, drafting
from monitor.allegations.notice.content import made, make, serve, why_not
from monitor.allegations.notice.words import HOW, LANGUAGES
from monitor.allegations.page import AllegationPage
from monitor.allegations.queue import queue
from monitor.allegations.reading import allegation_page
from monitor.allegations.steps import Changed, Overtaken
from monitor.allegations.typed import (
    ASKS,
    EXHIBITS,
    IMMINENT,
    RISKY,
    SAFETY,
    SEEN_BY,
    Exhibit,
    Typed,
    faults_of_exhibit,
)
from monitor.clock import utc_now
from monitor.documents import notice_pdf, report_pdf
from monitor.prosecution.deciding import answer as answer_back
from monitor.prosecution.standing import standing
from monitor.safety_steps import WAITS
from web.absences import day_of
from web.database import DB, note, of_case
from web.dockets import Short, printed_by
from web.files import as_print
from web.forms import Form, Line, Words, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit


class DraftForm(Form):
    """``token``: what the page showed. ``safety``: the answer to the safety stop; ``safety_for``: for which ask."""

    token: Line = ""
    ask: Line = ""
    words: Words = ""
    safety: Line = ""
    safety_for: Line = ""


class ExhibitForm(Form):
    """One piece of evidence; ``drop``: the place of one to take out instead."""

    token: Line = ""
    kind: Line = ""
    on: Line = ""
    shows: Line = ""
    seen_by: Line = ""
    first_hand: Line = ""
    gaps: Words = ""
    drop: Line = ""


class AnswerForm(Form):
    """A supervisor's ``approve`` or ``return``."""

    token: Line = ""
    decision: Line = ""
    reason: Words = ""


class WithdrawForm(Form):
    """Why."""

    reason: Words = ""


class ContestForm(Form):
    """``contested``: yes or no."""

    contested: Line = ""
    words: Words = ""


class BackAnswerForm(Form):
    """What probation answers the prosecution."""

    words: Words = ""


class NoticeForm(Form):
    """``language``: en or es."""

    language: Line = ""


class ServedForm(Form):
    """``how``: a key of `HOW`."""

    how: Line = ""
    served: Words = ""


@get("/allegations", sync_to_thread=True)
def listing(request: Visit, db: DB) -> Answer:
    """What waits for a supervisor, drafts, what lies before the court, what ended."""
    site: Site = request.app.state.site
    found = queue(db, utc_now(), site.law)
    note(db, waiting=len(found.waiting), drafts=len(found.drafts), filed=len(found.filed))
    return page(request, "allegations/list.html", {"queue": found})


@get("/allegations/{allegation_id:int}", sync_to_thread=True)
def show(request: Visit, db: DB, allegation_id: FromPath[int], format: Short = "") -> Answer:
    """One report; ``?format=pdf`` as it goes to the court, marked as a draft until it does."""
    now = utc_now()
    found = _found(request, db, allegation_id, now)
    note(db, format=format or "screen")
    if format == "pdf":
        return as_print(db, report_pdf(found, now, printed_by(request.user)), f"report-{allegation_id}.pdf")
    return _page(request, db, found, _form(found, None))


@post("/allegations/{allegation_id:int}/draft", sync_to_thread=True)
def draft(request: Visit, db: DB, allegation_id: FromPath[int], data: URLEncodedBody[DraftForm]) -> Answer:
    """Keep the draft."""
    now = utc_now()
    found = _found(request, db, allegation_id, now, lock=True)
    return _act(request, db, found, data, lambda: drafting.save(db, found, _typed(found, data), now), "Draft saved.")


@post("/allegations/{allegation_id:int}/evidence", sync_to_thread=True)
def evidence(request: Visit, db: DB, allegation_id: FromPath[int], data: URLEncodedBody[ExhibitForm]) -> Answer:
    """Add a piece of evidence from outside the record, or take one out."""
    now = utc_now()
    found = _found(request, db, allegation_id, now, lock=True)
    if data.drop:
        place = id_of(data.drop)
        return _act(request, db, found, data, lambda: drafting.drop_exhibit(db, found, place, now), "Taken out.")
    on = day_of(data.on)
    if errors := faults_of_exhibit(data.kind, on, data.shows, data.seen_by, data.gaps):
        return _page(request, db, found, _form(found, None), exhibit=data, errors=errors, status=422)
    assert on is not None
    exhibit = Exhibit(
        kind=data.kind, on=on, words=data.shows.strip(), seen_by=data.seen_by, gaps=data.gaps.strip(),
        first_hand=data.first_hand == "yes",
    )
    return _act(request, db, found, data, lambda: drafting.add_exhibit(db, found, exhibit, now), "Evidence added.")


@post("/allegations/{allegation_id:int}/submit", sync_to_thread=True)
def submit(request: Visit, db: DB, allegation_id: FromPath[int], data: URLEncodedBody[DraftForm]) -> Answer:
    """Send it to a supervisor: 422 with what is missing, 409 where a fact changed since the page was drawn."""
    now = utc_now()
    found = _found(request, db, allegation_id, now, lock=True)
    sent = "Sent to a supervisor. Nothing has gone to the court yet."
    if found.desk and data.ask in RISKY and data.safety != IMMINENT:
        sent = "Sent. It goes on once the victim/witness office has finished its safety step."
    return _act(request, db, found, data, lambda: drafting.submit(db, found, _typed(found, data), now), sent)


@post("/allegations/{allegation_id:int}/drop", sync_to_thread=True)
def drop(request: Visit, db: DB, allegation_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Nothing goes to the court; the flags wait for a decision again."""
    now = utc_now()
    found = _found(request, db, allegation_id, now, lock=True)
    return _act(request, db, found, None, lambda: drafting.drop(db, found, now), "Dropped. Its flags wait again.")


@post("/allegations/{allegation_id:int}/approval", sync_to_thread=True)
def answer(request: Visit, db: DB, allegation_id: FromPath[int], data: URLEncodedBody[AnswerForm]) -> Answer:
    """The second person: approve, and it lies before the court; or return it with a reason."""
    now = utc_now()
    found = _found(request, db, allegation_id, now, lock=True)
    note(db, decision=data.decision if data.decision in ("approve", "danger", "return") else "")
    if data.decision in ("approve", "danger") and data.reason.strip():
        errors = {"reason": "An approval keeps no words. Take them out, or return it with them."}
        return _page(request, db, found, _form(found, None), reason=data.reason, errors=errors, status=422)
    if data.decision == "approve" or (data.decision == "danger" and found.step_waits):
        imminent, law = data.decision == "danger", request.app.state.site.law
        return _act(request, db, found, data, lambda: approving.approve(db, found, now, imminent, law),
                    "Approved. It lies before the court now.")  # fmt: skip
    if data.decision != "return" or not data.reason.strip():
        errors = {"reason": "Say what is missing or wrong."} if data.decision == "return" else {
            "decision": "Choose what you decide."
        }
        return _page(request, db, found, _form(found, None), errors=errors, status=422)
    return _act(request, db, found, data, lambda: approving.give_back(db, found, data.reason, now), "Returned.")


@post("/allegations/{allegation_id:int}/withdraw", sync_to_thread=True)
def withdraw(request: Visit, db: DB, allegation_id: FromPath[int], data: URLEncodedBody[WithdrawForm]) -> Answer:
    """Take it back from the court, with a reason; everybody who was told is told so."""
    now = utc_now()
    found = _found(request, db, allegation_id, now, lock=True)
    if not data.reason.strip():
        errors = {"reason": "Say why it is withdrawn."}
        return _page(request, db, found, _form(found, None), errors=errors, status=422)
    return _act(request, db, found, None, lambda: approving.withdraw(db, found, data.reason, now),
                "Withdrawn. Everybody who was told gets a notice.")  # fmt: skip


@post("/allegations/{allegation_id:int}/answer", sync_to_thread=True)
def answer_prosecution(
    request: Visit, db: DB, allegation_id: FromPath[int], data: URLEncodedBody[BackAnswerForm]
) -> Answer:
    """Probation answers what the prosecution referred back: it has to decide again."""
    now = utc_now()
    found = _found(request, db, allegation_id, now, lock=True)
    if not data.words.strip() or not found.may:
        errors = {"answer_words": "Write your answer in a sentence."}
        return _page(request, db, found, _form(found, None), errors=errors, status=422)
    return _act(request, db, found, None, lambda: answer_back(db, found.id, found.case_id, data.words, now),
                "Answered. It waits for the prosecution again.")  # fmt: skip


@post("/allegations/{allegation_id:int}/contest", sync_to_thread=True)
def contest(request: Visit, db: DB, allegation_id: FromPath[int], data: URLEncodedBody[ContestForm]) -> Answer:
    """On the respondent's behalf: contested, or no longer."""
    now = utc_now()
    found = _found(request, db, allegation_id, now, lock=True)
    contested = data.contested == "yes"
    note(db, contested=contested)
    told = "Marked as contested. Everybody who sees it reads that." if contested else "No longer marked as contested."
    return _act(request, db, found, None, lambda: approving.contest(db, found, contested, data.words, now), told)


@get("/allegations/{allegation_id:int}/notice", sync_to_thread=True)
def notice(request: Visit, db: DB, allegation_id: FromPath[int], language: Short = "en") -> Answer:
    """The newest notice in one language, as a document: the same bytes each time."""
    found = _found(request, db, allegation_id, utc_now())
    step = made(db, found.id, language)
    if step is None:
        raise NotFoundException
    return as_print(db, notice_pdf(step.content["notice"], step.at), f"notice-{allegation_id}-{language}.pdf")


@post("/allegations/{allegation_id:int}/notice", sync_to_thread=True)
def make_notice(request: Visit, db: DB, allegation_id: FromPath[int], data: URLEncodedBody[NoticeForm]) -> Answer:
    """Make the written notice to the respondent; 422 with why it cannot be made."""
    now, site = utc_now(), request.app.state.site
    found = _found(request, db, allegation_id, now, lock=True)
    spoken: Literal["en", "es"] = "es" if data.language == "es" else "en"
    done = "The notice is made. Print it, hand it over, and record that."
    return _act(request, db, found, None, lambda: make(db, found, spoken, site.law, now), done)


@post("/allegations/{allegation_id:int}/served", sync_to_thread=True)
def served(request: Visit, db: DB, allegation_id: FromPath[int], data: URLEncodedBody[ServedForm]) -> Answer:
    """Record that the notice was handed over, and how."""
    now = utc_now()
    found = _found(request, db, allegation_id, now, lock=True)
    return _act(request, db, found, None, lambda: serve(db, found, data.how, data.served, now), "Recorded.")


def _found(request: Visit, db: DB, allegation_id: int, now: datetime, *, lock: bool = False) -> AllegationPage:
    site: Site = request.app.state.site
    found = allegation_page(db, allegation_id, now, lock=lock)
    if found is None or (found.steps and site.law.seals(found.state, _ended_at(found), now, found.zone)):
        raise NotFoundException
    of_case(db, found.case_id)
    return found


def _ended_at(found: AllegationPage) -> datetime:
    return next((step.at for step in found.steps if step.kind == found.state), found.made_at)


def _act(request: Visit, db: DB, found: AllegationPage, data: Any, act: Any, done: str) -> Answer:
    """Do it if the page was drawn from what still holds; else the page again, with what changed and what was typed."""
    now = utc_now()
    if data is not None and data.token != found.token:
        why = found.changed or ("Somebody worked on it since you opened it.",)
        return _page(request, db, found, _form(found, data), changed=why, status=409)
    try:
        act()
    except Changed as error:
        db.rollback()
        fresh = allegation_page(db, found.id, now) or found
        status = 409 if isinstance(error, Overtaken) else 422
        return _page(request, db, fresh, _form(found, data), changed=error.why, status=status)
    return see_other(request, f"/allegations/{found.id}", Flash(done))


def _form(found: AllegationPage, data: Any) -> DraftForm:
    if isinstance(data, DraftForm):
        answer = data.safety if _is_for_this_ask(data) else ""
        return DraftForm(ask=data.ask, words=data.words, safety=answer, safety_for=data.ask if answer else "")
    mine = found.typed.safety_for if found.safety_mine else ""
    return DraftForm(ask=found.typed.ask, words=found.typed.words, safety=_safety(found), safety_for=mine)


def _typed(found: AllegationPage, data: DraftForm) -> Typed:
    typed = Typed(ask=data.ask if data.ask in ASKS else "", words=data.words.strip(), exhibits=found.typed.exhibits)
    if data.safety in SAFETY:
        return replace(typed, safety=data.safety) if _is_for_this_ask(data) else typed
    if data.safety_for:
        return typed  # it was shown to whoever gave it, and they took their tick away
    kept = found.typed  # given before, by whoever is named with it
    return replace(typed, safety=kept.safety, safety_by=kept.safety_by, safety_for=kept.safety_for)


def _is_for_this_ask(data: DraftForm) -> bool:
    """Whether the answer was given for what is asked now: a tick that the page showed for another ask is none."""
    return data.safety_for in ("", data.ask)


def _safety(found: AllegationPage) -> str:
    """The answer to the safety stop is shown to whoever gave it, and to nobody else (safeguard E4)."""
    return found.typed.safety if found.safety_mine else ""


def _page(
    request: Visit, db: DB, found: AllegationPage, form: DraftForm, *, exhibit: ExhibitForm | None = None,
    reason: str = "", errors: dict[str, str] | None = None, changed: tuple[str, ...] = (), status: int = 200,
) -> Answer:  # fmt: skip
    site: Site = request.app.state.site
    context = {
        "languages": LANGUAGES, "reason": reason, "hows": HOW,
        "notice_why": {name: why_not(found, name, site.law) for name in LANGUAGES},
        "report": found, "form": form, "exhibit": exhibit or ExhibitForm(), "errors": errors or {}, "changed": changed,
        "asks": ASKS, "risky": [ASKS[name] for name in ASKS if name in RISKY], "kinds": EXHIBITS,
        "safety": {IMMINENT: SAFETY[IMMINENT]} if found.desk else SAFETY, "waits": WAITS,
        "seen_by": SEEN_BY, "charging": standing(db, found.id),
    }  # fmt: skip
    return page(request, "allegations/show.html", context, status=status)


HANDLERS = [
    listing, show, draft, evidence, submit, drop, answer, withdraw, contest, notice, make_notice, served,
    answer_prosecution,
]  # fmt: skip
