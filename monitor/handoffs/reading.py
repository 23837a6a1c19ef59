"""From the record to gaps: for one case in a reader's own scope, or for all cases inside `looking_wide`.

Each reader takes the cases asked for (None: all) and the instant as of which the record is read; what became known
later is not there yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitor.access.roles import Role
from monitor.clock import end_of_day
from monitor.current import current, first_told
from monitor.handoffs.asking import KNOWN_AT, Build, Cases, asked
from monitor.handoffs.calls import reported
from monitor.handoffs.gaps import Gap, Place, start_of
from monitor.handoffs.hearings_held import HELD, held_by_case, of_cases
from monitor.handoffs.kept import kept
from monitor.handoffs.places import Statement, courts, pauses, places
from monitor.handoffs.referrals import SENT, referred_out
from monitor.handoffs.reports import FILED, HEARD, STEPS, decided, filed, heard
from monitor.handoffs.serious import brought
from monitor.models import (
    Attendance,
    Enrollment,
    EnrollmentEvent,
    FirearmReceipt,
    Flag,
    Order,
    OrderStep,
    OrderVersion,
    Pause,
    Requirement,
    Review,
    Service,
    Told,
)
from monitor.models.attendance import ABSENT
from monitor.orders.mending import NUMBER_WHY
from monitor.orders.steps import ENDINGS

CAME: Final = ("PRESENT", "PRESENT_LATE", "LEFT_EARLY")
# by name: SQLite prepares a statement that has a pattern anew each time, and with it all that are asked together
OF_PROBATION: Final = (Role.OFFICER, Role.OFFICER_SUPERVISOR)
TAKEN_IN: Final = ("INTAKE_HELD", "ENROLLED")
LEFT: Final = ("REJECTED", "DISCHARGED", "EXITED")
ENDED: Final = ("VACATED", "TERMINATED")
# by kind, never by whether a name is on the order: that is not everybody's to infer
PROTECTIVE: Final = ("CRIMINAL_NO_CONTACT", "CIVIL_PROTECTION", "EMERGENCY_PROTECTIVE", "EXTREME_RISK")


def _duties() -> Statement:
    columns = (Requirement.case_id, Requirement.order_id, Requirement.agency_id, Requirement.kind,
               Requirement.supersedes_id)  # fmt: skip
    return select(*columns).where(Requirement.recorded_at <= KNOWN_AT), Requirement.case_id


class Duties:
    """What orders ask for, read once for the arrows that begin with it."""

    def __init__(self, session: Session, cases: Cases, known_at: datetime) -> None:
        self.rows = asked(session, _duties, cases, known_at)


def _versions() -> Statement:
    columns = (OrderVersion.order_id, OrderVersion.version_no, OrderVersion.effective_from, OrderVersion.expires_at,
               OrderVersion.change)  # fmt: skip
    return select(*columns).where(OrderVersion.recorded_at <= KNOWN_AT), OrderVersion.case_id


class Signed:
    """Orders as signed: when each began, and from when on nothing of it is left to do."""

    def __init__(self, session: Session, cases: Cases, known_at: datetime) -> None:
        self.began: dict[int, datetime] = {}
        self.ends: dict[int, datetime] = {}
        for row in sorted(asked(session, _versions, cases, known_at), key=lambda one: (one.order_id, one.version_no)):
            self.began.setdefault(row.order_id, row.effective_from)
            end = row.effective_from if row.change in ENDED else row.expires_at
            self.ends.pop(row.order_id, None)  # the newest version alone says when it ends
            if end is not None:
                self.ends[row.order_id] = end


def registry(session: Session, cases: Cases, known_at: datetime) -> Iterator[Gap]:
    """M3: what was asked of the entering agency, until its number is on file; the first of several asks counts."""
    steps = select(OrderStep).where(OrderStep.recorded_at <= known_at)
    by_order: dict[int, list[OrderStep]] = defaultdict(list)
    ordered = steps.order_by(OrderStep.order_id, OrderStep.recorded_at, OrderStep.id)
    for step in session.scalars(of_cases(ordered, OrderStep.case_id, cases)):
        by_order[step.order_id].append(step)
    for of_order in by_order.values():
        yield from _entries(of_order)


def _entries(steps: list[OrderStep]) -> Iterator[Gap]:
    """One gap from each ask to the confirmation after it; an order that ended unentered is nobody's task."""
    asked: OrderStep | None = None
    found: list[Gap] = []
    for one in steps:
        if asked is None:
            asked = one if one.kind == "TO_ENTER" else None
            if asked is not None and asked.how in NUMBER_WHY and found:
                found.pop()  # the number that seemed to end it was taken back
        elif one.kind == "ENTERED":
            found.append(_entry(asked, done_at=one.occurred_at))
            asked = None
        elif one.kind == "TO_ENTER" and asked.action == "ENTER" and one.action in ENDINGS:
            found.append(_entry(asked, stopped_at=one.occurred_at))
            asked = None
    yield from found
    if asked is not None:
        yield _entry(asked)


