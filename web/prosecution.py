"""The prosecutor's desk: reports to decide, one report with its decision, and one case."""

from __future__ import annotations

from datetime import datetime

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.allegations.steps import Changed
from monitor.allegations.typed import ASKS
from monitor.clock import local_day, utc_now
from monitor.handoffs.strip import Strip, strip
from monitor.prosecution import deciding, keeping
from monitor.prosecution.case_view import CaseView, case_view
from monitor.prosecution.deciding import Decision
from monitor.prosecution.desk import desk
from monitor.prosecution.gathering import choices
from monitor.prosecution.handing import copies_of, not_yet
from monitor.prosecution.reading import Sent, sent
from monitor.prosecution.standing import REASONS
from web.absences import day_of
from web.database import DB, note, of_case
from web.forms import Form, Line, Several, Words, several
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

ASKED = "Not filed yet: the victim/witness office is told. File it once its safety step is finished."
DECISIONS = (
    ("FILE", "File", "It is taken to the court by this office. No hearing or letter follows by itself."),
    ("DECLINE", "Decline", ""), ("REFER_BACK", "Refer back to probation", "The officer sees it at once."),
)  # fmt: skip


class DecisionForm(Form):
    """``token``: what the page showed; ``due_on``: by when an answer is asked for."""

    token: Line = ""
    decision: Line = ""
    ground: Line = ""
    words: Words = ""
    safety: Line = ""
    due_on: Line = ""


class BackForm(Form):
    """Why a decision is taken back."""

    token: Line = ""
    words: Words = ""


class PacketForm(Form):
    """``row``: keys of the rows that the prosecution relies on."""

    row: Several = ""


class RecordForm(Form):
    """The days that a certified record covers."""

    from_on: Line = ""
    until_on: Line = ""


@get("/prosecution", sync_to_thread=True)
def listing(request: Visit, db: DB) -> Answer:
    """What waits for a decision, and what else needs this office."""
    site: Site = request.app.state.site
    found = desk(db, site.law, site.settings.secret_key, utc_now())
    note(db, waiting=len(found.to_decide), context=len(found.context))
    return page(request, "prosecution/list.html", {"desk": found})


@get("/prosecution/{allegation_id:int}", sync_to_thread=True)
def show(request: Visit, db: DB, allegation_id: FromPath[int]) -> Answer:
    """One report as it was sent, with the decision and its packets."""
    now = utc_now()
    return _page(request, db, _found(request, db, allegation_id, now), DecisionForm(), now)


@post("/prosecution/{allegation_id:int}/decision", sync_to_thread=True)
def decide(request: Visit, db: DB, allegation_id: FromPath[int], data: URLEncodedBody[DecisionForm]) -> Answer:
    """File, decline or refer back: 422 with what is missing, 409 where somebody else decided."""
    now = utc_now()
    found = _found(request, db, allegation_id, now)
    due_on = day_of(data.due_on)
    typed = Decision(kind=data.decision, reason=data.ground, words=data.words, safety=data.safety, due_on=due_on)
    errors = deciding.faults_of(found, typed, local_day(now, found.zone), deciding.safety_answers(db, found, now))
    if data.due_on.strip() and due_on is None:
        errors["due_on"] = "Type the day as month/day/year, or leave it empty."
    if found.waits and errors:
        return _page(request, db, found, data, now, errors=errors, status=422)
    if deciding.is_to_ask(db, found, typed, now):
        deciding.ask_first(db, found, now)
        note(db, decision="ASKED_SAFETY")
        return see_other(request, f"/prosecution/{allegation_id}", Flash(ASKED))
    note(db, decision=data.decision if data.decision in REASONS else "")
    try:
        deciding.decide(db, found, typed, data.token, now)
    except Changed as error:
        return _moved_on(request, db, allegation_id, data, error)
    return see_other(request, f"/prosecution/{allegation_id}", Flash("On record. The clock stands still."))


@post("/prosecution/{allegation_id:int}/back", sync_to_thread=True)
def take_back(request: Visit, db: DB, allegation_id: FromPath[int], data: URLEncodedBody[BackForm]) -> Answer:
    """The decision is taken back, with a reason: the report waits again."""
    now = utc_now()
    found = _found(request, db, allegation_id, now)
    if not data.words.strip():
        errors = {"back_words": "Say why the decision is taken back."}
        return _page(request, db, found, DecisionForm(), now, errors=errors, status=422)
    try:
        deciding.take_back(db, found, data.words, data.token, now)
    except Changed as error:
        return _moved_on(request, db, allegation_id, DecisionForm(), error)
    return see_other(request, f"/prosecution/{allegation_id}", Flash("Taken back. It waits for a decision again."))


