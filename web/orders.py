"""The court's desk of orders: made from a template, checked, printed to sign, and put on record once signed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, Parameter, URLEncodedBody

from monitor.clock import utc_now
from monitor.compliance.evaluation import switched_on
from monitor.contact_log.entering import hour_of
from monitor.documents import order_pdf
from monitor.handoffs.strip import Strip, strip
from monitor.orders import drafting, firearms, versions
from monitor.orders.making import make, name_to_sign, protected_name
from monitor.orders.page import Desk, OrderLine, Typed
from monitor.orders.reading import (
    Reader,
    desk_of_hearing,
    desk_of_order,
    next_number,
    paper_on_record,
    today_of,
)
from monitor.orders.templates import Template, templates
from monitor.orders.words import PLACES
from monitor.results.words import NOTICE_STEP
from web.absences import day_of
from web.database import DB, note, of_case
from web.files import as_print
from web.forms import Form, Line, Name, Several, Words, id_of, several
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

CHANGED_SINCE = "The order was changed since this page was opened, or holds no more. This is how it stands now."
Code = Annotated[str, Parameter(max_length=60)]


class OrderForm(Form):
    """Everything the form of an order may say; which of it is asked for, the template says."""

    template: Name = ""
    number: Name = ""
    judge: Name = ""
    party: Name = ""
    given: Line = ""
    family: Line = ""
    terms: Several = ""
    yards: Name = ""
    places: Several = ""
    allowed: Several = ""
    words: Words = ""
    issued_on: Name = ""
    ends_on: Name = ""
    endless: Name = ""
    firearm_heard: Name = ""
    firearm_related: Name = ""
    firearm_forbids: Name = ""
    flag: Name = ""
    notice: Name = ""
    program: Name = ""
    review_on: Name = ""
    review_at: Name = ""
    no_review: Name = ""

    def typed(self) -> Typed:
        """As the record takes it."""
        hour = hour_of(self.review_at)
        return Typed(
            number=self.number, judge=_id(self.judge), party=self.party, given=self.given, family=self.family,
            terms=several(self.terms), yards=self.yards, places=several(self.places), allowed=several(self.allowed),
            words=self.words, issued_on=day_of(self.issued_on), ends_on=day_of(self.ends_on),
            endless=bool(self.endless), firearm=(self.firearm_heard, self.firearm_related, self.firearm_forbids),
            flag=self.flag, notice=self.notice, program=_id(self.program), review_on=day_of(self.review_on),
            review_at=hour.strftime("%H:%M") if hour else "", no_review=self.no_review, unread=self._unread(),
        )  # fmt: skip

    def _unread(self) -> dict[str, str]:
        """Days and hours that cannot be read, to stand in the form as they were typed."""
        days = {name: getattr(self, name) for name in ("issued_on", "ends_on", "review_on")}
        hour = {} if hour_of(self.review_at) else {"review_at": self.review_at}
        return {name: text for name, text in days.items() if day_of(text) is None} | hour


class ChangeForm(OrderForm):
    """The same for a later version. ``seen``: the version that the form was opened from."""

    seen: Name = ""


class EndForm(Form):
    """How and on which day the order ends, and what the desk's checklist says."""

    how: Name = ""
    on: Name = ""
    notice_step: Name = ""
    seen: Name = ""


@get("/hearings/{hearing_id:int}/orders", sync_to_thread=True)
def listed(request: Visit, db: DB, hearing_id: FromPath[int]) -> Answer:
    """The orders about this person, which prevails where they meet, and the templates for a new one."""
    desk = _desk(request, db, hearing_id, utc_now())
    return page(request, "orders/list.html", {"desk": desk, "handoffs": _handoffs(request, db, desk)})


@get("/hearings/{hearing_id:int}/orders/new", sync_to_thread=True)
def opened(request: Visit, db: DB, hearing_id: FromPath[int], template: Code = "") -> Answer:
    """An empty form of one template: what the case knows stands there already."""
    now = utc_now()
    desk = _desk(request, db, hearing_id, now)
    chosen = _template(desk, template)
    typed = drafting.opened(chosen, desk, today_of(desk, now), next_number(desk))
    return _form(request, desk, chosen, typed)