def _entry(asked: OrderStep, done_at: datetime | None = None, stopped_at: datetime | None = None) -> Gap:
    return Gap(measure="M3", case_id=asked.case_id, owner_id=asked.agency_id, started_at=asked.occurred_at,
               done_at=done_at, stopped_at=stopped_at)  # fmt: skip


def _served() -> Statement:
    return select(Service.order_id, Service.occurred_at).where(current(Service, KNOWN_AT)), Service.case_id


def _protective() -> Statement:
    return select(Order.id, Order.case_id).where(Order.kind.in_(PROTECTIVE)), Order.case_id


def service(session: Session, cases: Cases, known_at: datetime) -> Iterator[Gap]:
    """M4: orders of a kind that protects, until service is on record, or until they ended unserved."""
    signed = kept(Signed, session, cases, known_at)
    served: dict[int, datetime] = {}
    orders = asked(session, _protective, cases, known_at)
    for row in asked(session, _served, cases, known_at) if orders else ():
        served[row.order_id] = min(row.occurred_at, served.get(row.order_id, row.occurred_at))
    for row in orders:
        if began := signed.began.get(row.id):
            yield Gap(measure="M4", case_id=row.case_id, owner_id=0, started_at=began,
                      done_at=served.get(row.id), stopped_at=signed.ends.get(row.id))  # fmt: skip


def _proofs() -> Statement:
    proves = FirearmReceipt.event.in_(("RELINQUISHED", "PROOF_FILED", "NO_FIREARMS_DECLARED"))
    filed = proves, current(FirearmReceipt, KNOWN_AT)
    return select(FirearmReceipt.case_id, FirearmReceipt.occurred_at).where(*filed), FirearmReceipt.case_id


def firearms(session: Session, cases: Cases, known_at: datetime) -> Iterator[Gap]:
    """M5: ordered to give up firearms, until proof, a receipt or a declaration that there are none is on file."""
    signed = kept(Signed, session, cases, known_at)
    proof: dict[int, datetime] = {}
    first = (row for row in kept(Duties, session, cases, known_at).rows if row.supersedes_id is None)
    duties = [row for row in first if row.kind == "firearm_surrender"]
    for row in asked(session, _proofs, cases, known_at) if duties else ():
        proof[row.case_id] = min(row.occurred_at, proof.get(row.case_id, row.occurred_at))
    for row in duties:
        if began := signed.began.get(row.order_id):
            done = proof.get(row.case_id)
            yield Gap(measure="M5", case_id=row.case_id, owner_id=row.agency_id, started_at=began,
                      stopped_at=signed.ends.get(row.order_id), done_at=max(done, began) if done else None)  # fmt: skip


class Ordered(Signed):
    """When each case was first ordered to a program, by which court agency, and until when it holds."""

    def __init__(self, session: Session, cases: Cases, known_at: datetime) -> None:
        signed = kept(Signed, session, cases, known_at)
        self.began, self.ends = signed.began, signed.ends
        self.program: dict[int, tuple[datetime, datetime | None, int]] = {}
        for row in kept(Duties, session, cases, known_at).rows:
            if row.kind != "bip":
                continue
            began = self.began.get(row.order_id)
            if began and (row.case_id not in self.program or began < self.program[row.case_id][0]):
                self.program[row.case_id] = began, self.ends.get(row.order_id), row.agency_id


def _referred() -> Statement:
    columns = Enrollment.id.label("place_id"), Enrollment.case_id, Enrollment.recorded_at, Enrollment.agency_id
    return select(*columns).where(Enrollment.recorded_at <= KNOWN_AT), Enrollment.case_id


def _moved() -> Statement:
    columns = (EnrollmentEvent.case_id, EnrollmentEvent.enrollment_id.label("place_id"), EnrollmentEvent.occurred_on,
               EnrollmentEvent.event)  # fmt: skip
    known = EnrollmentEvent.event.in_((*TAKEN_IN, *LEFT)), current(EnrollmentEvent, KNOWN_AT)
    return select(*columns).where(*known), EnrollmentEvent.case_id


