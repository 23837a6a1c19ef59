"""Which role reads and writes which entity, and how far (access matrix; safeguards B7, F10).

An entity that is not listed for a role cannot be read by it: the session raises before any SQL is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import BindParameter

from monitor.access.care_reach import CARE, EXISTS, KEEPERS, STEP
from monitor.access.care_reach import WRITES as CARE_WRITES
from monitor.access.filed import ALLEGED, reviewed
from monitor.access.own_share import is_own
from monitor.access.prosecution_reach import PROSECUTION
from monitor.access.roles import Role
from monitor.access.scope import Reach, Scope
from monitor.models import (
    Adjudication,
    Agency,
    AllegationStep,
    ApprovalRequest,
    Assessment,
    Assignment,
    Attendance,
    AuditEntry,
    Base,
    Case,
    CaseAgency,
    CaseOpening,
    Certificate,
    CertifiedMonth,
    ChargingDecision,
    CheckIn,
    Concern,
    ConcernAnswer,
    Condition,
    ConflictAlert,
    Contact,
    ContactDraft,
    ContextReview,
    County,
    Court,
    CourtDecision,
    CourtHoliday,
    Cover,
    Coverage,
    DefenseCopy,
    Dirty,
    DocketOrder,
    DrugTest,
    EarlierHearing,
    EarlierPlace,
    Enrollment,
    EnrollmentEvent,
    EvidenceCopy,
    EvidencePacket,
    Expectation,
    FirearmReceipt,
    Flag,
    GridDraft,
    Group,
    GroupSession,
    Hearing,
    HearingClaim,
    HearingResult,
    HiddenItem,
    Incentive,
    Incident,
    IncidentDraft,
    JobPause,
    JobRun,
    Judge,
    KeptAnswer,
    Leave,
    Letter,
    MeasureRelease,
    Membership,
    Notice,
    Order,
    OrderSheet,
    OrderStep,
    OrderVersion,
    Outbox,
    Packet,
    Participation,
    Pause,
    Person,
    PolicyTerm,
    Program,
    ProgramQuestion,
    ProtectedParty,
    ReferralOut,
    Release,
    Report,
    Requirement,
    Response,
    ResponseMatrix,
    Review,
    SafetyStep,
    SavedView,
    Service,
    SheetProfile,
    Span,
    Task,
    Told,
    Training,
    Transfer,
    Upload,
    UploadRow,
    User,
    Wall,
)

Entity = type[Base]
Cases = tuple[int, ...] | BindParameter[int]  # their ids, or a parameter that stands for them
ALL, OWN, SHARED, REVIEWED = Reach.ALL, Reach.OWN, Reach.SHARED, Reach.REVIEWED

# what everyone may know: which agencies, courts, programs and colleagues there are
REFERENCE: dict[Entity, Reach] = {
    Agency: ALL, County: ALL, Court: ALL, CourtHoliday: ALL, Judge: ALL, Program: ALL, Group: ALL, PolicyTerm: ALL,
    User: ALL, Membership: OWN, ResponseMatrix: ALL,
}  # fmt: skip
CASE: dict[Entity, Reach] = {
    Person: SHARED, Case: SHARED, CaseAgency: OWN, Hearing: SHARED, EarlierHearing: SHARED,
}  # fmt: skip
ORDERS: dict[Entity, Reach] = {
    Order: SHARED, OrderVersion: SHARED, Condition: SHARED, Requirement: SHARED, Service: SHARED,
}  # fmt: skip
COMPLIANCE: dict[Entity, Reach] = {
    Enrollment: SHARED, EarlierPlace: SHARED, EnrollmentEvent: SHARED, Attendance: SHARED, Adjudication: SHARED,
    Coverage: SHARED, Report: SHARED, Expectation: SHARED, CheckIn: SHARED, Contact: SHARED, Pause: SHARED,
    FirearmReceipt: SHARED, Letter: SHARED, DrugTest: SHARED, CourtDecision: SHARED, GroupSession: ALL,
    Assignment: SHARED, Leave: SHARED, Transfer: SHARED, Certificate: SHARED,
    Release: SHARED, Assessment: SHARED,
}  # fmt: skip

# what was laid before the court; whom of one's own agency a flag was told; and notices to oneself or one's desk
TELLING: dict[Entity, Reach] = {Packet: SHARED, DefenseCopy: SHARED, Told: Reach.OWN_SHARED, Notice: Reach.ADDRESSED}

# what a program puts before the officer never lies before the bench by itself
ASKED: dict[Entity, Reach] = {Participation: SHARED, Concern: SHARED, ConcernAnswer: SHARED}

# who sent it and who received it, and nobody else on the case
REFERRED: dict[Entity, Reach] = {ReferralOut: Reach.BETWEEN}
# the office that asks and the program that answers: never the bench, nor another program
QUESTIONS: dict[Entity, Reach] = {ProgramQuestion: Reach.BETWEEN}

OFFICER = (
    REFERENCE | REFERRED | QUESTIONS | ASKED | CASE | ORDERS | COMPLIANCE | TELLING
    | {entity: SHARED for entity in (Flag, Span, Review, *ALLEGED)}
    | {HiddenItem: Reach.OWN_SHARED, Response: Reach.OWN_SHARED, Incentive: SHARED, ChargingDecision: SHARED}
    | {Incident: SHARED, HearingResult: SHARED} | STEP
)  # fmt: skip
# what an officer set themselves is nobody else's
OWN_LISTS: dict[Entity, Reach] = {Task: Reach.MINE, SavedView: Reach.MINE}
# the bench never sees an unreviewed flag, the spans behind it (F10), nor a report that no supervisor approved (F4)
COURT = (
    REFERENCE | REFERRED | CASE | ORDERS | {OrderSheet: SHARED, OrderStep: SHARED} | COMPLIANCE | TELLING
    | {Incentive: SHARED}
    | {entity: REVIEWED for entity in (Flag, Review, *ALLEGED)}
    | {HearingResult: SHARED, HearingClaim: Reach.OWN_SHARED, DocketOrder: OWN}
)  # fmt: skip
# a program sees its own referrals: the duty to attend, never contacts, flags, tests or other programs' people (B9)
PROGRAM = (
    REFERENCE
    | REFERRED
    | QUESTIONS
    | CASE
    | {Order: SHARED, OrderVersion: SHARED, Requirement: SHARED}
    | {
        Enrollment: OWN, EarlierPlace: OWN, EnrollmentEvent: OWN, Attendance: OWN, Adjudication: OWN, Coverage: OWN,
        Report: OWN, GroupSession: OWN, Upload: OWN, UploadRow: OWN, SheetProfile: OWN, Participation: OWN,
        Concern: OWN, GridDraft: Reach.MINE, CertifiedMonth: OWN, KeptAnswer: OWN,
    }
    | {Letter: OWN, Leave: OWN, Transfer: OWN, Certificate: OWN, Release: OWN}
)  # fmt: skip
ADMINISTRATOR: dict[Entity, Reach] = REFERENCE | {
    Membership: ALL, JobRun: ALL, JobPause: ALL, Outbox: ALL, Training: ALL,
}  # fmt: skip

# of the audit trail everybody sees their own part; an agency's privacy officer sees that of its people, an advocacy
# agency's own privacy officer that of its advocates and nobody else does (safeguard D6)
TRAIL: dict[Entity, Reach] = {AuditEntry: Reach.MINE}
PRIVACY: dict[Entity, Reach] = {
    AuditEntry: OWN, User: ALL, Wall: OWN, ConflictAlert: OWN, ApprovalRequest: OWN, CaseOpening: OWN,
}  # fmt: skip

# who answers at 3 a.m. whether there is an order: of every agency's cases those that this session looked up, no list
LOOKED_UP: dict[Entity, Reach] = {Court: ALL} | {
    entity: Reach.FOUND for entity in (Person, Case, Order, OrderVersion, Condition, Service, FirearmReceipt)
}  # fmt: skip
# and of what was called in or reported, the agency's own entries
REPORTED: dict[Entity, Reach] = {Incident: OWN, IncidentDraft: Reach.MINE}

# the status list of all courts: never the name that an order protects, notes, flags or levels (matrix, first column)
STATUS_LIST: dict[Entity, Reach] = {Court: ALL} | {
    entity: Reach.LISTED
    for entity in (
        Person, Case, Order, OrderVersion, Condition, Service, Hearing, Pause, Enrollment, EnrollmentEvent, Release,
        Attendance, Adjudication,
    )
}  # fmt: skip

READS: Mapping[str, Mapping[Entity, Reach]] = {role.value: TRAIL for role in Role} | {
    "officer": TRAIL | OFFICER | OWN_LISTS
    | {CaseOpening: Reach.MINE, ContactDraft: Reach.MINE, Training: Reach.MINE, Cover: OWN},
    "officer_supervisor": TRAIL | OFFICER | OWN_LISTS
    | {CaseOpening: Reach.OWN_SHARED, ContextReview: SHARED, ContactDraft: Reach.MINE, Training: Reach.MINE}
    | {Cover: OWN},
    "judge": TRAIL | COURT,
    "clerk": TRAIL | COURT,
    "program": TRAIL | PROGRAM,
    "administrator": TRAIL | ADMINISTRATOR,
    "privacy_officer": PRIVACY,
    "prosecutor": TRAIL | REFERENCE | CASE | ORDERS | PROSECUTION | EXISTS | STEP | {Incident: SHARED},
    "victim_witness": TRAIL | REFERENCE | CASE | ORDERS | CARE | {Incident: SHARED},
    "medical": TRAIL | KEEPERS,
    "coordinator": TRAIL | {ResponseMatrix: ALL, MeasureRelease: ALL, Agency: ALL, User: ALL},
    "advocate": TRAIL | STATUS_LIST,
    "dispatch": TRAIL | LOOKED_UP | REPORTED,
    "law_enforcement": TRAIL | LOOKED_UP | REPORTED | EXISTS | {OrderStep: Reach.FOUND},
}

SILENT: frozenset[Entity] = frozenset({Dirty, Outbox})
RESULTS: frozenset[Entity] = frozenset({HearingResult, HearingClaim, Pause, DefenseCopy, DocketOrder})
WRITES: Mapping[str, frozenset[Entity]] = {
    "officer": SILENT
    | {Adjudication, Contact, CheckIn, Pause, Letter, DrugTest, FirearmReceipt, Report, Flag, Review, Notice}
    | {Assessment, CaseOpening, ConcernAnswer, ContactDraft, HiddenItem, Response, Incentive, *ALLEGED}
    | {Task, SavedView, ChargingDecision, SafetyStep},
    "officer_supervisor": SILENT
    | {Adjudication, Contact, CheckIn, DrugTest, Flag, Pause, Report, Review, Assignment, Cover, Notice, CaseOpening}
    | {Assessment, ConcernAnswer, ContactDraft, HiddenItem, Response, Incentive, ResponseMatrix, *ALLEGED}
    | {ContextReview, Task, SavedView, ChargingDecision, SafetyStep},
    "judge": SILENT | {Case, CourtDecision, Hearing, EarlierHearing, Packet, Notice, AllegationStep} | RESULTS,
    "clerk": SILENT
    | {Order, OrderSheet, OrderStep, OrderVersion, Condition, Requirement, Service, ProtectedParty}
    | {Hearing, EarlierHearing, CourtDecision, FirearmReceipt, Report}
    | {Case, Packet, Notice, AllegationStep} | RESULTS,
    "program": SILENT
    | {SheetProfile}
    | {Upload, UploadRow, Attendance, Adjudication, EnrollmentEvent, Coverage, GroupSession, Report, Enrollment}
    | {EarlierPlace, Participation, Concern, GridDraft, CertifiedMonth, KeptAnswer}
    | {Letter, Leave, Transfer, Certificate, Release},
    "administrator": SILENT | {Membership, ApprovalRequest, Training, JobRun, JobPause},
    "prosecutor": frozenset({ContextReview, ChargingDecision, EvidencePacket, EvidenceCopy, SafetyStep}),
    "victim_witness": SILENT | CARE_WRITES["victim_witness"],
    "medical": CARE_WRITES["medical"],
    "coordinator": frozenset({ResponseMatrix, MeasureRelease}),
    "privacy_officer": frozenset({Wall, ConflictAlert, ApprovalRequest, CaseOpening}),
}

_BY_TABLE: dict[str, Entity] = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def entity_of(table: str) -> Entity | None:
    """The mapped class of a table name."""
    return _BY_TABLE.get(table)


def reach_of(role: str, entity: Entity) -> Reach | None:
    """How far ``role`` reads ``entity``; None: not at all."""
    return READS.get(role, {}).get(entity)


def writable(role: str, entity: type[Any]) -> bool:
    """Whether ``role`` may add or change rows of ``entity``."""
    return entity in WRITES.get(role, frozenset())


def predicate(
    entity: Any, reach: Reach, scope: Scope, walled: Cases = (), found: Cases = (), by_row: bool = False,
    places: Cases = (),
) -> Any:  # fmt: skip
    """The SQL condition that ``reach`` puts on ``entity``, None if none; ``walled``: cases that are not there.

    ``found``: cases that this session has looked up, and that are there. ``by_row``: shared cases are looked for one
    by one, for each row, and not worked out all at once. ``places``: enrollments of the walled cases.
    """
    if reach is Reach.ALL:
        return None
    if reach is Reach.MINE:  # what one set or began oneself before the wall stood goes with its case
        mine = entity.user_id == scope.user_id
        return mine & entity.case_id.not_in(walled) if _some(walled) and hasattr(entity, "case_id") else mine
    if reach in (Reach.OWN, Reach.BETWEEN):
        return _own(entity, scope, walled, places, sent=reach is Reach.BETWEEN)
    if reach is Reach.FOUND:
        return _of_cases(entity, found)
    if reach is Reach.LISTED:
        return ~_of_cases(entity, walled) if _some(walled) else None
    shared = _in_shared_cases(entity, scope, walled, by_row)
    if reach is Reach.OWN_SHARED:
        return shared & (entity.agency_id == scope.agency_id)
    if reach is Reach.ADDRESSED:
        to_the_desk = entity.user_id.is_(None) & (entity.role == scope.role)
        return shared & (entity.agency_id == scope.agency_id) & ((entity.user_id == scope.user_id) | to_the_desk)
    return shared if reach is Reach.SHARED else shared & reviewed(entity)


def shares_case(session: Session, scope: Scope, walled: tuple[int, ...], cases: frozenset[int]) -> bool:
    """Whether every one of ``cases`` is there for this person; call inside ``trusted_sql``."""
    if not cases:
        return True
    found = session.scalar(
        select(func.count()).select_from(CaseAgency).where(
            CaseAgency.case_id.in_(cases), CaseAgency.case_id.in_(_shared(scope.agency_id, walled)),
            CaseAgency.agency_id == scope.agency_id,
        )
    )  # fmt: skip
    return found == len(cases)


@lru_cache(maxsize=1024)
def walled_cases(user_id: int) -> Any:
    """The ids of cases that do not exist for this user (safeguard D1), as a select of plain tables."""
    cases, walls = Case.__table__, Wall.__table__
    stands = walls.c.user_id == user_id, walls.c.ended_at.is_(None)
    return select(cases.c.id).where(cases.c.person_id.in_(select(walls.c.person_id).where(*stands)))


def places_of(cases: tuple[int, ...]) -> Any:
    """The ids of the enrollments of ``cases``, as a select of a plain table."""
    places = Enrollment.__table__
    return select(places.c.id).where(places.c.case_id.in_(cases))


def walled_from(case_id: int) -> Any:
    """The ids of users for whom this case does not exist: nobody of them is told of it (safeguard D1)."""
    cases, walls = Case.__table__, Wall.__table__
    its_person = select(cases.c.person_id).where(cases.c.id == case_id)
    return select(walls.c.user_id).where(walls.c.person_id.in_(its_person), walls.c.ended_at.is_(None))


def _some(cases: Cases) -> bool:
    return isinstance(cases, BindParameter) or bool(cases)


def _is_shared(case: Any, scope: Scope, walled: Cases, by_row: bool) -> Any:
    """That a row's case is one that the agency shares.

    ``by_row``: the row is held against the one case that comes out, so were the row's own lost on the way, no row of a
    case that is not shared would come.
    """
    shared = _shared(scope.agency_id, walled, case if by_row else None)
    return is_own(case, shared) if by_row else case.in_(shared)


def _shared(agency_id: Any, walled: Cases, own: Any = None) -> Any:
    """The cases that an agency shares; of ``own``, a row's case, that one at most: each is shared once an agency."""
    # a plain table under a name of its own, so that neither criteria put on CaseAgency itself reach into it, nor the
    # CaseAgency of a query around it is taken for it
    table = CaseAgency.__table__.alias()
    shared = select(table.c.case_id).where(table.c.agency_id == agency_id, table.c.until_on.is_(None))
    shared = shared if own is None else shared.where(table.c.case_id == own)
    return shared.where(table.c.case_id.not_in(walled)) if _some(walled) else shared


