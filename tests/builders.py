"""Facts in one line, dates fixed: a small town, a person under order in it, and what happens to the person.

    town = build_town(session)
    matter = person_with_order(session, town)
    missed = absent(session, matter, date(2026, 1, 15))
    adjudicate(session, missed, "UNEXCUSED", date(2026, 1, 16))

Everything is recorded at noon local time of the day on which it happened, unless ``recorded_on`` says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.orm import Session

from monitor.due_process import BY_REVIEW
from monitor.models import (
    Adjudication,
    Agency,
    Allegation,
    AllegationFlag,
    AllegationStep,
    Attendance,
    Case,
    CaseAgency,
    Condition,
    Contact,
    Court,
    CourtDecision,
    Coverage,
    Enrollment,
    EnrollmentEvent,
    Fact,
    FirearmReceipt,
    Flag,
    Group,
    Judge,
    Membership,
    Order,
    OrderVersion,
    Person,
    Program,
    Report,
    Requirement,
    Review,
    Service,
    User,
)

ORDERED_ON = date(2026, 1, 5)  # a Monday
ZONE = "America/Los_Angeles"
_ids = Random(26)
AnyFact = TypeVar("AnyFact", bound=Fact)


def random_id() -> int:
    """The next id of a row; after `number_from` the same ids come again."""
    return _ids.getrandbits(63) or 1


def number_from(seed: int) -> None:
    """Start the ids anew, so that two records can be compared row by row."""
    _ids.seed(seed)


class Town(msgspec.Struct):
    """One court, probation office and program; ids only."""

    zone: str
    pack: str
    court_agency: int
    office: int
    program_agency: int
    court: int
    judge: int
    program: int
    group: int


class Matter(msgspec.Struct):
    """A person under a probation order, and a place in the program."""

    town: Town
    case: int
    order: int
    person: int
    enrollment: int


def at(day: date, hour: int = 12, minute: int = 0, zone: str = ZONE) -> datetime:
    """A local wall-clock time as an instant."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone)).astimezone(UTC)


def weekly(first: date, count: int) -> list[date]:
    """``count`` days, a week apart."""
    return [first + timedelta(weeks=week) for week in range(count)]


def build_town(session: Session, zone: str = ZONE, pack: str = "us_ca", code: str = "near") -> Town:
    """Agencies that share cases, a court, a judge, a program with a Monday group."""
    ids = {kind: random_id() for kind in ("court", "probation", "program")}
    for kind, number in ids.items():
        session.add(Agency(id=number, kind=kind, name=f"{code} {kind}", code=f"{code}-{kind}", zone=zone))
    court = Court(id=random_id(), agency_id=ids["court"], name=f"{code} court", code=code, zone=zone, pack=pack)
    judge = Judge(id=random_id(), agency_id=ids["court"], court_id=court.id, user_id=None, name="J. Example")
    program = Program(id=random_id(), agency_id=ids["program"], name=f"{code} program", code=f"{code}-p")
    group = Group(
        id=random_id(), agency_id=ids["program"], program_id=program.id, code="MON", weekday=0, starts_at=time(18)
    )
    session.add_all([court, judge, program, group])
    session.flush()
    return Town(zone, pack, ids["court"], ids["probation"], ids["program"], court.id, judge.id, program.id, group.id)


def add_user(session: Session, agency: int, role: str, email: str, since: date = ORDERED_ON) -> int:
    """An account with one role, without a password that works."""
    user = User(id=random_id(), email=email, name=email, password_hash="-", created_at=at(since))
    session.add_all([user, Membership(user_id=user.id, agency_id=agency, role=role, from_on=since, until_on=None)])
    session.flush()
    return user.id


def person_with_order(
    session: Session, town: Town, ordered_on: date = ORDERED_ON, *, number: str = "", duties: Sequence[str] = ("bip",),
    terms: dict[str, Any] | None = None, enrolled_on: date | None = None, **anchors: Any,
) -> Matter:  # fmt: skip
    """A person, a case that court, office and program share, a probation order served in court, and a place.

    ``duties`` are kinds of requirement; ``terms`` what the order itself sets for the first of them; ``anchors`` fields
    of `OrderVersion` (term_months, facts). ``enrolled_on``: default a week after the order.
    """
    heard = at(ordered_on, 11, zone=town.zone)
    person = Person(
        id=random_id(), agency_id=town.court_agency, family_name="Example", given_name="Ann", born_on=date(1990, 5, 17)
    )
    case = Case(
        id=random_id(), agency_id=town.court_agency, court_id=town.court, judge_id=town.judge, person_id=person.id,
        number=number or f"26-DV-{random_id() % 10**8:08d}", opened_on=ordered_on,
    )  # fmt: skip
    session.add_all([person, case])
    for agency in (town.court_agency, town.office, town.program_agency):
        session.add(CaseAgency(case_id=case.id, agency_id=agency, from_on=ordered_on, until_on=None))
    order = _order(session, town, case.id, duties, terms or {}, ordered_on, anchors)
    _fact(session, Service, town.court_agency, case.id, heard, order_id=order, occurred_at=heard, method="IN_COURT",
          server="Clerk")  # fmt: skip
    place = _place(session, town, case.id, person.id, ordered_on, enrolled_on or ordered_on + timedelta(days=7))
    session.flush()
    return Matter(town, case.id, order, person.id, place)


