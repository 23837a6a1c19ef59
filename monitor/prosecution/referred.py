"""What the prosecution referred back to an office of probation and nobody answered yet: first thing on Today."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from monitor.access.scope import ScopedSession
from monitor.allegations.steps import state_of, steps_of
from monitor.models import Allegation, Case, ChargingDecision, Court, Person
from monitor.prosecution.standing import REASONS
from monitor.today.people import of_list

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
    newer = aliased(ChargingDecision)
    newest = (
        select(func.max(newer.number)).where(newer.allegation_id == ChargingDecision.allegation_id)
        .correlate(ChargingDecision).scalar_subquery()
    )  # fmt: skip
    columns = (
        Allegation.id, ChargingDecision.reason, ChargingDecision.at, ChargingDecision.due_on, Case.number, Court.zone,
        Person.family_name, Person.given_name,
    )  # fmt: skip
    told = (
        select(*columns).join(ChargingDecision, ChargingDecision.allegation_id == Allegation.id)
        .join(Case, Case.id == Allegation.case_id).join(Court, Court.id == Case.court_id)
        .join(Person, Person.id == Case.person_id)
        .where(ChargingDecision.kind == BACK, ChargingDecision.number == newest,
               Allegation.agency_id == session.scope.agency_id, of_list(Allegation.case_id, session, team))
        .order_by(ChargingDecision.at, Allegation.id)
    )  # fmt: skip
    return tuple(
        Back(f"/allegations/{row.id}", f"{row.family_name}, {row.given_name}", row.number,
             REASONS[BACK].get(row.reason, ""), row.at, row.zone, row.due_on)
        for row in session.execute(told).all() if _stands(session, row.id)
    )  # fmt: skip


def _stands(session: ScopedSession, report: int) -> bool:
    return state_of(step.kind for step in steps_of(session, report)) == "FILED"
