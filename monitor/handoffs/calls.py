"""Gaps from a call about a person under order to the police report of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.current import current
from monitor.handoffs.asking import Cases
from monitor.handoffs.gaps import Gap
from monitor.handoffs.hearings_held import of_cases
from monitor.models import Incident

SAME: Final = timedelta(days=1)  # dispatch and police number their own: what is within a day of it is of the same call


def reported(session: Session, cases: Cases, known_at: datetime) -> Iterator[Gap]:
    """M1: from a call to the first report of the same case about that day; a call without one is open."""
    reports: dict[int, list[Any]] = defaultdict(list)
    calls = []
    rows = select(Incident.case_id, Incident.kind, Incident.occurred_at, Incident.recorded_at).where(
        current(Incident, known_at)
    )
    for row in session.execute(of_cases(rows, Incident.case_id, cases)):
        if row.kind == "CALL":
            calls.append(row)
        else:
            reports[row.case_id].append(row)
    for call in calls:
        same = (one.recorded_at for one in reports[call.case_id] if abs(one.occurred_at - call.occurred_at) <= SAME)
        filed_at = min(same, default=None)
        yield Gap(measure="M1", case_id=call.case_id, owner_id=0, started_at=call.occurred_at,
                  done_at=max(filed_at, call.occurred_at) if filed_at else None)  # fmt: skip
