"""The reference: what is open for one case at one moment with one knowledge. Slow, plain and without an engine."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.rules.reference import (
    rules_absence,
    rules_completion,
    rules_contacts,
    rules_enrollment,
    rules_orders,
    rules_reports,
)
from tests.rules.reference.clock import reading_of
from tests.rules.reference.life import is_open
from tests.rules.reference.record import Case, Gaps, OrderSetup, View, read_case
from tests.rules.reference.sessions import outstanding_sheets

# A finding about credit is certain only if the outstanding sheets could not change it.
WAIT_FOR_SHEETS = {
    "COMPLETION_OVERDUE", "COMPLETION_WINDOW_EXCEEDED", "COMPLETION_AT_RISK", "COMPLETION_NOT_MET",
    "BEGIN_ATTENDANCE_OVERDUE", "EXTENSION_DECISION_MISSING",
}  # fmt: skip
RUN = "CONSECUTIVE_UNEXCUSED_LIMIT"
MODULES = (rules_absence, rules_enrollment, rules_completion, rules_reports, rules_contacts, rules_orders)


def read(scenario: dict[str, Any], as_of: str, known_at: str | None = None) -> dict[str, Any]:
    """`flags`, `unverified` codes and the `tally` of the first order."""
    case = read_case(scenario)
    now = reading_of(as_of, case.zone)
    known = reading_of(known_at, case.zone) if known_at else now
    flags: list[dict[str, Any]] = []
    unverified: set[str] = set()
    for number, order in enumerate(case.orders):
        certain, unknown = read_order(case, order, now, known, first=number == 0)
        flags += certain
        unverified |= unknown
    view = View(case, case.orders[0], now, known)
    return {"flags": flags, "unverified": unverified, "tally": rules_absence.tally(view)}


def read_order(
    case: Case, order: OrderSetup, now: datetime, known: datetime, *, first: bool
) -> tuple[list[dict[str, Any]], set[str]]:  # fmt: skip
    plain = View(case, order, now, known)
    sheets = outstanding_sheets(plain)
    on_record = raised(plain, once=first)
    worst = raised(View(case, order, now, known, Gaps("worst", sheets)), once=first)
    best = raised(View(case, order, now, known, Gaps("best", sheets)), once=first)
    kept = {same(made) for made in best} | {same(made) for made in worst if same_run(made, best)}
    certain = [made for made in on_record if made["code"] not in WAIT_FOR_SHEETS or same(made) in kept]
    return certain, {made["code"] for made in worst if same(made) not in kept}


def raised(view: View, *, once: bool) -> list[dict[str, Any]]:
    """Every flag that is open; what does not hang on one supervising order is raised once."""
    rules = [rule for module in MODULES for rule in module.RULES]
    rules += rules_orders.ONCE if once else []
    found = [made for rule in rules for made in rule(view)]
    return [made for made in found if is_open(view, made) and view.order.has(made["code"])]


def same(made: dict[str, Any]) -> tuple[Any, ...]:
    """What makes two flags of two fillings the same flag."""
    names = ("code", "order", "about", "window_from", "certificate", "unit", "of_code")
    day = made.get("due") if made["code"] == "CHECKIN_MISSED" else None
    run = tuple(made["evidence"]) if made["code"] == RUN else None
    return (*(made.get(name) for name in names), day, run)


def same_run(made: dict[str, Any], others: list[dict[str, Any]]) -> bool:
    """Whether a run is one of the others, only longer."""
    runs = [set(other["evidence"]) for other in others if other["code"] == RUN]
    return made["code"] == RUN and any(run & set(made["evidence"]) for run in runs)
