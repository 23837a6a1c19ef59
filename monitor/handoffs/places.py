"""Where cases are heard and when time stands still in them, for the clocks of the strip and the measures."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from monitor.handoffs.asking import KNOWN_AT, Cases, asked
from monitor.handoffs.gaps import Place
from monitor.handoffs.kept import kept
from monitor.models import Case, Court, CourtHoliday, Pause
from monitor.models.base import BigId
from monitor.response_matrix.clocks import BECAUSE, Stop

Statement = tuple[Any, Any]  # and its column of cases


def courts() -> Statement:
    """Where cases are heard."""
    return select(Case.id, Court.id.label("court"), Court.zone).join(Court, Court.id == Case.court_id), Case.id


@cache
def _closed() -> Any:
    closed = select(CourtHoliday.court_id, CourtHoliday.closed_on).where(CourtHoliday.recorded_at <= KNOWN_AT)
    return closed.where(CourtHoliday.court_id.in_(bindparam("courts", type_=BigId, expanding=True)))


def pauses() -> Statement:
    """What stops the clocks of the matrix; the ones that a continuance stops are no hand-off's."""
    columns = (Pause.case_id, Pause.id, Pause.supersedes_id, Pause.retracted, Pause.kind.label("pause_kind"),
               Pause.starts_on, Pause.ends_on)  # fmt: skip
    return select(*columns).where(Pause.recorded_at <= KNOWN_AT), Pause.case_id


def _stops(session: Session, cases: Cases, known_at: datetime) -> dict[int, list[Stop]]:
    rows = asked(session, pauses, cases, known_at)
    replaced = {row.supersedes_id for row in rows}
    found: dict[int, list[Stop]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: one.starts_on):
        if row.pause_kind in BECAUSE and not row.retracted and row.id not in replaced:
            found[row.case_id].append(Stop(row.starts_on, row.ends_on, row.pause_kind))
    return found


def places(session: Session, cases: Cases, known_at: datetime) -> dict[int, Place]:
    """By case, its court's zone and closed days."""
    rows = asked(session, courts, cases, known_at)
    shut: dict[int, set[Any]] = defaultdict(set)
    for row in session.execute(_closed(), {"known_at": known_at, "courts": list({row.court for row in rows})}):
        shut[row.court_id].add(row.closed_on)
    made: dict[int, Place] = {}  # one a court, not one a case
    return {row.id: made.setdefault(row.court, Place(row.zone, frozenset(shut[row.court]))) for row in rows}


def places_with_stops(session: Session, cases: Cases, known_at: datetime) -> dict[int, Place]:
    """And when clocks of the matrix stand still in it: for whoever has such a clock, and may read why it stops."""
    found = dict(kept(places, session, cases, known_at))
    for case_id, stops in _stops(session, cases, known_at).items():
        if case_id in found:
            found[case_id] = msgspec.structs.replace(found[case_id], stops=tuple(stops))
    return found
