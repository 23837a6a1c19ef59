"""A person's own record, for that person: what they may have, and nothing that tells of anybody else (D-13).

It reads through the session of the clerk who gives it, which opens only the classes in `SHOWS`: no open question, note,
concern, risk, incident or protected name can come in, whatever is on record (safeguards B3, B7). Words of others, what
is still to be served, and what the court has not told yet (E5) stay out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import select

from monitor.access.matrix import Seen
from monitor.access.scope import Scope
from monitor.access.scoped_session import SHOWS as SHOWN
from monitor.access.scoped_session import ScopedSession
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
    Person,
    Program,
)
from monitor.models.base import is_id
from monitor.names import first_last
from monitor.orders.reading import NOTICES, orders_of_person
from monitor.wording import moment, short_day

SHOWS: Final = frozenset({Seen.IDENTITY, Seen.ORDER_TERMS, Seen.ATTENDANCE, Seen.TESTS, Seen.HEARINGS})
# said of every record alike, so that it tells of none (safeguard B7)
FOOT: Final = (
    "This is the part of the record that is given to the person it is about. Notes, working papers and whatever the",
    "law keeps back are in no such copy. Orders, reports and coming hearings are told by the court's own papers.",
    "If something is wrong, tell your officer or your lawyer: a correction is made beside it, and everybody is told.",
)


class Given(msgspec.Struct, frozen=True):
    """The record of one case as text, for its person."""

    case_id: int
    text: str


def own_record(database: Database, scope: Scope, hearing_id: int, now: datetime) -> Given | None:
    """The record of a hearing's case. None: there is no such hearing for whoever asks."""
    with database.scoped(scope) as reading:
        reading.info[SHOWN] = SHOWS
        case_id = reading.scalar(select(Hearing.case_id).where(Hearing.id == hearing_id)) if is_id(hearing_id) else None
        lines = list(_record(reading, case_id, now)) if case_id else []
    return Given(case_id, "\n".join(lines) + "\n") if case_id and lines else None


def _record(session: ScopedSession, case_id: int, now: datetime) -> Iterator[str]:
    head = session.execute(
        select(Case.number, Case.opened_on, Case.closed_on, Case.person_id, Court.name, Court.zone, Person)
        .join(Court, Court.id == Case.court_id).join(Person, Person.id == Case.person_id).where(Case.id == case_id)
    ).first()  # fmt: skip
    if head is None:
        return  # walled off from whoever asks: as if it were not there
    yield f"Record of {first_last(head.Person.given_name, head.Person.family_name)}"
    yield f"Case {head.number}, {head.name}. Opened {head.opened_on}" + (
        f", closed {head.closed_on}." if head.closed_on else "."
    )
    yield f"As of {moment(now, head.zone)}. To be given to the person named above, or to their lawyer."
    yield from _part("Orders", _orders(session, case_id, head.person_id, now))
    yield from _part("Programs", _places(session, case_id))
    yield from _part("Classes", _classes(session, case_id))
    yield from _part("Tests", _tests(session, case_id))
    yield from _part("Court dates that were", _hearings(session, case_id, head.zone, now))
    yield ""
    yield from FOOT


def _part(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    yield ""
    yield title
    yield from (f"  {line}" for line in found or ["Nothing is on record."])


def _orders(session: ScopedSession, case_id: int, person_id: int, now: datetime) -> Iterator[str]:
    """Papers that the person was given or told of. Of one that is still to be served, and of a change, this paper may
    not be the first word (E5): it says of none what it demands, and of all that their paper does. A version that they
    do not know of takes no line away and moves none: of an order it tells what they were told of any version."""
    own = [one for one in orders_of_person(session, person_id, now) if one.case_id == case_id]
    for one in sorted(own, key=lambda one: (str(one.issued_at), one.id)):
        heard = NOTICES["TOLD"] if any(each.notice == "TOLD" for each in one.versions) else ""
        told = one.served if one.served.startswith("Served") else heard
        if told:
            yield f"{one.called}. {told.rstrip('.')}. What it demands, and until when, is what that paper says."


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


def _hearings(session: ScopedSession, case_id: int, zone: str, now: datetime) -> Iterator[str]:
    """Days alone: a warrant (E5), or a day of which no notice has gone out yet, is told by the court and not here."""
    rows = session.execute(
        select(Hearing.starts_at, Hearing.kind)
        .where(Hearing.case_id == case_id, Hearing.starts_at < now, Hearing.outcome.is_distinct_from("OFF_CALENDAR"))
        .order_by(Hearing.starts_at, Hearing.id)
    )
    for row in rows:
        yield f"{short_day(local_day(row.starts_at, zone))}  {_plain(row.kind)}"


def _plain(code: str) -> str:
    return code.replace("_", " ").lower()

