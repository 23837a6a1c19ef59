"""When an order is in force, which days are paused, which era a day belongs to, and what a flag looks like."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from rules.catalogue import CATALOGUE
from tests.rules.reference import law
from tests.rules.reference.clock import midnight, month_later, rolled
from tests.rules.reference.record import Rec, View
from tests.rules.reference.stays import ground_by_ground, walked

ENDS = {"terminated", "expired", "vacated"}
NOTHING_EXPECTED = ("custody", "hospital", "provider_closed", "court_stay")
FOREVER = date(2200, 1, 1)
BOUND_TO_THE_ORDER = {
    "BEGIN_ATTENDANCE_OVERDUE", "ENROLLMENT_OVERDUE", "ENROLLMENT_PROOF_OVERDUE", "FIREARM_FORM_OVERDUE",
    "FIREARM_PROOF_OVERDUE", "FIREARM_RELINQUISH_OVERDUE", "PROGRAM_CHOICE_OVERDUE", "REVIEW_HEARING_OVERDUE",
    "PROGRESS_REPORT_OVERDUE",
}  # fmt: skip
RESOLVABLE = {
    "ABSENCE_UNEXCUSED", "BREAK_TOO_LONG", "COMPLETION_REOPENED", "CREDIT_DENIED", "CREDIT_RESET",
    "TRANSFER_UNAUTHORIZED", "PROGRAM_DISCHARGE", "NO_CONTACT_ALLEGED", "PEACEFUL_CONTACT_BREACH_ALLEGED",
    "STAY_AWAY_ALLEGED", "NEW_VIOLENCE_REPORTED", "OUTSIDE_SUPERVISION_TERM", "VIOLATION_ADJUDICABLE",
    "RULE_AMBIGUOUS",
}  # fmt: skip


def end_of_term(view: View) -> date | None:
    granted, months = view.order.day("granted_on"), view.order.anchors.get("term_months")
    return month_later(granted, months) if granted and months else None


def effective_day(view: View) -> date | None:
    at = view.order.anchors.get("effective_at")
    if at:
        return view.local(datetime.fromisoformat(at))
    return view.order.day("effective_on") or view.order.day("ordered_on")


def order_events(view: View, condition: str) -> list[Rec]:
    mine = [rec for rec in view.of("order") if rec.get("order") == view.order.id]
    return [rec for rec in mine if rec.get("condition") in (None, condition)]


def ended_on(view: View, condition: str = "bip") -> date | None:
    days = [rec.day for rec in order_events(view, condition) if rec.get("event") in ENDS]
    return min(days) if days else None


def suspended(view: View, day: date, condition: str = "bip") -> bool:
    return any(start <= day and (end is None or day < end) for start, end in suspensions(view, condition))


def suspensions(view: View, condition: str = "bip") -> list[tuple[date, date | None]]:
    """Each suspension by the court, with the day on which it was lifted; two that touch are two."""
    told = [rec for rec in order_events(view, condition) if rec.get("event") in {"suspended", "reinstated"}]
    found = walked(told, "suspended")
    return [(start.day, end.day if end else None) for start, end in found]


def in_life(view: View, day: date, condition: str = "bip") -> bool:
    """Begun, not ended, term not over (a suspension does not matter here)."""
    starts, ends, term = effective_day(view), ended_on(view, condition), end_of_term(view)
    return not ((starts and day < starts) or (ends and day >= ends) or (term and day > term))


def in_force(view: View, day: date, condition: str = "bip") -> bool:
    return in_life(view, day, condition) and not suspended(view, day, condition)


def event_in_force(view: View, rec_day: date, moment: datetime, timed: bool, condition: str = "bip") -> bool:
    at = view.order.anchors.get("effective_at")
    if at and timed and moment < datetime.fromisoformat(at):
        return False
    return in_force(view, rec_day, condition)


def pauses(view: View, *kinds: str) -> list[tuple[Rec, Rec | None]]:
    """Each start with its end, None while it is open. With several bases, each basis has its own."""
    found: list[tuple[Rec, Rec | None]] = []
    for kind in kinds:
        edges = [rec for rec in view.of("pause") if rec.get("kind") == kind]
        mixed = len({rec.get("basis") for rec in edges} - {None}) > 1
        found += ground_by_ground(edges) if mixed else walked(edges)
    return found


def paused(view: View, day: date, *kinds: str) -> bool:
    return any(start.day <= day and (end is None or day < end.day) for start, end in pauses(view, *kinds))


def resets(view: View) -> list[date]:
    kinds = {"breach_resolved", "program_restarted"}
    return sorted(rec.day for rec in view.of("decision") if rec.get("kind") in kinds)


def in_current_era(view: View, day: date) -> bool:
    past = resets(view)
    return not past or day >= past[-1]


def resolved(view: View, code: str, *names: str | None) -> bool:
    if code not in RESOLVABLE:
        return False
    return any(
        rec.get("kind") == "flag_resolved" and rec.get("about") in names
        for rec in view.of("decision")
        if rec.get("about")
    )


def due_day(view: View, code: str, day: date) -> date:
    rolls = view.order.pack in law.ROLLS_FORWARD and code in law.ROLLED_CODES
    return rolled(day, view.case.holidays) if rolls else day


def flag(view: View, code: str, first_on: date | datetime, **fields: Any) -> dict[str, Any]:
    """A flag as the format writes it. `subjects` are ids that a resolving decision may name besides `about`."""
    entry = CATALOGUE[code]
    made = {
        "code": code,
        "owner": entry.owner,
        "severity": entry.severity,
        "order": view.order.id,
        "first_on": first_on,
    }
    route = {"unsupervised": "prosecutor", "none": "court"}.get(view.order.anchors.get("supervision", "formal"))
    if route:
        made["route_to"] = route
    return {**made, **fields}


def is_open(view: View, made: dict[str, Any]) -> bool:
    start = made["first_on"]
    begins = start if isinstance(start, datetime) else midnight(start, view.case.zone)
    if made["code"] in {"POLICY_WEAKER_THAN_LAW", "INPUT_MISSING"} and not in_life(view, view.today):
        return False
    return begins <= view.now and not resolved(view, made["code"], made.get("about"), *made.get("subjects", []))


def overdue(view: View, code: str, due: date, done: date | None, **fields: Any) -> list[dict[str, Any]]:
    """A date deadline whose flag ends on the day of the act; what the person or the court owes ends with the order."""
    first = due + timedelta(days=1)
    over = code in BOUND_TO_THE_ORDER and not in_life(view, view.today)
    if view.today < first or (done is not None and done <= view.today) or over:
        return []
    return [flag(view, code, first, due=due, **fields)]


def lateness(view: View, code: str, due: date, done: date | None, **fields: Any) -> list[dict[str, Any]]:
    """A date deadline whose lateness stays a fact after the act."""
    last = done if done is not None and done <= view.today else view.today
    if last <= due:
        return []
    return [flag(view, code, due + timedelta(days=1), due=due, days_late=(last - due).days, **fields)]
