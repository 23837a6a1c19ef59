"""What must hold of every record, looked at each night: each rule is a query that finds nothing (bar J-12).

Constraints of the tables refuse most of it as it is written. What a restore, a repair by hand or a fault of this
software could have left all the same is found here: a person is told how many rows and of what kind, never whose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Select, Table, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from monitor.compliance.referee import tell
from monitor.current import current
from monitor.models import (
    Adjudication,
    AllegationStep,
    Attendance,
    Base,
    Case,
    CaseAgency,
    Enrollment,
    Flag,
    JobRun,
    Membership,
    Notice,
    Outbox,
    Review,
    Span,
    Told,
    Upload,
    User,
)
from monitor.models.base import Fact
from monitor.outbox.looking import MAIL

BY_A_PERSON: Final = ("ACKNOWLEDGED", "DISMISSED", "EXCUSED", "HANDLED", "ACTED")
JOB: Final = "record_check"


class Rule(msgspec.Struct, frozen=True):
    """One thing that must hold: its name, and the count of rows of which it does not."""

    name: str
    astray: Select[int]


@cache
def rules() -> tuple[Rule, ...]:
    """All of them. Two kinds are read off the tables themselves, so a new table is looked at from its first night."""
    return (*_orphans(), *_two_cases(), *_versions(), *_spans(), *_decisions(), *_causes(), *_sums())


def broken(session: Session, rule: Rule) -> int:
    """How many rows stand against it."""
    return session.scalar(rule.astray) or 0


def told_of(session: Session, found: Mapping[str, int], run_key: str, now: datetime) -> None:
    """One notice a night to each administrator where anything was found, in the caller's transaction."""
    if found:
        tell(session, f"{JOB}:{run_key}", now)


def last_found(session: Session) -> Mapping[str, int]:
    """What the last night's look found; empty where it found nothing, or never ended."""
    nights = select(JobRun.totals).where(JobRun.job == JOB, JobRun.state == "DONE").order_by(JobRun.slot_at.desc())
    totals = session.scalar(nights.limit(1))
    return msgspec.json.decode(totals, type=Looked).found if totals else {}


class Looked(msgspec.Struct, frozen=True):
    """A night's look: how many rules, and the rows against each that is broken."""

    rules: int
    found: dict[str, int]


# --- read off the tables ---


def _references() -> Iterator[tuple[Table, Any, Any]]:
    """Every reference: the table, its column, and the column of an alias of the table that it names."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                other = key.column.table.alias()
                yield table, column, other.c[key.column.name]


def _orphans() -> Iterator[Rule]:
    for table, column, there in _references():
        lost = column.is_not(None), not_(exists().where(there == column))
        yield Rule(f"orphan {table.name}.{column.name}", _count(table, *lost))


def _two_cases() -> Iterator[Rule]:
    """What a row names is of the row's own case."""
    for table, column, there in _references():
        if "case_id" in table.c and "case_id" in there.table.c:
            strange = exists().where(there == column, there.table.c.case_id != table.c.case_id)
            yield Rule(f"two cases {table.name}.{column.name}", _count(table, strange))


def _versions() -> Iterator[Rule]:
    """A correction is known no earlier than what it corrects."""
    for mapper in Base.registry.mappers:
        kind: Any = mapper.class_
        if issubclass(kind, Fact):
            before = aliased(kind)
            sooner = exists().where(before.id == kind.supersedes_id, before.recorded_at > kind.recorded_at)
            yield Rule(f"corrected before it was known {kind.__tablename__}", _count(kind, sooner))


# --- what each table cannot say by itself ---


def _spans() -> Iterator[Rule]:
    later = aliased(Span)
    both = exists().where(
        later.key == Span.key, later.known_until.is_(None), later.starts_at > Span.starts_at,
        or_(Span.ends_at.is_(None), Span.ends_at > later.starts_at),
    )  # fmt: skip
    yield Rule("two open spans of one key at once", _count(Span, Span.known_until.is_(None), both))
    yield Rule("a span known until before it was known", _count(Span, Span.known_until < Span.known_from))
    place = and_(Case.id == Enrollment.case_id, Case.person_id != Enrollment.person_id)
    yield Rule("a place of somebody who is not the case's person", _count(Enrollment, exists().where(place)))


def _decisions() -> Iterator[Rule]:
    nobody = Adjudication.decided_by.in_(("OFFICER", "COURT")), Adjudication.recorded_by_id.is_(None)
    yield Rule("a decision on an absence that nobody made", _count(Adjudication, *nobody))
    for made in (Review, AllegationStep):
        here = exists().where(Membership.user_id == made.by_user_id, Membership.agency_id == made.agency_id)
        yield Rule(f"decided by somebody without a role there {made.__tablename__}", _count(made, not_(here)))
    reviewed = exists().where(Review.flag_id == Flag.id, Review.undone_at.is_(None))
    yield Rule("a flag put away by nobody", _count(Flag, Flag.state.in_(BY_A_PERSON), not_(reviewed)))
    shared = exists().where(CaseAgency.case_id == Flag.case_id, CaseAgency.agency_id == Flag.agency_id)
    yield Rule("an open flag of an agency that never had the case", _count(Flag, Flag.state == "OPEN", not_(shared)))


def _causes() -> Iterator[Rule]:
    other = exists().where(Told.id == Notice.told_id, Told.flag_id != Notice.flag_id)
    yield Rule("a notice of what was not told", _count(Notice, other))
    reader = Outbox.recipient_id.is_(None) | not_(exists().where(User.id == Outbox.recipient_id))
    yield Rule("a letter to nobody", _count(Outbox, Outbox.channel.in_(MAIL), Outbox.state == "DUE", reader))
    yield Rule("a letter that says no cause", _count(Outbox, Outbox.why == ""))
    yield Rule("sent, and nobody knows when", _count(Outbox, Outbox.state == "SENT", Outbox.sent_at.is_(None)))


def _sums() -> Iterator[Rule]:
    steps = select(AllegationStep.allegation_id).group_by(AllegationStep.allegation_id)
    gap = steps.having(func.count() != func.max(AllegationStep.number)).subquery()
    yield Rule("a report whose steps do not add up", select(func.count()).select_from(gap))
    twice = select(Adjudication.attendance_id).where(current(Adjudication)).group_by(Adjudication.attendance_id)
    twice = twice.having(func.count() > 1)
    yield Rule("two decisions on one absence", select(func.count()).select_from(twice.subquery()))
    kept = exists().where(Upload.id == Attendance.upload_id, Upload.state != "SAVED")
    yield Rule("a class from a sheet that is not saved", _count(Attendance, current(Attendance), kept))


def _count(of: Any, *conditions: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(of).where(*conditions)
