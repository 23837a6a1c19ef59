"""What the prosecution referred back to an office of probation and nobody answered yet: first thing on Today."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.steps import state_of, steps_of
from monitor.models import Allegation, Case, ChargingDecision, Court, Person
from monitor.models.base import BigId
from monitor.names import last_first
from monitor.prosecution.standing import REASONS
from monitor.today.people import asked_by, few, listed

BACK: Final = "REFER_BACK"


class Back(msgspec.Struct, frozen=True):
    """One report that came back, why, and by when an answer is asked for."""

    path: str
    person: str
    number: str
    reason: str
    at: datetime
    zone: str
    due_on: date | None


def referred_back(session: ScopedSession, team: bool) -> tuple[Back, ...]:
    """Of the reader's own people, or of the whole office; the oldest first."""
    told = session.execute(_backs(team), asked_by(session, team, office=session.scope.agency_id)).all()
    return tuple(
        Back(f"/allegations/{row.id}", last_first(row.family_name, row.given_name), row.number,
             REASONS[BACK].get(row.reason, ""), row.at, row.zone, row.due_on)
        for row in told if _stands(session, row.id)
    )  # fmt: skip


@cache
def _backs(team: bool) -> Any:
    newer = aliased(ChargingDecision)
    newest = (
        select(func.max(newer.number)).where(newer.allegation_id == ChargingDecision.allegation_id)
        .correlate(ChargingDecision).scalar_subquery()
    )  # fmt: skip
    columns = (
        Allegation.id, ChargingDecision.reason, ChargingDecision.at, ChargingDecision.due_on, Case.number, Court.zone,
        Person.family_name, Person.given_name,
    )  # fmt: skip
    return few(
        select(*columns).join(ChargingDecision, ChargingDecision.allegation_id == Allegation.id)
        .join(Case, Case.id == Allegation.case_id).join(Court, Court.id == Case.court_id)
        .join(Person, Person.id == Case.person_id)
        .where(ChargingDecision.kind == BACK, ChargingDecision.number == newest,
               Allegation.agency_id == bindparam("office", type_=BigId), listed(Allegation.case_id, team))
        .order_by(ChargingDecision.at, Allegation.id)
    )  # fmt: skip


def _stands(session: ScopedSession, report: int) -> bool:
    return state_of(step.kind for step in steps_of(session, report)) == "FILED"