def _order(
    session: Session, town: Town, case: int, duties: Sequence[str], terms: dict[str, Any], day: date,
    anchors: dict[str, Any],
) -> int:  # fmt: skip
    order = Order(id=random_id(), case_id=case, agency_id=town.court_agency, kind="PROBATION", number=None)
    heard = at(day, 11, zone=town.zone)
    told = {"granted_on": day, "convicted_on": day, "term_months": 36, "facts": {}} | anchors
    version = OrderVersion(
        id=random_id(), case_id=case, agency_id=town.court_agency, order_id=order.id, version_no=1, change="NEW",
        ordered_on=day, effective_from=heard, recorded_at=heard, **told,
    )  # fmt: skip
    session.add_all([order, version])
    for line, kind in enumerate(duties, start=1):
        session.add(
            Condition(case_id=case, agency_id=town.court_agency, order_version_id=version.id, line=line,
                      code="BIP" if kind == "bip" else "OTHER_BESPOKE", text=kind, exceptions=[])
        )  # fmt: skip
        session.add(
            Requirement(case_id=case, agency_id=town.court_agency, order_id=order.id, kind=kind, from_on=day,
                        terms=terms if line == 1 else {}, recorded_at=heard)
        )  # fmt: skip
    return order.id


def _place(session: Session, town: Town, case: int, person: int, ordered_on: date, enrolled_on: date) -> int:
    place = Enrollment(
        id=random_id(), case_id=case, agency_id=town.program_agency, program_id=town.program, person_id=person,
        group_id=town.group, code=str(random_id() % 10**9), recorded_at=at(ordered_on, zone=town.zone),
    )  # fmt: skip
    session.add(place)
    for event, day in (("REFERRED", ordered_on), ("ENROLLED", enrolled_on)):
        _fact(session, EnrollmentEvent, town.program_agency, case, at(day, zone=town.zone), enrollment_id=place.id,
              event=event, occurred_on=day, why=None)  # fmt: skip
    return place.id


def _fact(session: Session, entity: type[AnyFact], agency: int, case: int, known: datetime, **told: Any) -> AnyFact:
    row = entity(id=random_id(), case_id=case, agency_id=agency, recorded_at=known, **told)
    session.add(row)
    return row


def attended(session: Session, matter: Matter, *days: date, recorded_on: date | None = None, **told: Any) -> Attendance:
    """One class for each day; returns the last. ``told`` overrides fields of `Attendance`."""
    says = {"outcome": "PRESENT", "program_says": "P", "session_kind": "GROUP", "minutes": 120, "source": "grid"} | told
    row = None
    for day in days:
        known = at(recorded_on or day, zone=matter.town.zone)
        row = _fact(session, Attendance, matter.town.program_agency, matter.case, known,
                    enrollment_id=matter.enrollment, occurred_on=day, **says)  # fmt: skip
    assert row is not None, "give at least one day"
    return row


def absent(session: Session, matter: Matter, *days: date, recorded_on: date | None = None, **told: Any) -> Attendance:
    """One missed class for each day, pending until somebody decides; returns the last."""
    says = {"outcome": "ABSENT", "program_says": "ABS", "minutes": None} | told
    return attended(session, matter, *days, recorded_on=recorded_on, **says)


def adjudicate(
    session: Session, absence: Attendance, decision: str, decided_on: date, why: str | None = None,
    by: str = "OFFICER", zone: str = ZONE,
) -> Adjudication:  # fmt: skip
    """The decision on one absence; EXCUSED needs ``why``."""
    return _fact(
        session, Adjudication, absence.agency_id, absence.case_id, at(decided_on, 15, zone=zone),
        attendance_id=absence.id, decision=decision, decided_by=by, occurred_on=decided_on,
        why=why or ("MEDICAL" if decision == "EXCUSED" else None),
    )  # fmt: skip


def unexcused(session: Session, matter: Matter, *days: date) -> list[Attendance]:
    """Absences that the officer decided the next day."""
    rows = []
    for day in days:
        rows.append(absent(session, matter, day))
        adjudicate(session, rows[-1], "UNEXCUSED", day + timedelta(days=1), zone=matter.town.zone)
    return rows