@post("/prosecution/{allegation_id:int}/packets", sync_to_thread=True)
def build(request: Visit, db: DB, allegation_id: FromPath[int], data: URLEncodedBody[PacketForm]) -> Answer:
    """Make an evidence packet of the rows that were chosen, with all that helps the respondent."""
    now, site = utc_now(), request.app.state.site
    found = _found(request, db, allegation_id, now)
    chosen = set(several(data.row))
    told, rests_on = choices(db, found)
    offered = {one.key for one in (*told.pieces, *rests_on)}
    try:
        number = keeping.build(db, found, offered - chosen, site.law, now)
    except Changed as error:
        db.rollback()
        errors = {"row": " ".join(error.why)}
        return _page(request, db, found, DecisionForm(), now, errors=errors, status=422)
    note(db, number)
    return see_other(request, f"/evidence/{number}", Flash("Made and kept. It does not change any more."))


@get("/prosecution/cases/{case_id:int}", sync_to_thread=True)
def show_case(request: Visit, db: DB, case_id: FromPath[int]) -> Answer:
    """One case, cut to what the prosecution reads."""
    site: Site = request.app.state.site
    found = _case(request, db, case_id)
    return _case_page(request, found, RecordForm(), handoffs=strip(db, case_id, site.targets, utc_now()))


@post("/prosecution/cases/{case_id:int}/records", sync_to_thread=True)
def certify(request: Visit, db: DB, case_id: FromPath[int], data: URLEncodedBody[RecordForm]) -> Answer:
    """Make a certified record of some days."""
    now, site = utc_now(), request.app.state.site
    found = _case(request, db, case_id)
    first, last = day_of(data.from_on), day_of(data.until_on)
    errors = keeping.faults_of_period(first, last, found.today)
    if errors or first is None or last is None:
        return _case_page(request, found, data, errors=errors, status=422)
    number = keeping.certify(db, case_id, first, last, site.law, now)
    if number is None:
        raise NotFoundException
    note(db, number)
    return see_other(request, f"/evidence/{number}", Flash("Made and kept. It does not change any more."))


def _found(request: Visit, db: DB, allegation_id: int, now: datetime) -> Sent:
    site: Site = request.app.state.site
    found = sent(db, allegation_id, now, site.law)
    if found is None:
        raise NotFoundException
    of_case(db, found.case_id)
    return found


def _case(request: Visit, db: DB, case_id: int) -> CaseView:
    site: Site = request.app.state.site
    found = case_view(db, case_id, site.law, utc_now())
    if found is None:
        raise NotFoundException
    of_case(db, found.case_id)
    return found


def _moved_on(request: Visit, db: DB, allegation_id: int, form: DecisionForm, error: Changed) -> Answer:
    db.rollback()
    now = utc_now()
    return _page(request, db, _found(request, db, allegation_id, now), form, now, changed=error.why, status=409)


def _page(
    request: Visit, db: DB, found: Sent, form: DecisionForm, now: datetime, *, errors: dict[str, str] | None = None,
    changed: tuple[str, ...] = (), status: int = 200,
) -> Answer:  # fmt: skip
    site: Site = request.app.state.site
    packets = keeping.all_kept(db, site.law, now, allegation_id=found.id)
    told, rests_on = choices(db, found)
    context = {
        "report": found, "form": form, "errors": errors or {}, "changed": changed, "asks": ASKS,
        "safety": deciding.safety_answers(db, found, now), "decisions": DECISIONS, "packets": packets,
        "reasons": [(key, text) for kind in REASONS.values() for key, text in kind.items()], "grouped": REASONS,
        "orders": told.pieces, "left_out": told.left_out, "rests_on": rests_on, "no_packet": keeping.refusals(found),
        "copies": copies_of(db, [one.id for one in packets]), "not_yet": not_yet(db, found, packets, site.law, now),
    }  # fmt: skip
    return page(request, "prosecution/show.html", context, status=status)


def _case_page(
    request: Visit, found: CaseView, form: RecordForm, *, errors: dict[str, str] | None = None, status: int = 200,
    handoffs: Strip | None = None,
) -> Answer:  # fmt: skip
    context = {"case": found, "form": form, "errors": errors or {}, "handoffs": handoffs}
    return page(request, "prosecution/case.html", context, status=status)


HANDLERS = [listing, show, decide, take_back, build, show_case, certify]