@post("/hearings/{hearing_id:int}/orders/check", sync_to_thread=True)
def check(request: Visit, db: DB, hearing_id: FromPath[int], data: URLEncodedBody[OrderForm]) -> Answer:
    """What is missing, and how the order reads. Nothing is kept."""
    now, typed = utc_now(), data.typed()
    desk = _desk(request, db, hearing_id, now)
    chosen = _template(desk, data.template)
    errors = drafting.faults_of(chosen, desk, typed, today_of(desk, now))
    return _form(request, desk, chosen, typed, errors, checked=True, status=422 if errors else 200)


@post("/hearings/{hearing_id:int}/orders/paper", sync_to_thread=True)
def paper(request: Visit, db: DB, hearing_id: FromPath[int], data: URLEncodedBody[OrderForm]) -> Answer:
    """The paper to sign. Nothing is kept: an order is on record once a judge has signed it."""
    now, typed = utc_now(), data.typed()
    desk = _desk(request, db, hearing_id, now)
    chosen = _template(desk, data.template)
    if errors := drafting.faults_of(chosen, desk, typed, today_of(desk, now)):
        return _form(request, desk, chosen, typed, errors, status=422)
    name = name_to_sign(db, desk, chosen, typed, secret_of(request))
    return as_print(db, order_pdf(drafting.paper_of(chosen, desk, typed, name), now), "order-to-sign.pdf")


@post("/hearings/{hearing_id:int}/orders", sync_to_thread=True)
def save(request: Visit, db: DB, hearing_id: FromPath[int], data: URLEncodedBody[OrderForm]) -> Answer:
    """The judge has signed: dispatch, the program and the rules have it with this."""
    now, typed = utc_now(), data.typed()
    desk = _desk(request, db, hearing_id, now)
    chosen = _template(desk, data.template)
    errors = drafting.faults_of(chosen, desk, typed, today_of(desk, now))
    if errors or desk.closed:
        return _form(request, desk, chosen, typed, errors, status=422)
    order_id = make(db, desk, chosen, typed, secret_of(request), now)
    note(db, order_id, template=chosen.code)
    told = "On record. Dispatch and patrol read it now; the officer is told."
    return see_other(request, f"/orders/{order_id}", Flash(told))


@get("/orders/{order_id:int}", sync_to_thread=True)
def show(request: Visit, db: DB, order_id: FromPath[int]) -> Answer:
    """One order: how it reads, where it stands, every version and what it changed."""
    desk, order = found_order(request, db, order_id, utc_now())
    return _show(request, desk, order, EndForm(), handoffs=_handoffs(request, db, desk))


@get("/orders/{order_id:int}/paper", sync_to_thread=True)
def printed(request: Visit, db: DB, order_id: FromPath[int]) -> Answer:
    """The order as it stands on record, with the protected name: for the court's staff alone."""
    now = utc_now()
    desk, order = found_order(request, db, order_id, now)
    name = protected_name(db, order.party, secret_of(request))
    return as_print(db, order_pdf(paper_on_record(db, desk, order, name), now), f"order-{order_id}.pdf")


@get("/orders/{order_id:int}/change", sync_to_thread=True)
def reopened(request: Visit, db: DB, order_id: FromPath[int]) -> Answer:
    """The order as it stands, to be changed or extended."""
    now = utc_now()
    desk, order = found_order(request, db, order_id, now)
    chosen = _template(desk, order.template)
    typed = versions.typed_of(chosen, order, desk.zone, today_of(desk, now))
    return _form(request, desk, chosen, typed, order=order)


@post("/orders/{order_id:int}/change", sync_to_thread=True)
def change(request: Visit, db: DB, order_id: FromPath[int], data: URLEncodedBody[ChangeForm]) -> Answer:
    """The judge has signed the change: the next version holds from now on."""
    now, typed = utc_now(), data.typed()
    desk, order = found_order(request, db, order_id, now)
    chosen = _template(desk, order.template)
    if not order.in_force or data.seen != str(order.versions[-1].number):
        return _form(request, desk, chosen, typed, {"terms": CHANGED_SINCE}, order=order, status=409)
    if errors := versions.faults_of_change(chosen, desk, order, typed, today_of(desk, now)):
        return _form(request, desk, chosen, typed, errors, order=order, status=422)
    try:
        versions.change(db, desk, chosen, order, typed, now)
    except versions.Moved:
        return _form(request, desk, chosen, typed, {"terms": CHANGED_SINCE}, order=order, status=409)
    return see_other(request, f"/orders/{order_id}", Flash("On record. The new version holds from now on."))


