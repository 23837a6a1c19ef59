"""A referral: the program has the person on its list in the moment in which the court's act is on record."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.current import current
from monitor.enrollment.taken_back import taken_back
from monitor.models import Case, CaseAgency, Enrollment, EnrollmentEvent, Program, random_id


def refer(
    session: Session, case_id: int, program_id: int, on: date, now: datetime, *, words: str = "", by: int | None = None
) -> int:
    """Share the case with the program and open a place there; the place's id. The same again: the one there is.

    For the machine's own session, or inside `db.writing_for_others`: it writes for the program what the court decided.
    ``words``: what the court said of it; ``by``: the user who entered it.
    """
    case = session.scalars(select(Case).where(Case.id == case_id)).one()
    agency_id = session.scalars(select(Program.agency_id).where(Program.id == program_id)).one()
    known = select(Enrollment.id).where(Enrollment.case_id == case_id, Enrollment.program_id == program_id)
    place = session.scalar(known)
    if place is not None and session.scalar(known.where(Enrollment.id.not_in(taken_back()))) is not None:
        return place
    _share(session, case_id, agency_id, on)
    if place is None:
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
            occurred_on=on, why=None, recorded_at=now, recorded_by_id=by, reason=words[:300] or None,
        )
    )  # fmt: skip
    session.flush()
    return place


def take_back(session: Session, place_id: int, on: date, now: datetime, by: int | None = None) -> None:
    """The referral was entered wrongly, and nobody has acted on it: a retracted version; the case is shared no more.

    Both versions stay. Call it as `refer`, after asking whether nobody has acted on it.
    """
    place = session.scalars(select(Enrollment).where(Enrollment.id == place_id)).one()
    told = select(EnrollmentEvent).where(EnrollmentEvent.enrollment_id == place_id, current(EnrollmentEvent))
    for row in session.scalars(told.where(EnrollmentEvent.event == "REFERRED")).all():
        session.add(
            EnrollmentEvent(
                id=random_id(), case_id=row.case_id, agency_id=row.agency_id, enrollment_id=place_id, event=row.event,
                occurred_on=row.occurred_on, why=None, recorded_at=now, recorded_by_id=by, retracted=True,
                supersedes_id=row.id, reason="The court took the referral back",
            )
        )  # fmt: skip
    session.flush()
    others = select(Enrollment.id).where(
        Enrollment.case_id == place.case_id, Enrollment.agency_id == place.agency_id,
        Enrollment.id.not_in(taken_back()),
    )  # fmt: skip
    if session.scalars(others).first() is None:
        shared = select(CaseAgency).where(
            CaseAgency.case_id == place.case_id, CaseAgency.agency_id == place.agency_id, CaseAgency.until_on.is_(None)
        )
        for sharing in session.scalars(shared):
            sharing.until_on = max(on, sharing.from_on)
    session.flush()


def _share(session: Session, case_id: int, agency_id: int, on: date) -> None:
    shared = select(CaseAgency).where(CaseAgency.case_id == case_id, CaseAgency.agency_id == agency_id)
    if (sharing := session.scalar(shared)) is None:
        session.add(CaseAgency(case_id=case_id, agency_id=agency_id, from_on=on, until_on=None))
    else:
        sharing.until_on = None