def cover(session: Session, matter: Matter, first: date, end: date, recorded_on: date | None = None) -> Coverage:
    """The program's sheets for [first, end) are complete for this person; recorded at the end by default."""
    known = at(recorded_on or end, zone=matter.town.zone)
    return _fact(session, Coverage, matter.town.program_agency, matter.case, known, enrollment_id=matter.enrollment,
                 covers_from=first, covers_to=end)  # fmt: skip


def contact(session: Session, matter: Matter, *days: date, **told: Any) -> None:
    """Completed contacts in person at the office."""
    says = {"kind": "DIRECT", "method": "IN_PERSON", "state": "COMPLETED", "place": "OFFICE"} | told
    for day in days:
        when = at(day, 10, zone=matter.town.zone)
        _fact(session, Contact, matter.town.office, matter.case, when, **{"occurred_at": when, **says})


def report(
    session: Session, matter: Matter, kind: str, day: date, by: str, to: str, about: int | None = None
) -> Report:
    """A notice or filing."""
    agency = {"PROGRAM": matter.town.program_agency, "PROBATION": matter.town.office}.get(by, matter.town.court_agency)
    return _fact(session, Report, agency, matter.case, at(day, 14, zone=matter.town.zone), kind=kind, sent_by=by,
                 sent_to=to, occurred_on=day, about_id=about, enrollment_id=matter.enrollment, content={})  # fmt: skip


def firearms_declared(session: Session, matter: Matter, day: date) -> FirearmReceipt:
    """The person declares to have none: ends all three firearm duties."""
    when = at(day, 16, zone=matter.town.zone)
    return _fact(session, FirearmReceipt, matter.town.court_agency, matter.case, when, event="NO_FIREARMS_DECLARED",
                 occurred_at=when)  # fmt: skip


def decide(session: Session, matter: Matter, kind: str, day: date, **told: Any) -> CourtDecision:
    """A decision of the court about the order."""
    return _fact(session, CourtDecision, matter.town.court_agency, matter.case, at(day, 15, zone=matter.town.zone),
                 kind=kind, decided_by="COURT", occurred_on=day, order_id=matter.order, content={}, **told)  # fmt: skip


def correct(session: Session, fact: AnyFact, known: datetime, *, retract: bool = False, **changes: Any) -> AnyFact:
    """A new version that supersedes ``fact``: with ``changes``, or saying that it never happened."""
    left_out = {"id", "supersedes_id", "recorded_at", "retracted", "reason"}
    same = {name: getattr(fact, name) for name in type(fact).__table__.columns.keys() if name not in left_out}
    row = type(fact)(
        **(same | changes), id=random_id(), supersedes_id=fact.id, recorded_at=known, retracted=retract,
        reason="Entered wrongly.",
    )  # fmt: skip
    session.add(row)
    return row


def decided(session: Session, flag: Flag, state: str) -> None:
    """A flag that somebody of its office reviewed, with the review that put it there; ACTED: and a second one's yes."""
    decision = {after: decision for decision, after in BY_REVIEW.items()}["REPORTED" if state == "ACTED" else state]
    review = Review(
        id=random_id(), case_id=flag.case_id, agency_id=flag.agency_id, flag_id=flag.id, version=flag.version,
        decision=decision, words="Said.", content={}, decided_at=flag.opened_at,
        by_user_id=add_user(session, flag.agency_id, "officer", f"reviewer-{random_id()}@agency.example"),
    )  # fmt: skip
    session.add(review)
    session.flush()
    if state == "ACTED":
        filed(session, review, flag.opened_at)
    flag.state = state
    session.flush()


def filed(session: Session, review: Review, now: datetime, **typed: str) -> int:
    """The report of one reviewed flag that another supervisor of the office approved; the report's id."""
    known = {"case_id": review.case_id, "agency_id": review.agency_id}
    report = Allegation(id=random_id(), made_by_id=review.by_user_id, made_at=now, **known)
    session.add(report)
    session.flush()
    session.add(
        AllegationFlag(id=random_id(), allegation_id=report.id, flag_id=review.flag_id, review_id=review.id, **known)
    )
    session.flush()
    boss = add_user(session, review.agency_id, "officer_supervisor", f"boss-{random_id()}@agency.example")
    for number, (kind, who) in enumerate((("MADE", review.by_user_id), ("SUBMITTED", review.by_user_id),
                                          ("APPROVED", boss)), start=1):  # fmt: skip
        session.add(
            AllegationStep(id=random_id(), allegation_id=report.id, number=number, kind=kind, by_user_id=who, at=now,
                           content={"typed": typed} if kind == "APPROVED" else {}, **known)
        )  # fmt: skip
        session.flush()
    return report.id


def undo(session: Session, facts: Iterable[AnyFact], known: datetime) -> None:
    """Retract several facts at once, as undoing an upload does."""
    for fact in facts:
        correct(session, fact, known, retract=True)
