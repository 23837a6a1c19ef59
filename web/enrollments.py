"""Places in a program: referrals, intake, waiting list, groups, leave, discharge, completion; a concern at any time."""

from __future__ import annotations

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.bench_page.words import language_words
from monitor.clock import local_day, utc_now
from monitor.concerns import raise_concern
from monitor.enrollment.completing import lacks
from monitor.enrollment.making import Answers, faults_of, make
from monitor.enrollment.moves import BY_NAME
from monitor.enrollment.page import Place
from monitor.enrollment.reading import DISCHARGES, place_page, places_page
from monitor.enrollment.undoing import last_entry, take_back_last
from monitor.grid.page import CONCERNS, GROUNDS
from monitor.handoffs.strip import Strip, strip
from monitor.intake.receiver import Receiver
from monitor.releases import SCOPE_WORDS, keep_release, withdraw
from monitor.releases import faults_of as faults_of_release
from monitor.safety_lint import is_clean
from monitor.wording import short_day
from web.absences import day_of
from web.database import DB, note, of_case
from web.forms import Form, Line, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

LIST = "/enrollments"
AGREED = {
    "provider": "Our program", "referrer": "Whoever referred", "probation": "Probation", "court": "The court",
}  # fmt: skip
MOVED = {
    "MOVED": "Moved", "SCHEDULE": "Work or schedule", "PROGRAM_CLOSED": "The program closed", "OTHER": "Another reason",
}  # fmt: skip
UNSAFE = "These words may tell of somebody else. Leave out victims, partners, addresses and numbers."
CHANGED = "It changed since you opened it. Nothing was saved; this is how it stands now."


class MoveForm(Form):
    """One move and what it asks for; ``token`` is what the page showed."""

    move: Line = ""
    token: Line = ""
    on: Line = ""
    until_on: Line = ""
    seat_on: Line = ""
    group: Line = ""
    from_program: Line = ""
    why_moved: Line = ""
    agreed_provider: Line = ""
    agreed_referrer: Line = ""
    agreed_probation: Line = ""
    agreed_court: Line = ""
    why: Line = ""
    ability: Line = ""
    words: Line = ""

    def answers(self) -> Answers:
        """As the record takes it."""
        agreed = tuple(one for one in AGREED if getattr(self, f"agreed_{one}"))
        return Answers(
            on=day_of(self.on), until_on=day_of(self.until_on), seat_on=day_of(self.seat_on), group=_id(self.group),
            from_program=_id(self.from_program), why_moved=self.why_moved, agreed=agreed, why=self.why,
            ability=self.ability, words=self.words,
        )  # fmt: skip


class UndoForm(Form):
    """Why the newest entry is taken back; may stay empty. ``token`` is empty where it is undone right after saving."""

    token: Line = ""
    reason: Line = ""


class ReleaseForm(Form):
    """A signed release, or ``act`` "withdraw"."""

    act: Line = ""
    signed_on: Line = ""
    ends_on: Line = ""
    scope_probation: Line = ""
    scope_court: Line = ""
    scope_prosecutor: Line = ""
    scope_advocate_list: Line = ""


class ConcernForm(Form):
    """What a program puts before the officer."""

    kind: Line = ""
    ground: Line = ""


UNTYPED = {name: "" for form in (UndoForm, ReleaseForm, ConcernForm) for name in form.__struct_fields__}


def _id(text: str) -> int | None:
    return id_of(text) or None


@get(LIST, sync_to_thread=True)
def show_list(request: Visit, db: DB) -> Answer:
    """New referrals with their clock, the waiting list, the groups, and who left."""
    today = local_day(utc_now(), request.user.zone)
    return page(request, "enrollments/list.html", {"places": places_page(db, today), "today": today})


@get(LIST + "/{enrollment_id:int}", sync_to_thread=True)
def show(request: Visit, db: DB, enrollment_id: FromPath[int]) -> Answer:
    """One place: what happened, and what can be done now."""
    site: Site = request.app.state.site
    place = _found(request, db, enrollment_id)
    return _page(request, place, MoveForm(), handoffs=strip(db, place.case_id, site.targets, utc_now()))


@post(LIST + "/{enrollment_id:int}", sync_to_thread=True)
def move(request: Visit, db: DB, enrollment_id: FromPath[int], data: URLEncodedBody[MoveForm]) -> Answer:
    """Make one of the moves that lead on from where the place stands."""
    place = _found(request, db, enrollment_id)
    chosen = BY_NAME.get(data.move)
    if data.token != place.token or chosen is None or chosen not in place.moves:
        return _page(request, place, data, {"moves": CHANGED}, status=409)
    by, answers = _receiver(request, place), data.answers()
    if faults := faults_of(place, chosen, answers, by.today):
        return _page(request, place, data, {f"{chosen.name}-{name}": text for name, text in faults.items()}, status=422)
    make(db, place, chosen, answers, by)
    note(db, move=chosen.name)
    address = f"{LIST}/{enrollment_id}"
    told = Flash(f"Saved: {chosen.label[0].lower()}{chosen.label[1:]}.", undo=f"{address}/undo")
    return see_other(request, address, told)


