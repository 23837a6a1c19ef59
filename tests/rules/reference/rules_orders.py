"""Flags about protective orders, incidents, the end of the term, firearms, money and the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tests.rules.reference import law
from tests.rules.reference.clock import is_open, moment_of
from tests.rules.reference.life import ENDS, due_day, end_of_term, flag, in_life, overdue, pauses
from tests.rules.reference.record import Rec, View, stricter
from tests.rules.reference.rules_completion import falls_short_of_months, level_on
from tests.rules.reference.rules_enrollment import enrollments, first_day
from tests.rules.reference.sessions import absences, sessions, treatment_start, window_length

Flags = Iterator[dict[str, Any]]
DAY = timedelta(days=1)
CRIMINAL, EMERGENCY = "criminal_no_contact", "emergency_protective"


@dataclass
class Protective:
    """A protective order as it stood at one instant."""

    id: str
    kind: str | None
    issued: datetime
    terms: str | None
    stay_away: bool
    exceptions: set[str]
    until: datetime | None
    served: bool
    over: bool

    def strictness(self) -> tuple[int, int]:
        return (1 if self.terms == "no_contact" else 0, -len(self.exceptions))


def protective_at(view: View, at: datetime) -> list[Protective]:
    """The protective orders in force at an instant, the earliest first."""
    found = [stood(view, name, at) for name in sorted(view.case.protective())]
    here = [one for one in found if one and not one.over and (one.until is None or at < one.until)]
    return sorted(here, key=lambda one: (one.issued, one.id))


def stood(view: View, name: str, at: datetime) -> Protective | None:
    order: Protective | None = None
    for rec in view.of("order"):
        if rec.get("order") != name or rec.moment > at:
            continue
        if rec.get("event") == "issued":
            order = Protective(name, rec.get("kind"), rec.moment, None, False, set(), None, False, False)
        if order is not None:
            happens(order, rec)
    return order


def happens(order: Protective, rec: Rec) -> None:
    event = rec.get("event")
    if event in {"issued", "modified"}:
        order.terms = rec.get("contact_terms", order.terms)
        order.stay_away = rec.get("stay_away", order.stay_away)
        order.exceptions = set(rec.get("exceptions", order.exceptions))
        order.until = datetime.fromisoformat(rec.get("until")) if rec.get("until") else order.until
    elif event == "served":
        order.served = True
    elif event in ENDS | {"suspended"}:
        order.over = True
    elif event == "reinstated":
        order.over = False


def controlling(view: View, orders: list[Protective]) -> Protective | None:
    if not orders:
        return None
    strictest = max(one.strictness() for one in orders)
    if view.order.pack != "us_ca":
        return next(one for one in orders if one.strictness() == strictest)
    for one in orders:
        others = [other.strictness() for other in orders if other is not one]
        if one.kind == EMERGENCY and all(one.strictness() > other for other in others):
            return one
    return california_next(orders)


def california_next(orders: list[Protective]) -> Protective:
    """A no-contact order, then a criminal order, then the latest civil one."""
    forbids = [one for one in orders if one.terms == "no_contact"]
    if forbids:
        strictest = max(one.strictness() for one in forbids)
        return next(one for one in forbids if one.strictness() == strictest)
    criminal = [one for one in orders if one.kind == CRIMINAL]
    if criminal:
        return criminal[0]
    civil = [one for one in orders if one.kind != EMERGENCY]
    return (civil or orders)[-1]


def usable(view: View, rec: Rec) -> bool:
    """What the protected person told needs her consent; a device's alert needs a person's word."""
    if rec.get("source") == "victim":
        return bool(rec.get("consent") or rec.get("duty_to_warn"))
    return rec.get("source") != "device" or word_on(view, rec) == "confirmed"


def word_on(view: View, rec: Rec) -> str | None:
    names = {version.id for version in view.versions(rec.id)}
    found = [one for one in view.of("adjudication") if one.get("of") in names]
    found = [one for one in found if one.get("decision") in {"confirmed", "dismissed"}]
    return max(found, key=lambda one: (one.known, one.id)).get("decision") if found else None


def incidents(view: View) -> Flags:
    for rec in (one for one in view.of("incident") if usable(view, one)):
        if rec.get("kind") == "new_violence":
            yield flag(view, "NEW_VIOLENCE_REPORTED", rec.day, about=rec.id)
        yield from alleged(view, rec)


def alleged(view: View, rec: Rec) -> Flags:
    orders = protective_at(view, rec.moment)
    entry = rec.get("kind") == "stay_away_entry"
    order = controlling(view, [one for one in orders if one.stay_away] if entry else orders)
    if order is None:
        return
    code = "STAY_AWAY_ALLEGED" if entry else contact_code(order, rec)
    if code is None:
        return
    if not order.served:
        code = "SERVICE_NOT_SHOWN"
    made = flag(view, code, rec.day, about=rec.id)
    made["order"] = order.id
    later = [one for one in orders if one.issued > order.issued and contact_code(one, rec) is None]
    if code == "NO_CONTACT_ALLEGED" and later:
        made["mitigation"] = ["later_order_permits"]
    yield made


def contact_code(order: Protective, rec: Rec) -> str | None:
    """What an act is under the order; None where it is allowed."""
    excepted = "child_exchange" in order.exceptions and rec.get("channel") == "exchange"
    if rec.get("kind") == "contact" and (excepted or order.terms != "no_contact"):
        return None
    return "NO_CONTACT_ALLEGED" if order.terms == "no_contact" else "PEACEFUL_CONTACT_BREACH_ALLEGED"


def device_alerts(view: View) -> Flags:
    then = view.on_record()
    for rec in then.of("incident"):
        if rec.get("source") == "device" and word_on(then, rec) is None:
            yield flag(view, "DEVICE_ALERT_TO_CHECK", rec.day, about=rec.id)


def orders_conflict(view: View) -> Flags:
    """A later order in force permits what an earlier one in force forbids."""
    moments = sorted({rec.moment for rec in view.of("order")} | untils(view))
    moments = [moment for moment in moments if moment <= view.now]
    for later in conflicts(view, view.now):
        since = view.now
        for moment in reversed(moments):
            if later not in conflicts(view, moment):
                break
            since = moment
        made = flag(view, "ORDERS_CONFLICT", view.local(since), about=later)
        yield {**made, "order": None}


def untils(view: View) -> set[datetime]:
    return {moment_of(rec.get("until"), view.case.zone) for rec in view.of("order") if rec.get("until")}


def conflicts(view: View, at: datetime) -> set[str]:
    orders = protective_at(view, at)
    return {
        later.id
        for later in orders
        for earlier in orders
        if earlier.issued < later.issued and later.strictness() < earlier.strictness()
    }


def outside_term(view: View) -> Flags:
    end = end_of_term(view)
    if end is None:
        return
    for one in sessions(view):
        if one.absent and one.day > end:
            yield flag(view, "OUTSIDE_SUPERVISION_TERM", one.day, about=one.id, subjects=list(one.names))
    for rec in view.of("incident"):
        if usable(view, rec) and rec.day > end:
            yield flag(view, "OUTSIDE_SUPERVISION_TERM", rec.day, about=rec.id)


def adjudicable(view: View) -> Flags:
    end = end_of_term(view)
    if end is None or not view.order.has("VIOLATION_ADJUDICABLE"):
        return
    kept = any(start.day <= end and (over is None or over.day > end) for start, over in pauses(view, "revocation"))
    events = [(one.id, one.day) for one in absences(view, "unexcused", any_era=True)]
    events += [(rec.id, rec.day) for rec in view.of("incident") if usable(view, rec) and in_life(view, rec.day)]
    for name, day in events:
        if kept and view.today > end and day <= end and not decided(view, name, day):
            yield flag(view, "VIOLATION_ADJUDICABLE", end + DAY, about=name)


def decided(view: View, name: str, day: date) -> bool:
    """Whether the court has decided on this event, or on everything up to then."""
    kinds = {"response_recorded", "breach_resolved", "flag_resolved"}
    found = [rec for rec in view.of("decision") if rec.get("by") == "court" and rec.get("kind") in kinds]
    return any(rec.get("about") == name or (rec.get("about") is None and rec.day >= day) for rec in found)


def firearm_done(view: View, event: str) -> list[Rec]:
    return [rec for rec in view.of("firearm") if rec.get("event") in {event, "no_firearms_declared"}]


def firearms(view: View) -> Flags:
    if "firearm_surrender" not in view.order.anchors.get("conditions", []):
        return
    served = view.order.anchors.get("served_at")
    if view.order.pack == "us_ca":
        if served:
            at = datetime.fromisoformat(served)
            yield from hours(view, "FIREARM_RELINQUISH_OVERDUE", at + timedelta(hours=24), "relinquished")
            yield from hours(view, "FIREARM_PROOF_OVERDUE", at + timedelta(hours=48), "proof_filed")
        yield from firearm_form(view)
    if view.order.pack == "us_wa" and served:
        yield from washington_proof(view, datetime.fromisoformat(served))


def hours(view: View, code: str, due: datetime, event: str) -> Flags:
    if view.now > due and not firearm_done(view, event) and in_life(view, view.today):
        severity = "review" if code == "FIREARM_PROOF_OVERDUE" and office_closed_since(view, due) else "high"
        yield flag(view, code, due, due=due, severity=severity)


def office_closed_since(view: View, due: datetime) -> bool:
    """Every day since the due instant was closed, or the first open one is not over."""
    day = view.local(due)
    if is_open(day, view.case.holidays):
        return False
    while not is_open(day, view.case.holidays):
        day += DAY
    return view.today <= day


def washington_proof(view: View, served: datetime) -> Flags:
    proceeding = view.order.anchors.get("proceeding")
    if proceeding == "civil":
        yield from hours(view, "FIREARM_PROOF_OVERDUE", served + timedelta(hours=24), "proof_filed")
    if proceeding == "criminal":
        for start, end in pauses(view, "custody"):
            if start.moment <= served and end is not None and end.moment > served:
                yield from hours(view, "FIREARM_PROOF_OVERDUE", end.moment, "proof_filed")


def firearm_form(view: View) -> Flags:
    convicted, in_custody = view.order.day("convicted_on"), view.order.anchors.get("in_custody")
    if convicted is not None and in_custody is not None:
        due = due_day(view, "FIREARM_FORM_OVERDUE", convicted + (14 if in_custody else 5) * DAY)
        yield from overdue(view, "FIREARM_FORM_OVERDUE", due, first_day(firearm_done(view, "form_filed")))


def fees(view: View) -> Flags:
    settled = {"paid", "waiver_granted", "waiver_denied", "ability_found"}
    ends = [rec.moment for rec in view.of("fee") if rec.get("event") in settled]
    last = max(ends, default=None)
    unpaid = [rec for rec in view.of("fee") if rec.get("event") == "unpaid"]
    thrown_out = [rec for rec in enrollments(view, "discharged") if rec.get("reason") == "non_payment"]
    left = [rec for rec in [*unpaid, *thrown_out] if last is None or rec.moment > last]
    if left:
        asked = [rec for rec in view.of("fee") if rec.get("event") == "waiver_requested"]
        waiting = ["waiver_pending"] if any(last is None or rec.moment > last for rec in asked) else []
        severity = "high" if any(rec in thrown_out for rec in left) else "info"
        day = min(rec.day for rec in left)
        yield flag(view, "FEE_REVIEW_NEEDED", day, severity=severity, mitigation=waiting)


def weaker_policy(view: View) -> Flags:
    since = view.order.day("effective_on") or view.order.day("ordered_on")
    weaker = set()
    terms = view.order.terms
    policies = [terms.get("provider_policy", {}), *terms.get("programs", {}).values()]
    for term, value in [pair for policy in policies for pair in policy.items()]:
        law_says = view.order.pack_value(term)
        if law_says is not None and term in law.WEAKER_IS_ABOUT and stricter(term, law_says, value):
            weaker.add(law.WEAKER_IS_ABOUT[term])
        if term == "bip.length_min" and falls_short_of_months(view.order.pack, value):
            weaker.add(law.WEAKER_IS_ABOUT[term])
    for code in weaker if since else []:
        yield flag(view, "POLICY_WEAKER_THAN_LAW", since or date.max, of_code=code)


def input_missing(view: View) -> Flags:
    anchors, pack = view.order.anchors, view.order.pack
    begun = view.order.day("supervision_started_on")
    start = treatment_start(view)
    if pack == "us_nv" and anchors.get("distance_miles") is None and window_length(view) is None and start:
        yield flag(view, "INPUT_MISSING", start, of_code="ATTENDANCE_WINDOW_MISSED")
    if (
        pack == "us_az"
        and anchors.get("offense_number") is None
        and start
        and view.term("bip.sessions_min")[0] is None
    ):
        yield flag(view, "INPUT_MISSING", start, of_code="COMPLETION_WINDOW_EXCEEDED")
    own, _ = view.term("contact.face_to_face")
    if pack in {"us_pa", "us_nd", "us_id"} and begun and not own and level_on(view, begun) is None:
        yield flag(view, "INPUT_MISSING", begun, of_code="CONTACT_OVERDUE")
    if "firearm_surrender" in anchors.get("conditions", []):
        yield from firearm_input(view)


def firearm_input(view: View) -> Flags:
    anchors, convicted = view.order.anchors, view.order.day("convicted_on")
    if view.order.pack == "us_ca" and convicted and anchors.get("in_custody") is None:
        yield flag(view, "INPUT_MISSING", convicted, of_code="FIREARM_FORM_OVERDUE")
    if view.order.pack == "us_wa" and anchors.get("served_at") and anchors.get("proceeding") is None:
        day = view.local(datetime.fromisoformat(anchors["served_at"]))
        yield flag(view, "INPUT_MISSING", day, of_code="FIREARM_PROOF_OVERDUE")


ONCE = [incidents, device_alerts, orders_conflict]
def terms_not_entered(view: View) -> Flags:
    """A change that the registry has not confirmed by the last day that the court has set, while its order stands."""
    days, basis = view.term("order.entry_max")
    if basis is None:
        return
    for rec in (one for one in view.of("order") if one.get("event") == "entry_waits"):
        confirmed = rec.get("until") and datetime.fromisoformat(rec.get("until")) <= view.now
        first = rec.day + (days + 1) * DAY
        if first <= view.today and not confirmed and not ended(view, rec.get("order")):
            yield flag(view, "TERMS_NOT_ENTERED", first, basis=basis)


def ended(view: View, name: str) -> bool:
    """Whether an order is over by now: a court ended it, or its last instant has passed."""
    told = [one for one in view.of("order") if one.get("order") == name and one.get("event") != "entry_waits"]
    until = [datetime.fromisoformat(one.get("until")) for one in told if one.get("until")]
    return any(one.get("event") in ENDS for one in told) or bool(until and until[-1] <= view.now)


RULES = [terms_not_entered, outside_term, adjudicable, firearms, fees, weaker_policy, input_missing]
