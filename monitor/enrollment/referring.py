"""A referral: the program has the person on its list in the moment in which the court's act is on record."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.models import Case, CaseAgency, Enrollment, EnrollmentEvent, Program, random_id


def refer(session: Session, case_id: int, program_id: int, on: date, now: datetime) -> int:
    """Share the case with the program and open a place there; the place's id. The same again: the one there is.

    For the machine's own session (`database.system`): it writes for the program what the court decided.
    """
    case = session.scalars(select(Case).where(Case.id == case_id)).one()
    agency_id = session.scalars(select(Program.agency_id).where(Program.id == program_id)).one()
    known = select(Enrollment.id).where(Enrollment.case_id == case_id, Enrollment.program_id == program_id)
    if (place := session.scalar(known)) is not None:
        return place
    shared = select(CaseAgency).where(CaseAgency.case_id == case_id, CaseAgency.agency_id == agency_id)
    if (sharing := session.scalar(shared)) is None:
        session.add(CaseAgency(case_id=case_id, agency_id=agency_id, from_on=on, until_on=None))
    else:
        sharing.until_on = None
    place = random_id()
    session.add(
        Enrollment(
            id=place, case_id=case_id, agency_id=agency_id, program_id=program_id, person_id=case.person_id,
            group_id=None, code=f"R{place % 10**9:09d}", recorded_at=now,
        )
    )  # fmt: skip
    session.add(
        EnrollmentEvent(
            id=random_id(), case_id=case_id, agency_id=agency_id, enrollment_id=place, event="REFERRED",
            occurred_on=on, why=None, recorded_at=now,
        )
    )  # fmt: skip
    session.flush()
    return place