class Seats:
    """By case, when a program was first told of a referral and which; the newest whose place stands, and since when;
    and the first day of intake."""

    def __init__(
        self, session: Session, cases: Cases, known_at: datetime, where: Mapping[int, Place] | None = None
    ) -> None:
        where = kept(places, session, cases, known_at) if where is None else where
        self.told: dict[int, tuple[datetime, int]] = {}
        self.newest: dict[int, tuple[datetime, int]] = {}
        self.intake: dict[int, datetime] = {}
        moved = sorted(asked(session, _moved, cases, known_at), key=lambda one: one.occurred_on)
        left = {row.place_id for row in moved if row.event in LEFT}
        for row in sorted(asked(session, _referred, cases, known_at), key=lambda one: one.recorded_at):
            self.told.setdefault(row.case_id, (row.recorded_at, row.agency_id))
            if row.place_id not in left:
                self.newest[row.case_id] = row.recorded_at, row.agency_id
        for row in moved:
            if row.case_id in where and row.event in TAKEN_IN:
                self.intake.setdefault(row.case_id, start_of(row.occurred_on, where[row.case_id].zone))


def program_told(session: Session, cases: Cases, known_at: datetime) -> Iterator[Gap]:
    """M6: ordered to a program, until the referral is on record."""
    seats = kept(Seats, session, cases, known_at)
    for case, (began, ends, court) in kept(Ordered, session, cases, known_at).program.items():
        told = seats.told.get(case)
        yield Gap(measure="M6", case_id=case, owner_id=court, started_at=began, stopped_at=ends,
                  done_at=max(told[0], began) if told else None)  # fmt: skip


def intake(session: Session, cases: Cases, known_at: datetime) -> Iterator[Gap]:
    """M7: ordered to a program, until its intake; the court's clock while no program has a place for it.

    Of several programs it is the newest one's, whose days count from its own referral: no other's wait is its lapse.
    """
    seats = kept(Seats, session, cases, known_at)
    for case, (began, ends, court) in kept(Ordered, session, cases, known_at).program.items():
        told, held = seats.newest.get(case), seats.intake.get(case)
        yield Gap(measure="M7", case_id=case, owner_id=told[1] if told else court, started_at=began, stopped_at=ends,
                  reached_at=max(told[0], began) if told else None,
                  done_at=max(held, began) if held else None)  # fmt: skip


def _came() -> Statement:
    classes = Attendance.outcome.in_(CAME), Attendance.session_kind != "INTAKE", current(Attendance, KNOWN_AT)
    first = func.min(Attendance.occurred_on).label("occurred_on")
    return select(Attendance.case_id, first).where(*classes).group_by(Attendance.case_id), Attendance.case_id


def first_session(session: Session, cases: Cases, known_at: datetime) -> Iterator[Gap]:
    """M8: from the intake to the first class that was attended."""
    where = kept(places, session, cases, known_at)
    seats = kept(Seats, session, cases, known_at)
    ordered = kept(Ordered, session, cases, known_at).program
    came = {
        row.case_id: start_of(row.occurred_on, where[row.case_id].zone)
        for row in asked(session, _came, cases, known_at) if row.case_id in where
    }
    for case, held in seats.intake.items():
        first, ends = came.get(case), ordered[case][1] if case in ordered else None
        yield Gap(measure="M8", case_id=case, owner_id=seats.told[case][1] if case in seats.told else 0,
                  started_at=held, stopped_at=ends, done_at=max(first, held) if first else None)  # fmt: skip


def first_review(session: Session, cases: Cases, known_at: datetime) -> Iterator[Gap]:
    """M9: from an order with duties to the first review that was held."""
    signed = kept(Signed, session, cases, known_at)
    began: dict[int, tuple[datetime, datetime | None, int]] = {}
    for row in kept(Duties, session, cases, known_at).rows:
        at = signed.began.get(row.order_id)
        if at and (row.case_id not in began or at < began[row.case_id][0]):
            began[row.case_id] = at, signed.ends.get(row.order_id), row.agency_id
    held = kept(held_by_case, session, cases, known_at)
    for case, (at, ends, court) in began.items():
        after = (one.starts_at for one in held.get(case, ()) if one.starts_at > at and one.kind == "COMPLIANCE_REVIEW")
        yield Gap(measure="M9", case_id=case, owner_id=court, started_at=at, stopped_at=ends,
                  done_at=min(after, default=None))  # fmt: skip


def _missed() -> Statement:
    columns = Attendance.case_id, Attendance.agency_id, Attendance.occurred_on, Attendance.recorded_at
    known = first_told(Attendance), Attendance.recorded_at <= KNOWN_AT
    return select(*columns).where(Attendance.outcome == ABSENT, *known), Attendance.case_id


def absences(session: Session, cases: Cases, known_at: datetime) -> Iterator[Gap]:
    """M10: from the end of a missed class to the report of it; a class that nobody reported is in no row."""
    where = kept(places, session, cases, known_at)
    for row in asked(session, _missed, cases, known_at):
        if row.case_id in where:
            ended = end_of_day(row.occurred_on, where[row.case_id].zone)
            yield Gap(measure="M10", case_id=row.case_id, owner_id=row.agency_id, started_at=ended,
                      done_at=max(row.recorded_at, ended))  # fmt: skip


