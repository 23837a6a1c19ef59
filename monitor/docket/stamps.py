"""What a reader may see of cases, row by row: it changes with whatever a docket's line rests on.

    stamp = stamps(session, cases, known_at)[case]

A stamp holds every row behind the line that lies in the reader's own scope, by the same conditions on the instant as
`monitor.bench_page.statements`: of most what the line tells of them, of the many that are never edited (classes,
decisions on them, conditions, steps before the court, copies) the ids alone. Where an instant is held against the one
that is asked for, it holds what came of that, so that nothing turns while a stamp stays. No name of a person is in it,
and nothing that somebody wrote. A text of the database's own for each part, whatever the number of cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import Text, cast, func, or_, select, union_all
from sqlalchemy.orm import Session

from monitor.allegations.standing import KINDS
from monitor.bench_page.statements import CASES, KNOWN_AT
from monitor.models import (
    Adjudication,
    AllegationFlag,
    AllegationStep,
    Attendance,
    Case,
    CheckIn,
    Condition,
    Contact,
    Coverage,
    DefenseCopy,
    DrugTest,
    EarlierHearing,
    EarlierPlace,
    Enrollment,
    EnrollmentEvent,
    Expectation,
    FirearmReceipt,
    Flag,
    Group,
    GroupSession,
    Hearing,
    Letter,
    OrderStep,
    OrderVersion,
    Pause,
    Program,
    Report,
    Requirement,
    Review,
    Service,
)

# the many of a case, in rows that nothing in the product edits: named by their ids, which come out of an index
MANY: Final = (Attendance, Adjudication)
# other facts of which a line tells, and what it tells of each
FACTS: Final[dict[Any, tuple[Any, ...]]] = {
    EnrollmentEvent: (EnrollmentEvent.event, EnrollmentEvent.why, EnrollmentEvent.enrollment_id,
                      EnrollmentEvent.occurred_on),
    Report: (Report.kind, Report.sent_by, Report.enrollment_id, Report.occurred_on),
    Letter: (Letter.kind, Letter.occurred_on, Letter.seat_on),
    Pause: (Pause.kind, Pause.starts_on, Pause.ends_on),
    DrugTest: (DrugTest.result, DrugTest.occurred_on),
    Expectation: (Expectation.kind, Expectation.enrollment_id, Expectation.occurred_on, Expectation.expected_on),
    Coverage: (Coverage.enrollment_id, Coverage.covers_from, Coverage.covers_to),
    Contact: (Contact.state, Contact.kind, Contact.occurred_at),
    CheckIn: (CheckIn.occurred_at,),
    FirearmReceipt: (FirearmReceipt.event, FirearmReceipt.occurred_at),
    Service: (Service.method, Service.order_id, Service.occurred_at),
}  # fmt: skip


class _Then(msgspec.Struct, frozen=True):
    """Until when a flag said something else, and since when."""

    until: datetime
    opened_at: datetime


class _Flag(msgspec.Struct, frozen=True, array_like=True):
    id: int
    earlier: list[_Then]


FLAGS: Final = msgspec.json.Decoder(list[_Flag])
Stamp = tuple[Any, ...]


def stamps(session: Session, cases: Iterable[int], known_at: datetime) -> dict[int, Stamp]:
    """By case; a case that is not there for whoever asks is not there here."""
    asked = {"cases": sorted(cases), "known_at": known_at}
    first, *more = _stamps(session.get_bind().dialect.name == "sqlite")
    found = {case: (*told, _turned(flags, known_at)) for case, flags, *told in session.execute(first, asked)}
    for statement in more:
        for case, *told in session.execute(statement, asked):
            found[case] = (*found[case], *told)
    return found


def _turned(flags: str | None, known_at: datetime) -> tuple[Any, ...]:
    """What flags said before, and whether they still did."""
    if flags is None or flags == "[]":
        return ()
    return flags, *(
        (then.until > known_at, then.opened_at > known_at) for flag in FLAGS.decode(flags) for then in flag.earlier
    )


@cache
def _stamps(sqlite: bool) -> tuple[Any, ...]:
    """One statement; of SQLite two, for at each look that it begins it goes through all that are open (4.8 ms where two
    took 3.6)."""
    gathered = _gathered_by_sqlite if sqlite else _gathered_by_postgresql
    earlier = func.json(Flag.earlier) if sqlite else Flag.earlier
    flags = gathered((Flag.id, earlier)).where(Flag.case_id == Case.id)
    parts = [gathered(columns).where(*where).scalar_subquery() for columns, where in _parts()]
    parts = [flags.scalar_subquery(), *parts, _cancelled(gathered)]
    half = len(parts) // 2 if sqlite else len(parts)
    return tuple(select(Case.id, *some).where(Case.id.in_(CASES)) for some in (parts[:half], parts[half:]) if some)


def _gathered_by_sqlite(columns: tuple[Any, ...]) -> Any:
    return select(func.json_group_array(columns[0] if len(columns) == 1 else func.json_array(*columns)))


def _gathered_by_postgresql(columns: tuple[Any, ...]) -> Any:
    return select(cast(func.json_agg(columns[0] if len(columns) == 1 else func.json_build_array(*columns)), Text))


def _parts() -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Columns and conditions of each part."""
    for many in MANY:
        yield (many.id,), (many.case_id == Case.id, many.recorded_at <= KNOWN_AT)
    for fact, columns in FACTS.items():
        says = (fact.id, *columns, fact.recorded_at, fact.supersedes_id, fact.retracted)
        # as `statements.events_of_an_instant`: who was asked about a person is no word of theirs
        beside = (Contact.kind != "COLLATERAL",) if fact is Contact else ()
        yield says, (fact.case_id == Case.id, fact.recorded_at <= KNOWN_AT, *beside)
    step = (OrderStep.id, OrderStep.order_id, OrderStep.kind, OrderStep.action, OrderStep.how, OrderStep.occurred_at)
    yield step, (OrderStep.case_id == Case.id, OrderStep.recorded_at <= KNOWN_AT)
    yield (Condition.id,), (Condition.case_id == Case.id,)
    yield (
        (AllegationStep.id, AllegationFlag.flag_id, AllegationFlag.review_id),
        (AllegationFlag.case_id == Case.id, AllegationStep.allegation_id == AllegationFlag.allegation_id,
         AllegationStep.kind.in_(KINDS), AllegationStep.at <= KNOWN_AT),
    )  # fmt: skip
    yield (Review.id,), (
        Review.case_id == Case.id, Review.decided_at <= KNOWN_AT, Review.decision == "ACT", _stands(Review),
    )  # fmt: skip
    yield (DefenseCopy.id,), (
        DefenseCopy.case_id == Case.id, DefenseCopy.given_at <= KNOWN_AT, _stands(DefenseCopy)
    )  # fmt: skip
    yield _says_of_flags(), (Flag.case_id == Case.id,)
    yield _says_of_dates(Hearing, Hearing.id), (Hearing.case_id == Case.id, Hearing.recorded_at <= KNOWN_AT)
    yield _says_of_dates(EarlierHearing, EarlierHearing.hearing_id, EarlierHearing.until_at), (
        EarlierHearing.case_id == Case.id, EarlierHearing.until_at > KNOWN_AT,
    )  # fmt: skip
    yield from _orders()
    yield from _places()


