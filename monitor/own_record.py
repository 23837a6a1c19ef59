"""A person's own record, for that person: what they may have, and nothing that tells of anybody else (D-13).

It reads through a session of the court's clerk that opens only the classes in `SHOWS`: no open question, note, concern,
risk, incident or protected name can come in, whatever is on record (safeguards B3, B7). Words of others stay out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor import audit
from monitor.access.matrix import Seen
from monitor.access.roles import Role
from monitor.access.scope import SHOWS as SHOWN
from monitor.access.scope import Scope, ScopedSession
from monitor.clock import local_day
from monitor.current import current
from monitor.db import Database
from monitor.enrollment.reading import SAID
from monitor.intake.cells.statuses import LABELS
from monitor.models import (
    Adjudication,
    Attendance,
    Case,
    Court,
    DrugTest,
    Enrollment,
    EnrollmentEvent,
    Hearing,
    Membership,
    Person,
    Program,
    User,
)
from monitor.orders.reading import orders_of_person
from monitor.wording import moment, short_day

SHOWS: Final = frozenset({Seen.IDENTITY, Seen.ORDER_TERMS, Seen.ATTENDANCE, Seen.TESTS, Seen.HEARINGS})
MAY_GIVE: Final = (Role.CLERK.value, Role.PRIVACY_OFFICER.value)
EVENT: Final = "case.own_record"
# said of every record alike, so that it tells of none (safeguard B7)
FOOT: Final = (
    "This is the part of the record that is given to the person it is about. Notes, working papers and whatever the",
    "law keeps back are in no such copy. Reports to the court are served by themselves, with a notice of the hearing.",
    "If something is wrong, tell your officer or your lawyer: a correction is made beside it, and everybody is told.",
)


class OwnRecordError(ValueError):
    """It cannot be given so; the text says why."""


def own_record(database: Database, number: str, court: str | None, by: str, secret: str, now: datetime) -> str:
    """The record of a case as text, with its entry in the trail. ``by``: the address of who gives it.

    Raises `OwnRecordError` where there is no such case for them, or they may not give it.
    """
    with database.system("who gives a person their own record, and of which case", writes=False) as session:
        case, giver = _case(session, number, court), _giver(session, by, now)
    agencies = {one.agency_id: one.user_id for one in giver}
    if case is None or case.agency_id not in agencies:
        raise OwnRecordError("There is no such case at the court of this account.")
    scope = Scope(agencies[case.agency_id], Role.CLERK.value, case.agency_id)
    with database.scoped(scope) as reading:
        reading.info[SHOWN] = SHOWS
        lines = list(_record(reading, case, now))
    if not lines:
        raise OwnRecordError("There is no such case at the court of this account.")
    text = "\n".join(lines) + "\n"
    act = audit.Act(
        event=EVENT, user_id=scope.user_id, agency_id=case.agency_id, subjects=(case.id,), component="command",
        detail={"rows": len(lines), "bytes": len(text.encode())},
    )  # fmt: skip
    with database.system("a person's own record is given") as trail, trail.begin():
        audit.append(trail, act, audit.audit_key(secret), now)
    return text


def _case(session: Session, number: str, court: str | None) -> Any:
    columns = select(Case.id, Case.agency_id, Court.code).join(Court, Court.id == Case.court_id)
    rows = [row for row in session.execute(columns.where(Case.number == number)) if court in (None, row.code)]
    if len(rows) > 1:
        raise OwnRecordError("Several courts have this number: add --court.")
    return rows[0] if rows else None


def _giver(session: Session, email: str, now: datetime) -> list[Membership]:
    today = now.date()
    found = session.scalars(
        select(Membership).join(User, User.id == Membership.user_id)
        .where(User.email == email.strip().casefold(), User.disabled_at.is_(None), Membership.role.in_(MAY_GIVE),
               Membership.from_on <= today, Membership.until_on.is_(None) | (Membership.until_on > today))
    ).all()  # fmt: skip
    if not found:
        raise OwnRecordError("Only a clerk or a privacy officer with a live account gives this: --by their address.")
    return list(found)


def _record(session: ScopedSession, case: Any, now: datetime) -> Iterator[str]:
    head = session.execute(
        select(Case.number, Case.opened_on, Case.closed_on, Case.person_id, Court.name, Court.zone, Person)
        .join(Court, Court.id == Case.court_id).join(Person, Person.id == Case.person_id).where(Case.id == case.id)
    ).first()  # fmt: skip
    if head is None:
        return  # walled off from whoever asks: as if it were not there
    yield f"Record of {head.Person.given_name} {head.Person.family_name}"
    yield f"Case {head.number}, {head.name}. Opened {head.opened_on}" + (
        f", closed {head.closed_on}." if head.closed_on else "."
    )
    yield f"As of {moment(now, head.zone)}. To be given to the person named above, or to their lawyer."
    yield from _part("Orders", _orders(session, case.id, head.person_id, now))
    yield from _part("Programs", _places(session, case.id))
    yield from _part("Classes", _classes(session, case.id))
    yield from _part("Tests", _tests(session, case.id))
    yield from _part("Court dates", _hearings(session, case.id, head.zone))
    yield ""
    yield from FOOT


def _part(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    yield ""
    yield title
    yield from (f"  {line}" for line in found or ["Nothing is on record."])


def _orders(session: ScopedSession, case_id: int, person_id: int, now: datetime) -> Iterator[str]:
    for one in orders_of_person(session, person_id, now):
        if one.case_id == case_id:
            terms = "; ".join(line.says or line.text for line in one.lines)
            yield f"{one.called}: {one.stands}. {terms}".strip()


def _places(session: ScopedSession, case_id: int) -> Iterator[str]:
    rows = session.execute(
        select(EnrollmentEvent.occurred_on, EnrollmentEvent.event, Program.name)
        .join(Enrollment, Enrollment.id == EnrollmentEvent.enrollment_id)
        .join(Program, Program.id == Enrollment.program_id)
        .where(EnrollmentEvent.case_id == case_id, current(EnrollmentEvent))
        .order_by(EnrollmentEvent.occurred_on, EnrollmentEvent.id)
    )
    for row in rows:
        yield f"{short_day(row.occurred_on)}  {row.name}: {SAID.get(row.event, _plain(row.event))}"


def _classes(session: ScopedSession, case_id: int) -> Iterator[str]:
    told = session.execute(
        select(Adjudication.attendance_id, Adjudication.decision)
        .where(Adjudication.case_id == case_id, current(Adjudication)).order_by(Adjudication.recorded_at)
    )
    decided = {row.attendance_id: row.decision for row in told}
    rows = session.execute(
        select(Attendance.id, Attendance.occurred_on, Attendance.program_says)
        .where(Attendance.case_id == case_id, current(Attendance)).order_by(Attendance.occurred_on, Attendance.id)
    )
    for row in rows:
        decision = f"; decided: {_plain(decided[row.id])}" if row.id in decided else ""
        yield f"{short_day(row.occurred_on)}  {LABELS.get(row.program_says, row.program_says)}{decision}"


def _tests(session: ScopedSession, case_id: int) -> Iterator[str]:
    rows = session.execute(
        select(DrugTest.occurred_on, DrugTest.result)
        .where(DrugTest.case_id == case_id, current(DrugTest)).order_by(DrugTest.occurred_on, DrugTest.id)
    )
    for row in rows:
        yield f"{short_day(row.occurred_on)}  {_plain(row.result)}"


def _hearings(session: ScopedSession, case_id: int, zone: str) -> Iterator[str]:
    rows = session.execute(
        select(Hearing.starts_at, Hearing.kind, Hearing.outcome)
        .where(Hearing.case_id == case_id).order_by(Hearing.starts_at, Hearing.id)
    )
    for row in rows:
        outcome = f": {_plain(row.outcome)}" if row.outcome else ""
        yield f"{short_day(local_day(row.starts_at, zone))}  {_plain(row.kind)}{outcome}"


def _plain(code: str) -> str:
    return code.replace("_", " ").lower()