@post("/orders/{order_id:int}/end", sync_to_thread=True)
def end(request: Visit, db: DB, order_id: FromPath[int], data: URLEncodedBody[EndForm]) -> Answer:
    """The court has ended the order: it holds no more, and stays on record."""
    now, day = utc_now(), day_of(data.on)
    desk, order = found_order(request, db, order_id, now)
    errors = versions.faults_of_end(order, data.how, day, data.notice_step, today_of(desk, now))
    stale = not order.in_force or data.seen != str(order.versions[-1].number)
    if stale or errors or day is None:
        told = {"how": CHANGED_SINCE} if stale else errors
        return _show(request, desk, order, data, told, status=409 if stale else 422)
    try:
        versions.end(db, desk, order, data.how, day, now)
    except versions.Moved:
        return _show(request, desk, order, data, {"how": CHANGED_SINCE}, status=409)
    note(db, how=data.how, notice_step=data.notice_step)
    return see_other(request, f"/orders/{order_id}", Flash("On record. The order holds no more."))


def reader_of(request: Visit, now: datetime) -> Reader:
    """What a desk of orders is read with."""
    site: Site = request.app.state.site
    settings = site.settings
    return Reader(templates(*settings.own_order_templates()), switched_on(*settings.own_packs()), site.law, now)


def _desk(request: Visit, db: DB, hearing_id: int, now: datetime) -> Desk:
    desk = desk_of_hearing(db, hearing_id, reader_of(request, now))
    if desk is None:
        raise NotFoundException
    of_case(db, desk.case_id)
    return desk


def found_order(request: Visit, db: DB, order_id: int, now: datetime) -> tuple[Desk, OrderLine]:
    """The desk and one of its orders; NotFoundException where this person has none such."""
    desk = desk_of_order(db, order_id, reader_of(request, now))
    order = next((one for one in desk.orders if one.id == order_id), None) if desk else None
    if desk is None or order is None:
        raise NotFoundException
    of_case(db, desk.case_id)
    return desk, order


def _template(desk: Desk, code: str) -> Template:
    found = desk.template(code)
    if found is None:
        raise NotFoundException
    return found


def _handoffs(request: Visit, db: DB, desk: Desk) -> Strip | None:
    site: Site = request.app.state.site
    return strip(db, desk.case_id, site.targets, utc_now())


def secret_of(request: Visit) -> str:
    """With which protected names are sealed."""
    site: Site = request.app.state.site
    return site.settings.secret_key


def _id(text: str) -> int | None:
    return id_of(text) or None


def _firearm(order: OrderLine) -> list[tuple[str, str]]:
    said = [*(words for _, words in firearms.QUESTIONS), "Flag for the registry"]
    return [(words, firearms.WORDS[one]) for words, one in zip(said, order.firearm, strict=True)]


def _show(
    request: Visit, desk: Desk, order: OrderLine, form: EndForm, errors: dict[str, str] | None = None,
    status: int = 200, handoffs: Strip | None = None,
) -> Answer:  # fmt: skip
    shown = {
        "desk": desk, "order": order, "firearm": _firearm(order), "form": form, "errors": errors or {},
        "ends": versions.ENDS, "steps": NOTICE_STEP, "known": desk.template(order.template) is not None,
        "handoffs": handoffs,
    }  # fmt: skip
    return page(request, "orders/show.html", shown, status=status)


def _form(
    request: Visit, desk: Desk, chosen: Template, typed: Typed, errors: dict[str, str] | None = None, *,
    checked: bool = False, order: OrderLine | None = None, status: int = 200,
) -> Answer:  # fmt: skip
    faults = errors or {}
    lines = drafting.lines_of(chosen, typed)
    reads = "" if {"terms", "yards", "places", "words", "ends_on"} & set(faults) else drafting.sentence(
        desk, lines, None if typed.endless else typed.ends_on
    )  # fmt: skip
    shown = {
        "desk": desk, "order": order, "template": chosen, "typed": typed, "errors": faults, "checked": checked,
        "lines": lines,
        "reads": reads, "exceptions": drafting.exceptions_offered(chosen), "places": PLACES,
        "asked": firearms.QUESTIONS, "answers": firearms.ANSWERS,
        "proposed": firearms.WORDS[firearms.proposed(typed.firearm)],
        "why": firearms.why(typed.firearm), "notices": drafting.NOTICES, "no_reviews": drafting.NO_REVIEW,
    }  # fmt: skip
    return page(request, "orders/form.html", shown, status=status)


HANDLERS = [listed, opened, check, paper, save, show, printed, reopened, change, end]