def _in_shared_cases(entity: Any, scope: Scope, walled: Cases, by_row: bool) -> Any:
    if entity is Person:
        cases = Case.__table__.alias()
        people = select(cases.c.person_id).where(_is_shared(cases.c.id, scope, walled, by_row))
        return Person.id.in_(people.where(cases.c.person_id == Person.id) if by_row else people)
    return _is_shared(Case.id if entity is Case else entity.case_id, scope, walled, by_row)


def _of_cases(entity: Any, found: Cases) -> Any:
    if entity is Case:
        return Case.id.in_(found)
    if entity is Person:
        cases = Case.__table__
        return Person.id.in_(select(cases.c.person_id).where(cases.c.id.in_(found)))
    return entity.case_id.in_(found)


def _own(entity: Any, scope: Scope, walled: Cases, places: Cases, *, sent: bool = False) -> Any:
    """Rows of the agency, and ``sent`` by it; of cases, unless this person is walled off; rows of a sheet likewise."""
    own = entity.agency_id == scope.agency_id
    if sent:
        own = own | (entity.from_agency_id == scope.agency_id)
    if _some(walled) and hasattr(entity, "case_id"):
        return own & entity.case_id.not_in(walled)
    if _some(places) and entity is UploadRow:
        # by their ids: of places whose case is no longer shared PostgreSQL shows none, and their rows stay colleagues'
        return own & (UploadRow.enrollment_id.is_(None) | UploadRow.enrollment_id.not_in(places))
    return own
