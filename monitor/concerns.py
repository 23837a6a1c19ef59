"""What a program puts before the officer at once: a question for a person. It finds nothing, and no rule reads it.

Codes only. The ground is what the participant said or did, or what staff saw; there is no way to say that somebody
else told it (safeguards A5, A13, B3, B9).
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from monitor.access.in_office import to_tell_of
from monitor.access.reach import walled_from
from monitor.access.roles import Role
from monitor.access.scope import trusted_sql
from monitor.access.scoped_session import ScopedSession
from monitor.covers import who_covers
from monitor.current import current
from monitor.db import looking_wide
from monitor.grid.page import CONCERNS, GROUNDS
from monitor.intake.receiver import Receiver
from monitor.models import (
    Assignment,
    Case,
    Concern,
    ConcernAnswer,
    Court,
    Enrollment,
    Person,
    Program,
    User,
    random_id,
)
from monitor.models.base import BigId
from monitor.one_at_a_time import one_at_a_time
from monitor.outbox.notice import notice
from monitor.person_page.heading import listed_name
from monitor.today.people import STANDS_IN, few
from monitor.webhooks.announcing import announce_waiting

ANSWERS: Final = {
    "SPOKE_WITH_PROGRAM": ("I spoke with the program", "What follows is recorded as a contact or a note, by you."),
    "PASSED_ON": ("I passed it on", "To a supervisor or to law enforcement, by the office's own way."),
    "NOTHING_TO_DO": ("There is nothing to do", "You looked at it, and it needs no step."),
}  # fmt: skip


class ConcernPage(msgspec.Struct, frozen=True, kw_only=True):
    """One concern as the officer reads it. ``did``: the answer given, "" while it waits."""

    id: int
    case_id: int
    person_id: int
    person: str
    number: str
    zone: str
    program: str
    on: date
    kind: str
    ground: str
    told_at: datetime
    did: str
    answered_by: str
    answered_at: datetime | None


def raise_concern(session: Session, enrollment_id: int, on: date, kind: str, ground: str, by: Receiver) -> bool:
    """Put it before the officer, with a notice that names nobody. False: it was told of that day already."""
    one_at_a_time(session, enrollment_id)
    place = session.scalars(select(Enrollment).where(Enrollment.id == enrollment_id)).one()
    known = select(Concern.id).where(
        Concern.enrollment_id == enrollment_id, Concern.occurred_on == on, Concern.kind == kind, current(Concern)
    )
    if session.scalar(known) is not None:
        return False
    concern = Concern(
        id=random_id(), case_id=place.case_id, agency_id=by.agency_id, enrollment_id=enrollment_id, occurred_on=on,
        kind=kind, ground=ground, recorded_at=by.now, recorded_by_id=by.user_id,
    )  # fmt: skip
    session.add(concern)
    told = whom_to_tell(session, place.case_id, by.now)
    session.add_all(notice(f"concern:{concern.id}:{user}", user, by.now) for user in told)
    announce_waiting(session, place.case_id, told, f"concern:{concern.id}", by.now)
    session.flush()
    return True


def whom_to_tell(session: Session, case_id: int, now: datetime) -> list[int]:
    """The officers assigned and who stands in for them, or the supervisors of the offices that share the case; nobody
    walled from it."""
    reason = "which officer a program's concern goes to"
    walled, there = walled_from(case_id), User.disabled_at.is_(None)
    assigned = Assignment.case_id == case_id, Assignment.until_on.is_(None)
    officers = select(Assignment.user_id).join(User, User.id == Assignment.user_id).where(*assigned, there)
    with looking_wide(session, reason) if isinstance(session, ScopedSession) else trusted_sql(reason):
        standing_in = User.id.in_(who_covers(session, case_id, now)), User.id.not_in(walled)
        covering = session.scalars(select(User.id).where(there, *standing_in)).all()
        found = {*session.scalars(officers.where(Assignment.user_id.not_in(walled))), *covering}
        return sorted(found or to_tell_of(session, (Role.OFFICER_SUPERVISOR,), case_id, now))


def waiting(session: ScopedSession, team: bool) -> tuple[ConcernPage, ...]:
    """Concerns without an answer, oldest first: the officer's, and those of cases that nobody is assigned to."""
    officers = {} if team else {"list_officers": (session.scope.user_id, *session.info.get(STANDS_IN, ()))}
    return tuple(_page(row) for row in session.execute(_waiting(team), officers))


@cache
def _waiting(team: bool) -> Any:
    assigned = select(Assignment.case_id).where(Assignment.until_on.is_(None))
    mine = assigned.where(Assignment.user_id.in_(bindparam("list_officers", type_=BigId, expanding=True)))
    unanswered = Concern.id.not_in(select(ConcernAnswer.concern_id)), current(Concern)
    found = _pages().where(*unanswered).order_by(Concern.recorded_at)
    return few(found) if team else found.where(Concern.case_id.in_(mine) | Concern.case_id.not_in(assigned))


def concern_page(session: ScopedSession, concern_id: int) -> ConcernPage | None:
    """One concern; None where there is none for this reader."""
    row = session.execute(_pages().where(Concern.id == concern_id, Concern.retracted.is_(False))).one_or_none()
    return _page(row) if row else None


def answer_concern(session: ScopedSession, concern: ConcernPage, did: str, now: datetime) -> None:
    """Keep what the officer did; the first answer stands."""
    session.add(
        ConcernAnswer(
            id=random_id(), case_id=concern.case_id, agency_id=session.scope.agency_id, concern_id=concern.id, did=did,
            by_user_id=session.scope.user_id, answered_at=now,
        )
    )  # fmt: skip
    session.flush()


def _pages() -> Any:
    columns = (
        Concern.id, Concern.case_id, Concern.occurred_on, Concern.kind, Concern.ground, Concern.recorded_at,
        Case.number, Court.zone, Person.id.label("person_id"), Person.family_name, Person.given_name,
        Person.middle_name, Person.suffix, Program.name.label("program"), ConcernAnswer.did, User.name.label("by"),
        ConcernAnswer.answered_at,
    )  # fmt: skip
    return (
        select(*columns).join(Case, Case.id == Concern.case_id).join(Court, Court.id == Case.court_id)
        .join(Person, Person.id == Case.person_id).join(Enrollment, Enrollment.id == Concern.enrollment_id)
        .join(Program, Program.id == Enrollment.program_id)
        .outerjoin(ConcernAnswer, ConcernAnswer.concern_id == Concern.id)
        .outerjoin(User, User.id == ConcernAnswer.by_user_id)
    )  # fmt: skip


def _page(row: Any) -> ConcernPage:
    return ConcernPage(
        id=row.id, case_id=row.case_id, person_id=row.person_id, person=listed_name(row), number=row.number,
        zone=row.zone, program=row.program, on=row.occurred_on, kind=CONCERNS[row.kind], ground=GROUNDS[row.ground],
        told_at=row.recorded_at, did=ANSWERS[row.did][0] if row.did else "", answered_by=row.by or "",
        answered_at=row.answered_at,
    )  # fmt: skip
