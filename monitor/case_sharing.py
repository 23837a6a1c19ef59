"""Which office of a kind shares a case by itself: the only one of its kind on this system, if it works with this court.

The prosecution, once a supervisor approved a report, or police reported about a term of an order; victim/witness staff,
once an order names somebody to protect.
It does so where the system serves one court's agency, or where the office shares a case of that agency already: the
only office of its kind may be another county's. Which of several offices has a court's cases is nobody's guess either:
then whoever keeps the system shares it, or nobody does.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from monitor.access.scope import ScopedSession
from monitor.db import writing_for_others
from monitor.models import Agency, Case, CaseAgency


def share(session: ScopedSession, case_id: int, kind: str, on: date, *, again: bool = True) -> bool:
    """Share the case with the only office of ``kind``; whether one shares it now. ``again``: also one that ended."""
    offices = list(session.scalars(select(Agency.id).where(Agency.kind == kind)))
    with writing_for_others(session, "a case reaches an office of another kind"):
        shared = select(CaseAgency).where(CaseAgency.case_id == case_id, CaseAgency.agency_id.in_(offices))
        rows = session.scalars(shared).all()
        if any(row.until_on is None for row in rows):
            return True
        if len(offices) != 1 or (rows and not again) or not _with_this_court(session, case_id, offices[0]):
            return False
        if rows:
            rows[0].until_on = None
        else:
            session.add(CaseAgency(case_id=case_id, agency_id=offices[0], from_on=on, until_on=None))
        session.flush()
    return True


def _with_this_court(session: ScopedSession, case_id: int, office: int) -> bool:
    courts = list(session.scalars(select(Agency.id).where(Agency.kind == "court").limit(2)))
    if len(courts) == 1:
        return True
    court = select(Case.agency_id).where(Case.id == case_id).scalar_subquery()
    known = (
        select(CaseAgency.id).join(Case, Case.id == CaseAgency.case_id)
        .where(CaseAgency.agency_id == office, CaseAgency.case_id != case_id, Case.agency_id == court).limit(1)
    )  # fmt: skip
    return session.scalar(known) is not None
