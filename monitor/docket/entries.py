"""Orders of a day's cases that the registry did not confirm by the end of the day they waited from.

A count of the court's own, on each docket, whether or not the court has set days for the rule about changed terms
(TERMS_NOT_ENTERED, docs/court.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.bench_page.record import CaseRecord
from monitor.bench_page.statements import CASES, KNOWN_AT
from monitor.clock import local_day
from monitor.models import OrderStep
from monitor.orders.returning import TAKEN_BACK
from monitor.orders.steps import ENDINGS, action_of, open_entry


def entries_late(late: Sequence[str]) -> str:
    """In words for the docket's strip: how many orders, and of how many of them it is changed terms or an end."""
    said = f"Orders not entered in the registry by the end of their day: {len(late)}"
    changed = sum(action == "MODIFY" for action in late)
    ended = sum(action in ENDINGS for action in late)
    parts = [f"changed terms {changed}"] * bool(changed) + [f"ended {ended}"] * bool(ended)
    return f"{said} ({', '.join(parts)})" if parts else said


def to_enter(session: Session, records: dict[int, CaseRecord], known_at: datetime) -> dict[int, tuple[str, ...]]:
    """By case, what there is still to do in the registry past its day, an order at a time ("": a service alone)."""
    by_order: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session.execute(_steps(), {"cases": sorted(records), "known_at": known_at}) if records else ():
        by_order[row.order_id].append(row)
    found: dict[int, tuple[str, ...]] = {}
    for steps in by_order.values():
        record, asked = records[steps[0].case_id], open_entry(steps)
        if any(local_day(one.occurred_at, record.zone) < record.today for one in asked):
            late = "" if _is_service_alone(asked) else action_of(asked)
            found[record.case_id] = (*found.get(record.case_id, ()), late)
    return found


def _is_service_alone(asked: list[Any]) -> bool:
    """Whether a service that was taken back is all that has to leave the entry: no term of the order changed."""
    changes = [one for one in asked if one.action == "MODIFY"]
    return bool(changes) and action_of(asked) == "MODIFY" and all(one.how == TAKEN_BACK for one in changes)


@cache
def _steps() -> Any:
    columns = (OrderStep.case_id, OrderStep.order_id, OrderStep.kind, OrderStep.action, OrderStep.how,
               OrderStep.occurred_at)  # fmt: skip
    known = OrderStep.case_id.in_(CASES), OrderStep.recorded_at <= KNOWN_AT
    return select(*columns).where(*known).order_by(OrderStep.recorded_at, OrderStep.id)