def _shown() -> Statement:
    seen = Told.act == "SEEN", Told.told_at <= KNOWN_AT, Told.role.in_(OF_PROBATION)
    return select(Told.flag_id, Told.told_at).where(*seen), Told.case_id


def _reviewed() -> Statement:
    stood = Review.undone_at.is_(None) | (Review.undone_at > KNOWN_AT)
    columns = Review.flag_id, Review.decided_at, Review.decision
    return select(*columns).where(Review.decided_at <= KNOWN_AT, stood), Review.case_id


def _raised() -> Statement:
    columns = (Flag.id, Flag.case_id, Flag.agency_id, Flag.opened_at, Flag.closed_at, Flag.response_class,
               Flag.state)  # fmt: skip
    # a lapse of a program or a court, and what is only good to know, is nobody's to answer in this office
    ours = Flag.owner.in_(("offender", "probation")), Flag.severity != "info"
    return select(*columns).where(Flag.opened_at <= KNOWN_AT, *ours), Flag.case_id


class Questions:
    """Flags as they were raised: by flag, when somebody of the office opened it, and what they decided."""

    def __init__(self, session: Session, cases: Cases, known_at: datetime) -> None:
        self.seen: dict[int, datetime] = {}
        self.answered: dict[int, datetime] = {}
        self.raised = asked(session, _raised, cases, known_at)
        if not self.raised:
            return
        for row in asked(session, _shown, cases, known_at):
            self.seen[row.flag_id] = min(row.told_at, self.seen.get(row.flag_id, row.told_at))
        for row in asked(session, _reviewed, cases, known_at):
            self.seen[row.flag_id] = min(row.decided_at, self.seen.get(row.flag_id, row.decided_at))
            if row.decision not in ("ACKNOWLEDGE", "REOPEN"):
                self.answered[row.flag_id] = min(row.decided_at, self.answered.get(row.flag_id, row.decided_at))


def _questions(measure: str, answer: str) -> Callable[[Session, Cases, datetime], Iterator[Gap]]:
    def read(session: Session, cases: Cases, known_at: datetime) -> Iterator[Gap]:
        found = kept(Questions, session, cases, known_at)
        done = getattr(found, answer)
        for row in found.raised:
            gone = row.closed_at if row.state in ("CLEARED", "WITHDRAWN") else None
            yield Gap(measure=measure, case_id=row.case_id, owner_id=row.agency_id, started_at=row.opened_at,
                      done_at=done.get(row.id), stopped_at=gone, response_class=row.response_class or "")  # fmt: skip

    return read


def _wanted() -> Statement:
    told = select(Pause.case_id, Pause.starts_on, Pause.ends_on)
    return told.where(Pause.kind == "WARRANT", current(Pause, KNOWN_AT)), Pause.case_id


def warrants(session: Session, cases: Cases, known_at: datetime) -> Iterator[Gap]:
    """M15: from a warrant's first day to the day on which it was served or recalled."""
    where = kept(places, session, cases, known_at)
    for row in asked(session, _wanted, cases, known_at):
        if row.case_id in where:
            zone = where[row.case_id].zone
            yield Gap(measure="M15", case_id=row.case_id, owner_id=0, started_at=start_of(row.starts_on, zone),
                      done_at=start_of(row.ends_on, zone) if row.ends_on else None)  # fmt: skip


Reader = Callable[[Session, Cases, datetime], Iterable[Gap]]
READERS: Final[Mapping[str, Reader]] = {
    "M1": reported, "M2": decided,
    "M3": registry, "M4": service, "M5": firearms, "M6": program_told, "M7": intake, "M8": first_session,
    "M9": first_review, "M10": absences, "M11": _questions("M11", "seen"), "M12": _questions("M12", "answered"),
    "M13": filed, "M14": heard, "M15": warrants, "R1": referred_out, "R2": brought,
}  # fmt: skip
_REFERRED: Final = (_versions, _duties, _referred, _moved)
# what each asks by `asked`: a strip reads it in one statement; a reader that asks more here asks it by itself
ASKS: Final[Mapping[str, tuple[Build, ...]]] = {
    "M2": (*STEPS, pauses), "M4": (_versions, _protective, _served), "M6": _REFERRED, "M7": _REFERRED,
    "M8": (*_REFERRED, _came), "M9": (_versions, _duties, *HELD), "M10": (_missed,),
    "M11": (_raised, _shown, _reviewed, pauses), "M12": (_raised, _shown, _reviewed, pauses), "M13": FILED,
    "M14": (*HELD, *HEARD), "M15": (_wanted,), "R1": SENT,
}  # fmt: skip


def asks(measures: Iterable[str]) -> tuple[Build, ...]:
    """The statements of some measures, each once; where their cases are heard comes first."""
    return tuple(dict.fromkeys((courts, *(build for measure in measures for build in ASKS.get(measure, ())))))