def _stands(entity: Any) -> Any:
    return or_(entity.undone_at.is_(None), entity.undone_at > KNOWN_AT)


def _says_of_flags() -> tuple[Any, ...]:
    return (
        Flag.id, Flag.state, Flag.version, Flag.contested, Flag.code, Flag.owner, Flag.response_class, Flag.first_on,
        Flag.due_on, Flag.opened_at, Flag.closed_at, Flag.opened_at > KNOWN_AT,
    )  # fmt: skip


def _says_of_dates(entity: Any, number: Any, *more: Any) -> tuple[Any, ...]:
    return (
        number, entity.starts_at, entity.review_no, entity.outcome, entity.resulted_at, entity.starts_at < KNOWN_AT,
        entity.resulted_at <= KNOWN_AT, *more,
    )  # fmt: skip


def _orders() -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    yield (
        OrderVersion.id, OrderVersion.order_id, OrderVersion.version_no, OrderVersion.change, OrderVersion.ordered_on,
        OrderVersion.in_custody, OrderVersion.effective_to, OrderVersion.effective_to > KNOWN_AT,
        OrderVersion.expires_at > KNOWN_AT, OrderVersion.effective_from <= KNOWN_AT,
    ), (OrderVersion.case_id == Case.id, OrderVersion.recorded_at <= KNOWN_AT)  # fmt: skip
    yield (
        Requirement.id, Requirement.kind, Requirement.terms, Requirement.until_on, Requirement.supersedes_id,
        Requirement.order_id,
    ), (Requirement.case_id == Case.id, Requirement.recorded_at <= KNOWN_AT)  # fmt: skip


def _places() -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Places in programs; what a program and a group are called, and its day of the week, may change in place."""
    yield (Enrollment.id, Enrollment.group_id, _of_program(Program.name), _of_group(Enrollment)), (
        Enrollment.case_id == Case.id, Enrollment.recorded_at <= KNOWN_AT,
    )  # fmt: skip
    yield (
        EarlierPlace.enrollment_id, EarlierPlace.group_id, _of_group(EarlierPlace), EarlierPlace.until_at,
        EarlierPlace.until_at > KNOWN_AT,
    ), (EarlierPlace.case_id == Case.id,)  # fmt: skip


def _of_program(column: Any) -> Any:
    return select(column).where(Program.id == Enrollment.program_id).correlate(Enrollment).scalar_subquery()


def _of_group(place: Any) -> Any:
    return select(Group.weekday).where(Group.id == place.group_id).correlate(place).scalar_subquery()


def _cancelled(gathered: Any) -> Any:
    """Class meetings that their program cancelled, of all groups that the cases were ever in: looked up once."""
    places = (Enrollment, EarlierPlace)
    groups = union_all(*(select(place.group_id).where(place.case_id.in_(CASES)) for place in places))
    known = GroupSession.state == "CANCELLED", GroupSession.cancelled_at <= KNOWN_AT
    off = gathered((GroupSession.group_id, GroupSession.held_on)).where(GroupSession.group_id.in_(groups), *known)
    return off.scalar_subquery()
