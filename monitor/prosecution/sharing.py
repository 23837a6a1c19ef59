"""A report that a supervisor approved reaches the prosecution: its office shares the case from then on.

Where there is one such office on this system, it is the one. Which of several has a court's cases is nobody's guess:
then the case is shared by whoever keeps the system, or the report reaches none.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from monitor.access.scope import ScopedSession
from monitor.db import writing_for_others
from monitor.models import Agency, CaseAgency


def share(session: ScopedSession, case_id: int, on: date) -> bool:
    """Share the case with the only office of prosecution; whether one shares it now."""
    offices = list(session.scalars(select(Agency.id).where(Agency.kind == "prosecution")))
    with writing_for_others(session, "a report reaches the prosecution"):
        shared = select(CaseAgency).where(CaseAgency.case_id == case_id, CaseAgency.agency_id.in_(offices))
        rows = session.scalars(shared).all()
        if any(row.until_on is None for row in rows):
            return True
        if len(offices) != 1:
            return False
        if rows:
            rows[0].until_on = None
        else:
            session.add(CaseAgency(case_id=case_id, agency_id=offices[0], from_on=on, until_on=None))
        session.flush()
    return True
