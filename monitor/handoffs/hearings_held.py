"""Which hearings took place, and which cases a look is about."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.handoffs.asking import KNOWN_AT, Cases, asked
from monitor.models import Hearing

NOT_HELD: Final = ("CONTINUED", "OFF_CALENDAR")


def of_cases(statement: Any, column: Any, cases: Cases) -> Any:
    """The statement, narrowed to cases."""
    return statement if cases is None else statement.where(column.in_(sorted(cases)))


def _held() -> tuple[Any, Any]:
    took_place = Hearing.outcome.is_not(None), Hearing.outcome.not_in(NOT_HELD)
    known = Hearing.starts_at <= KNOWN_AT, Hearing.resulted_at <= KNOWN_AT
    return select(Hearing.case_id, Hearing.starts_at, Hearing.kind).where(*took_place, *known), Hearing.case_id


HELD: Final = (_held,)


def held_by_case(session: Session, cases: Cases, known_at: datetime) -> dict[int, list[Any]]:
    """Hearings that took place, by case."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in asked(session, _held, cases, known_at):
        found[row.case_id].append(row)
    return found
