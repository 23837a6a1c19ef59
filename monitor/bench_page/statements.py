"""The selects behind the bench page and the docket: columns only, a dozen statements whatever the number of cases.

Facts of one shape travel together: those of a day in one union, those of an instant in another. Each select is built
once; ``cases`` (or ``ids``) and ``known_at`` are given when it is executed.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Date, String, and_, bindparam, case, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from monitor.models import (
    Adjudication,
    Agency,
    AllegationFlag,
    Assessment,
    CheckIn,
    Condition,
    Contact,
    CourtDecision,
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
    HearingResult,
    Incentive,
    Letter,
    Order,
    OrderVersion,
    Packet,
    Pause,
    Program,
    Report,
    Requirement,
    Review,
    Service,
    User,
)
from monitor.models.base import BigId, UtcInstant

CASES: Any = bindparam("cases", expanding=True)
IDS: Any = bindparam("ids", expanding=True)
KNOWN_AT = bindparam("known_at", type_=UtcInstant())
TOOL_AND_VERSION = Assessment.tool + " " + Assessment.tool_version
NO_DAY, NO_WORD, NO_ID = cast(null(), Date), cast(null(), String), cast(null(), BigId)


@cache
def hearings() -> Any:
    """Every date of the cases before the court, oldest first, with what the court chose there from its matrix."""
    columns = (
        Hearing.case_id, Hearing.id, Hearing.kind, Hearing.starts_at, Hearing.review_no, Hearing.outcome,
        Hearing.resulted_at, Hearing.room, HearingResult.response, HearingResult.matrix_number,
    )  # fmt: skip
    stands = or_(HearingResult.undone_at.is_(None), HearingResult.undone_at > KNOWN_AT)
    entry = and_(HearingResult.hearing_id == Hearing.id, HearingResult.recorded_at <= KNOWN_AT, stands)
    known = Hearing.case_id.in_(CASES), Hearing.recorded_at <= KNOWN_AT
    return select(*columns).join(HearingResult, entry, isouter=True).where(*known).order_by(Hearing.starts_at)


@cache
def earlier_hearings() -> Any:
    """What dates of the cases said before they were moved or resulted, by the id of the hearing."""
    columns = (
        EarlierHearing.case_id, EarlierHearing.hearing_id.label("id"), EarlierHearing.kind, EarlierHearing.starts_at,
        EarlierHearing.review_no, EarlierHearing.outcome, EarlierHearing.resulted_at, EarlierHearing.until_at,
        EarlierHearing.room,
    )  # fmt: skip
    return select(*columns).where(EarlierHearing.case_id.in_(CASES), EarlierHearing.until_at > KNOWN_AT)


@cache
def versions() -> Any:
    """What the orders of the cases say, newest text last. A text ends when the text that replaces it is known."""
    later = aliased(OrderVersion)
    after = and_(later.order_id == OrderVersion.order_id, later.version_no == OrderVersion.version_no + 1)
    ends = case((later.recorded_at > KNOWN_AT, null()), else_=OrderVersion.effective_to)
    columns = (
        OrderVersion.case_id, OrderVersion.id, OrderVersion.order_id, Order.kind, Order.number, OrderVersion.change,
        OrderVersion.ordered_on, OrderVersion.effective_from, ends.label("effective_to"), OrderVersion.expires_at,
        OrderVersion.in_custody, OrderVersion.version_no,
    )  # fmt: skip
    known = OrderVersion.recorded_at <= KNOWN_AT, OrderVersion.effective_from <= KNOWN_AT
    joined = select(*columns).join(Order, Order.id == OrderVersion.order_id).join(later, after, isouter=True)
    return joined.where(OrderVersion.case_id.in_(CASES), *known).order_by(OrderVersion.version_no)


@cache
def conditions() -> Any:
    """The numbered conditions of order texts."""
    columns = (Condition.case_id, Condition.id, Condition.order_version_id, Condition.code)
    return select(*columns).where(Condition.order_version_id.in_(IDS)).order_by(Condition.line)


@cache
def requirements() -> Any:
    """What the orders require, with the values they set themselves."""
    columns = (
        Requirement.case_id, Requirement.id, Requirement.kind, Requirement.terms, Requirement.from_on,
        Requirement.until_on, Requirement.supersedes_id, Requirement.order_id,
    )  # fmt: skip
    return select(*columns).where(Requirement.case_id.in_(CASES), Requirement.recorded_at <= KNOWN_AT)


@cache
def places() -> Any:
    """Places in programs, with the weekly group of each."""
    columns = (
        Enrollment.case_id, Enrollment.id, Program.name, Enrollment.group_id, Group.weekday, Group.code,
        Group.language,
    )  # fmt: skip
    joined = select(*columns).join(Program, Program.id == Enrollment.program_id)
    return joined.join(Group, Group.id == Enrollment.group_id, isouter=True).where(
        Enrollment.case_id.in_(CASES), Enrollment.recorded_at <= KNOWN_AT
    )


@cache
def earlier_places() -> Any:
    """The groups that places had before a move to another was entered, by the id of the place."""
    columns = (
        EarlierPlace.case_id, EarlierPlace.enrollment_id.label("id"), EarlierPlace.group_id, Group.weekday, Group.code,
        Group.language, EarlierPlace.until_at,
    )  # fmt: skip
    joined = select(*columns).join(Group, Group.id == EarlierPlace.group_id, isouter=True)
    return joined.where(EarlierPlace.case_id.in_(CASES))


@cache
def cancelled() -> Any:
    """Class meetings that their program cancelled."""
    columns = (GroupSession.group_id, GroupSession.held_on)
    known = GroupSession.state == "CANCELLED", GroupSession.cancelled_at <= KNOWN_AT
    return select(*columns).where(GroupSession.group_id.in_(IDS), *known)


@cache
def adjudications() -> Any:
    """Decisions on absences."""
    columns = (
        Adjudication.case_id, Adjudication.id, Adjudication.attendance_id, Adjudication.decision,
        Adjudication.supersedes_id, Adjudication.retracted,
    )  # fmt: skip
    known = select(*columns).where(Adjudication.case_id.in_(CASES), Adjudication.recorded_at <= KNOWN_AT)
    return known.order_by(Adjudication.recorded_at)


def _event(
    entity: Any, name: str, when: Any, word: Any, more: Any = NO_WORD, ref: Any = NO_ID, until: Any = None
) -> Any:
    return (
        entity.case_id, literal(name).label("name"), entity.id, when.label("happened"), word.label("word"),
        more.label("more"), ref.label("ref"), *(() if until is None else (until.label("until_on"),)),
        entity.recorded_at, entity.supersedes_id, entity.retracted,
    )  # fmt: skip


def _agency_kind(entity: Any) -> Any:
    """What kind of office wrote the fact down."""
    return select(Agency.kind).where(Agency.id == entity.agency_id).scalar_subquery()


@cache
def events_of_a_day() -> Any:
    """Facts whose world axis is a court day."""
    shapes = (
        (EnrollmentEvent, "place", EnrollmentEvent.event, EnrollmentEvent.why, EnrollmentEvent.enrollment_id, NO_DAY),
        (Report, "report", Report.kind, Report.sent_by, Report.enrollment_id, NO_DAY),
        (Letter, "letter", Letter.kind, NO_WORD, NO_ID, Letter.seat_on),
        (Pause, "pause", Pause.kind, Pause.reason, NO_ID, Pause.ends_on),
        (DrugTest, "test", DrugTest.result, NO_WORD, NO_ID, NO_DAY),
        (CourtDecision, "decision", CourtDecision.kind, CourtDecision.decided_by, CourtDecision.hearing_id,
         CourtDecision.until_on),
        (Expectation, "expected", Expectation.kind, NO_WORD, Expectation.enrollment_id, Expectation.expected_on),
        (Incentive, "step_met", Incentive.step, Incentive.answer, NO_ID, NO_DAY),
        (Coverage, "coverage", NO_WORD, NO_WORD, Coverage.enrollment_id, Coverage.covers_to),
        (Assessment, "level", Assessment.level, TOOL_AND_VERSION, Assessment.assessed_by_id, Assessment.expires_on),
    )  # fmt: skip
    days = {Pause: Pause.starts_on, Coverage: Coverage.covers_from}
    parts = [
        select(*_event(entity, name, days.get(entity, getattr(entity, "occurred_on", None)), word, more, ref, until))
        .where(entity.case_id.in_(CASES), entity.recorded_at <= KNOWN_AT)
        for entity, name, word, more, ref, until in shapes
    ]  # fmt: skip
    return union_all(*parts)


@cache
def names() -> Any:
    """Names of colleagues."""
    return select(User.id, User.name).where(User.id.in_(IDS))


@cache
def events_of_an_instant() -> Any:
    """Facts whose world axis is an instant. An officer's notes are not among the columns.

    A contact with somebody else is no report of the person's own, and its day would tell the defense, who reads the
    same page, that somebody was asked (safeguard B3): the office's own list of contacts shows it, nothing else.
    """
    shapes = (
        (Contact, "contact", Contact.state, Contact.method, NO_ID),
        (CheckIn, "check_in", CheckIn.method, NO_WORD, NO_ID),
        (FirearmReceipt, "firearm", FirearmReceipt.event, _agency_kind(FirearmReceipt), NO_ID),
        (Service, "service", Service.method, NO_WORD, Service.order_id),
    )
    parts = [
        select(*_event(entity, name, entity.occurred_at, word, more, ref)).where(
            entity.case_id.in_(CASES), entity.recorded_at <= KNOWN_AT,
            *([Contact.kind != "COLLATERAL"] if entity is Contact else []),
        )
        for entity, name, word, more, ref in shapes
    ]
    return union_all(*parts)


@cache
def reviewed_flags() -> Any:
    """Flags that somebody ever reviewed and took to the court, with what they said before (`monitor.flag_history`).

    The scope lets a judge or clerk see none but those that stand there now, whatever instant is asked for (F10, H3).
    """
    columns = (
        Flag.case_id, Flag.id, Flag.code, Flag.owner, Flag.response_class, Flag.first_on, Flag.due_on, Flag.contested,
        Flag.opened_at, Flag.closed_at, Flag.state, Flag.version, Flag.earlier,
    )  # fmt: skip
    taken = select(Review.flag_id).where(Review.case_id.in_(CASES), Review.decision == "ACT")
    filed = select(AllegationFlag.flag_id).where(AllegationFlag.case_id.in_(CASES))
    reported = or_(Flag.state == "ACTED", Flag.id.in_(taken), Flag.id.in_(filed))
    return select(*columns).where(Flag.case_id.in_(CASES), reported)


@cache
def reviews() -> Any:
    """The reviews that took them there."""
    columns = (Review.case_id, Review.id, Review.flag_id, Review.decided_at, Review.words, Review.content)
    stands = or_(Review.undone_at.is_(None), Review.undone_at > KNOWN_AT)
    known = Review.decided_at <= KNOWN_AT, Review.decision == "ACT", stands
    return select(*columns).where(Review.case_id.in_(CASES), *known).order_by(Review.decided_at)


@cache
def copies() -> Any:
    """What the defense got of the cases' hearings, with the page as it stood in it; the newest last."""
    columns = (
        DefenseCopy.case_id, DefenseCopy.hearing_id, DefenseCopy.given_at, DefenseCopy.given_to, DefenseCopy.how,
        Packet.page,
    )  # fmt: skip
    stands = or_(DefenseCopy.undone_at.is_(None), DefenseCopy.undone_at > KNOWN_AT)
    known = DefenseCopy.case_id.in_(CASES), DefenseCopy.given_at <= KNOWN_AT, stands
    found = select(*columns).join(Packet, Packet.id == DefenseCopy.packet_id).where(*known)
    return found.order_by(DefenseCopy.given_at, DefenseCopy.id)
