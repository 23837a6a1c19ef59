"""Which hearings took place, and which cases a look is about."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.models import Hearing

Cases = frozenset[int] | None  # None: all
NOT_HELD: Final = ("CONTINUED", "OFF_CALENDAR")


def of_cases(statement: Any, column: Any, cases: Cases) -> Any:
    """The statement, narrowed to cases."""
    return statement if cases is None else statement.where(column.in_(sorted(cases)))


def held_by_case(session: Session, cases: Cases, known_at: datetime) -> dict[int, list[Any]]:
    """Hearings that took place, by case."""
    found: dict[int, list[Any]] = defaultdict(list)
    rows = select(Hearing.case_id, Hearing.starts_at, Hearing.kind).where(
        Hearing.outcome.is_not(None), Hearing.outcome.not_in(NOT_HELD), Hearing.starts_at <= known_at,
        Hearing.resulted_at <= known_at,
    )  # fmt: skip
    for row in session.execute(of_cases(rows, Hearing.case_id, cases)):
        found[row.case_id].append(row)
    return found