@post(LIST + "/{enrollment_id:int}/undo", sync_to_thread=True)
def undo(request: Visit, db: DB, enrollment_id: FromPath[int], data: URLEncodedBody[UndoForm]) -> Answer:
    """Take back the newest entry. Without the page's token (right after saving) only one's own."""
    place = _found(request, db, enrollment_id)
    by = _receiver(request, place)
    entry = place.last
    own = entry is not None and entry.entered_by == by.user_id
    if data.token != place.token and (data.token or not own):
        return _page(request, place, MoveForm(), {"undo": CHANGED}, status=409)
    if not is_clean(data.reason):
        return _page(request, place, MoveForm(), {"undo": UNSAFE}, status=422, typed=data)
    if not take_back_last(db, enrollment_id, by, data.reason):
        why = entry.why_not if entry else "There is nothing of yours to take back."
        return _page(request, place, MoveForm(), {"undo": why}, status=409)
    note(db, undone=True)
    return see_other(request, f"{LIST}/{enrollment_id}", Flash("Taken back. What was entered stays on record."))


@post(LIST + "/{enrollment_id:int}/concern", sync_to_thread=True)
def concern(request: Visit, db: DB, enrollment_id: FromPath[int], data: URLEncodedBody[ConcernForm]) -> Answer:
    """Put something before the officer now, outside a class."""
    place = _found(request, db, enrollment_id)
    if data.kind not in CONCERNS or data.ground not in GROUNDS:
        told = {"kind": "Choose what it is about and how you know. What others told you stays out of here: call."}
        return _page(request, place, MoveForm(), told, status=422, typed=data)
    by = _receiver(request, place)
    new = raise_concern(db, enrollment_id, by.today, data.kind, data.ground, by)
    text = "It lies before the officer now." if new else "The officer was told of it today already."
    return see_other(request, f"{LIST}/{enrollment_id}", Flash(f"{text} In danger, call 911 and the officer."))


@post(LIST + "/{enrollment_id:int}/release", sync_to_thread=True)
def release(request: Visit, db: DB, enrollment_id: FromPath[int], data: URLEncodedBody[ReleaseForm]) -> Answer:
    """Put a signed release on record, or its withdrawal."""
    place = _found(request, db, enrollment_id)
    by, address = _receiver(request, place), f"{LIST}/{enrollment_id}"
    if data.act == "withdraw":
        done = withdraw(db, enrollment_id, by)
        told = "Withdrawn: nothing more is taken for this person." if done else "There is no release to withdraw."
        return see_other(request, address, Flash(told))
    scope = [one for one in SCOPE_WORDS if getattr(data, f"scope_{one}")]
    signed_on, until_on = day_of(data.signed_on), day_of(data.ends_on)
    errors = faults_of_release(signed_on, until_on, scope, by.today)
    if data.ends_on.strip() and until_on is None:
        errors["ends_on"] = "Give the last day as month/day/year, or leave it empty."
    if place.release and signed_on and signed_on < place.release.signed_on:
        errors["signed_on"] = f"The one of {short_day(place.release.signed_on)} is newer, and holds. Check the day."
    if errors or signed_on is None:
        return _page(request, place, MoveForm(), errors, status=422, typed=data)
    keep_release(db, enrollment_id, signed_on, until_on, scope, by)
    return see_other(request, address, Flash("The release is on record. The paper stays with you."))


@get(LIST + "/{enrollment_id:int}/letter", sync_to_thread=True)
def letter(request: Visit, db: DB, enrollment_id: FromPath[int]) -> Answer:
    """The waiting-list letter, to print for the participant."""
    place = _found(request, db, enrollment_id)
    if place.seat_on is None:
        raise NotFoundException
    return page(request, "enrollments/letter.html", {"place": place, "spanish": place.language == "es"})


def _found(request: Visit, db: DB, enrollment_id: int) -> Place:
    now = utc_now()
    place = place_page(db, enrollment_id, local_day(now, request.user.zone))
    if place is None:
        raise NotFoundException
    of_case(db, place.case_id)
    place = msgspec.structs.replace(place, last=last_entry(db, enrollment_id, now))
    if BY_NAME["complete"] not in place.moves:
        return place
    site: Site = request.app.state.site
    today = local_day(now, request.user.zone)
    missing = lacks(db, place.case_id, place.program_id, today, now, site.settings.own_packs())
    return msgspec.structs.replace(place, lacks=missing)


def _receiver(request: Visit, place: Place) -> Receiver:
    who, now = request.user, utc_now()
    return Receiver(who.agency_id, place.program_id, who.user_id, now, local_day(now, who.zone))


def _page(
    request: Visit, place: Place, form: MoveForm, errors: dict[str, str] | None = None, status: int = 200,
    handoffs: Strip | None = None, typed: Form | None = None,
) -> Answer:  # fmt: skip
    """``typed``: what stood in the form of a concern, a release or an undo that was not taken."""
    context = {
        "typed": UNTYPED | (msgspec.structs.asdict(typed) if typed else {}),
        "place": place, "needs": language_words(place.language), "form": form, "errors": errors or {},
        "agreed": AGREED.items(), "moved": MOVED.items(),
        "discharges": DISCHARGES.items(), "concerns": CONCERNS.items(), "grounds": GROUNDS.items(),
        "scopes": SCOPE_WORDS.items(), "today": local_day(utc_now(), request.user.zone), "handoffs": handoffs,
    }  # fmt: skip
    return page(request, "enrollments/show.html", context, status=status)


HANDLERS = [show_list, show, move, undo, concern, release, letter]
