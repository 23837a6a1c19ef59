"""Which case a notice is about: by the police's number, looked up when it is read, and never a guess.

The number on the form is the police's. So incidents of law enforcement count first, and a court's number only where no
such incident has it. Where more than one case has a number, the notice is about none of them until somebody says more:
that a record exists must never stand beside the wrong person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitor.current import current
from monitor.models import Agency, Case, Incident

Matches = dict[str, frozenset[int]]


def cases_by_number(session: Session, numbers: Collection[str], *, ever: bool = False) -> Matches:
    """Ids of the cases that have each of these numbers (in capitals); a number that none has is not there.

    ``session`` must reach every case. ``ever``: by what an incident said before it was corrected or taken back, too.
    """
    if not numbers:
        return {}
    police = select(func.upper(Incident.number), Incident.case_id).join(Agency, Agency.id == Incident.agency_id).where(
        Agency.kind == "law_enforcement", func.upper(Incident.number).in_(numbers)
    )
    found: dict[str, set[int]] = defaultdict(set)
    for number, case_id in session.execute(police if ever else police.where(current(Incident))):
        found[number].add(case_id)
    left = [one for one in numbers if one not in found]
    court = select(func.upper(Case.number), Case.id).where(func.upper(Case.number).in_(left))
    for number, case_id in session.execute(court):
        found[number].add(case_id)
    return {number: frozenset(cases) for number, cases in found.items()}


def numbers_of(session: Session, case_id: int) -> set[str]:
    """Every number by which a notice could be about this case; ``session`` must reach its incidents."""
    reported = select(func.upper(Incident.number)).where(Incident.case_id == case_id)
    court = select(func.upper(Case.number)).where(Case.id == case_id)
    return {*session.scalars(reported), *session.scalars(court)}


def numbers_about(session: Session, case_id: int) -> set[str]:
    """Those under which a notice is about this case and no other."""
    return {number for number, cases in cases_by_number(session, numbers_of(session, case_id)).items()
            if cases == {case_id}}  # fmt: skip


def numbers_gone_with(session: Session, case_id: int) -> set[str]:
    """Those whose notices leave with this case: about it alone, or about no case today and only this one before."""
    numbers = numbers_of(session, case_id)
    today = cases_by_number(session, numbers)
    before = cases_by_number(session, [one for one in numbers if one not in today], ever=True)
    return {number for number, cases in (before | today).items() if cases == {case_id}}
