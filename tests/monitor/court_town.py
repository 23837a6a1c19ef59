"""A court, an office and two programs for the court's tests, and cases whose classes are written as one string."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.scope import Scope
from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.page import BenchPage
from monitor.bench_page.reading import bench_page
from monitor.clock import local_day
from monitor.db import Database
from monitor.models import (
    Adjudication,
    Agency,
    Attendance,
    Case,
    CaseAgency,
    Condition,
    Contact,
    Court,
    Enrollment,
    EnrollmentEvent,
    FirearmReceipt,
    Flag,
    Group,
    Hearing,
    Judge,
    Order,
    OrderVersion,
    Person,
    Program,
    Requirement,
    Review,
    Service,
    Span,
    User,
    random_id,
)
from tests.builders import filed

ZONE = "America/Los_Angeles"
DAYS_BACK = 2  # the newest class day lies so many days before today
OUTCOMES = {"y": "PRESENT", "l": "PRESENT_LATE", "n": "LEFT_EARLY", "-": "SESSION_CANCELLED"}
DECISIONS = {"M": "UNEXCUSED", "E": "EXCUSED"}


class CourtTown(msgspec.Struct):
    """Ids of what was built; ``day`` is the docket's."""

    database: Database
    now: datetime
    today: date
    day: date
    court_code: str
    court: int
    judge: int
    court_agency: int
    other_court_agency: int
    office: int
    officer: int
    programs: dict[str, tuple[int, int, int]]
    hearings: list[int] = []
    cases: list[int] = []
    numbers: list[str] = []

    def bench(self) -> ScopedSession:
        """A judge's session."""
        return self.database.scoped(Scope(1, "judge", self.court_agency))

    def page(self, hearing: int, now: datetime | None = None) -> BenchPage:
        """The bench page as the judge gets it."""
        with self.bench() as session:
            found = bench_page(session, hearing, now or self.now)
        assert found is not None
        return found

    def facts_of(self, hearing: int, at: datetime) -> list[str]:
        """Every sentence of the page."""
        page = self.page(hearing, at)
        blocks = (page.orders, page.safety, page.since, page.before, page.in_the_way, page.asks)
        said = [one.line for block in blocks for one in block]
        said += [fact.line for line in page.conditions for fact in line.facts]
        said += [line.word for line in page.conditions] + [line.strip_words for line in page.conditions]
        head = page.heading
        return [*said, *page.alleged_lines, *page.missing, *page.late, head.respondent, head.number, head.custody]


def build_court_town(database: Database, now: datetime, cases: bool = True) -> CourtTown:
    """A town with five cases on one docket: on track, missed and contested, silent program, not enrolled, waiting."""
    with database.system("test data") as session, session.begin():
        town = _found(session, database, now)
    if cases:
        add_case(town, "25-DV-000001", "Abara", classes="yyyyyy")
        add_case(town, "25-DV-000002", "Nguyễn", classes="yyMEyu", alleged="ABSENCE_UNEXCUSED", contested=True)
        add_case(town, "25-DV-000003", "O'Neal", classes="yyyy?", program="quiet")
        add_case(town, "25-DV-000004", "Петров", classes="", enrolled=False, firearms=False)
        add_case(town, "25-DV-000005", "محمد", classes="yy-yln", language="ar")
    return town


def add(session: Session, entity: Any, **values: Any) -> Any:
    row = entity(**values)
    if "id" in entity.__mapper__.columns and not row.id:
        row.id = random_id()  # known at once, so that all rows of a case are written together
    session.add(row)
    return row


def _found(session: Session, database: Database, now: datetime) -> CourtTown:
    today = local_day(now, ZONE)
    court_agency, other, office = (
        add(session, Agency, kind=kind, name=name, code=name.lower(), zone=ZONE).id
        for kind, name in (("court", "Court"), ("court", "Elsewhere"), ("probation", "Probation"))
    )
    court = add(session, Court, agency_id=court_agency, name="Riverbend Court", code="rb", zone=ZONE, pack="us_ca")
    judge = add(session, Judge, agency_id=court_agency, court_id=court.id, name="Judge Lee")
    officer = add(session, User, email="o@x.example", name="A. Reyes", password_hash="x", created_at=now)
    programs = {}
    for code, name in (("north", "North Star"), ("quiet", "Quiet Program")):
        agency = add(session, Agency, kind="program", name=name, code=code, zone=ZONE)
        program = add(session, Program, agency_id=agency.id, name=name, code=code)
        group = add(
            session, Group, agency_id=agency.id, program_id=program.id, code="G1", starts_at=time(18),
            weekday=(today - timedelta(days=DAYS_BACK)).weekday(), minutes=120,
        )  # fmt: skip
        programs[code] = (agency.id, program.id, group.id)
    return CourtTown(
        database, now, today, today + timedelta(days=2), court.code, court.id, judge.id, court_agency, other, office,
        officer.id, programs,
    )  # fmt: skip


def add_case(
    town: CourtTown, number: str, family: str, *, classes: str = "", program: str = "north", enrolled: bool = True,
    firearms: bool = True, language: str | None = None, alleged: str = "", contested: bool = False, given: str = "A",
    hour: int = 9,
) -> int:  # fmt: skip
    """A case with its hearing. ``classes``: one letter a week, the newest last (y l n M E u -, ? for no report)."""
    ordered_on = town.today - timedelta(days=DAYS_BACK + 7 * len(classes) + 20)
    with town.database.system("test data") as session, session.begin():
        person = add(
            session, Person, agency_id=town.court_agency, family_name=family, given_name=given,
            born_on=date(1990, 1, 1), language=language,
        )  # fmt: skip
        case = add(
            session, Case, agency_id=town.court_agency, court_id=town.court, judge_id=town.judge, person_id=person.id,
            number=number, opened_on=ordered_on,
        )  # fmt: skip
        for agency in (town.court_agency, town.office, town.programs[program][0]):
            add(session, CaseAgency, case_id=case.id, agency_id=agency, from_on=ordered_on)
        _order(session, town, case.id, ordered_on)
        _classes(session, town, case.id, person.id, program, classes, ordered_on, enrolled)
        if firearms:
            fact(session, town, FirearmReceipt, case.id, ordered_on, event="PROOF_FILED", occurred_at=noon(ordered_on))
        fact(
            session, town, Contact, case.id, town.today - timedelta(days=5), kind="DIRECT", method="IN_PERSON",
            state="COMPLETED", place="OFFICE", occurred_at=noon(town.today - timedelta(days=5)),
            note="A working note that stays with probation",
        )  # fmt: skip
        hearing = _hearings(session, town, case.id, ordered_on, hour)
        if alleged:
            add_flag(session, town, case.id, alleged, acted=True, contested=contested)
        town.hearings.append(hearing)
        town.cases.append(case.id)
        town.numbers.append(number)
    return hearing


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo(ZONE))


def fact(session: Session, town: CourtTown, entity: Any, case: int, day: date, **values: Any) -> Any:
    """A fact recorded at noon of ``day`` by the office, unless said otherwise."""
    values.setdefault("agency_id", town.office)
    return add(session, entity, case_id=case, recorded_at=min(noon(day), town.now), **values)


def _order(session: Session, town: CourtTown, case: int, day: date) -> None:
    for kind, codes in (("PROBATION", ("BIP", "REPORT_TO_PROBATION", "FIREARM_SURRENDER", "FINES_FEES")),
                        ("CRIMINAL_NO_CONTACT", ("01", "04", "05", "07"))):  # fmt: skip
        order = add(session, Order, case_id=case, agency_id=town.court_agency, kind=kind)
        version = add(
            session, OrderVersion, case_id=case, agency_id=town.court_agency, order_id=order.id, version_no=1,
            change="NEW", ordered_on=day, effective_from=noon(day), recorded_at=noon(day),
        )  # fmt: skip
        for line, code in enumerate(codes, 1):
            add(
                session, Condition, case_id=case, agency_id=town.court_agency, order_version_id=version.id, line=line,
                code=code, text=f"Term {code} as signed",
            )  # fmt: skip
        if kind == "PROBATION":
            add(
                session, Requirement, case_id=case, agency_id=town.court_agency, order_id=order.id, kind="bip",
                terms={"bip.enroll_deadline": 14}, from_on=day, recorded_at=noon(day),
            )  # fmt: skip
        fact(
            session, town, Service, case, day, agency_id=town.court_agency, order_id=order.id, occurred_at=noon(day),
            method="PERSONAL", server="Sgt. Lee",
        )  # fmt: skip


def _classes(
    session: Session, town: CourtTown, case: int, person: int, program: str, classes: str, ordered_on: date,
    enrolled: bool,
) -> None:  # fmt: skip
    agency, program_id, group = town.programs[program]
    place = add(
        session, Enrollment, case_id=case, agency_id=agency, program_id=program_id, person_id=person, group_id=group,
        code=f"P{case}", recorded_at=noon(ordered_on),
    )  # fmt: skip
    if not enrolled:
        return
    newest = town.today - timedelta(days=DAYS_BACK)
    joined = newest - timedelta(days=7 * len(classes) - 1)
    fact(session, town, EnrollmentEvent, case, joined, agency_id=agency, enrollment_id=place.id, event="ENROLLED",
         occurred_on=joined)  # fmt: skip
    for back, letter in enumerate(reversed(classes)):
        day = newest - timedelta(days=7 * back)
        if letter != "?":
            _class(session, town, case, place.id, agency, day, letter)


def _class(session: Session, town: CourtTown, case: int, place: int, agency: int, day: date, letter: str) -> None:
    row = fact(
        session, town, Attendance, case, day + timedelta(days=1), agency_id=agency, enrollment_id=place,
        occurred_on=day, outcome=OUTCOMES.get(letter, "ABSENT"), program_says="P", source="sheet.csv",
    )  # fmt: skip
    if letter in DECISIONS:
        fact(
            session, town, Adjudication, case, day + timedelta(days=1), attendance_id=row.id, occurred_on=day,
            decision=DECISIONS[letter], decided_by="OFFICER", why="MEDICAL" if letter == "E" else None,
        )  # fmt: skip


def _hearings(session: Session, town: CourtTown, case: int, ordered_on: date, hour: int) -> int:
    common = {
        "case_id": case, "agency_id": town.court_agency, "court_id": town.court, "judge_id": town.judge,
        "kind": "COMPLIANCE_REVIEW", "room": "Dept 4",
    }  # fmt: skip
    held = noon(ordered_on + timedelta(days=15))
    past = {"starts_at": held, "resulted_at": held, "recorded_at": held}
    add(session, Hearing, review_no=1, outcome="CONTINUED", **past, **common)
    at = datetime.combine(town.day, time(hour), ZoneInfo(ZONE))
    return add(session, Hearing, starts_at=at, review_no=2, recorded_at=town.now - timedelta(days=1), **common).id


def add_flag(session: Session, town: CourtTown, case: int, code: str, *, acted: bool, contested: bool = False) -> int:
    """A flag about the person, open, or reviewed and taken to the court."""
    order = session.scalar(select(Order.id).where(Order.case_id == case, Order.kind == "PROBATION"))
    first = town.today - timedelta(days=10)
    span = add(
        session, Span, case_id=case, order_id=order, key=f"{code}:{case}", version="v", code=code, owner="offender",
        severity="review", starts_on=first, starts_at=noon(first), content={}, known_from=noon(first),
        response_class="B",
    )  # fmt: skip
    flag = add(
        session, Flag, case_id=case, agency_id=town.office, key=span.key, span_id=span.id, version="v", code=code,
        owner="offender", severity="review", state="OPEN", first_on=first,
        opened_at=noon(first), contested=contested, response_class="B",
    )  # fmt: skip
    review = add(
        session, Review, case_id=case, agency_id=town.office, flag_id=flag.id, version="v",
        decision="ACT" if acted else "ACKNOWLEDGE", words="Asks to keep the evening group.", content={},
        by_user_id=town.officer, decided_at=town.now - timedelta(days=1),
    )  # fmt: skip
    session.flush()
    if acted:
        filed(session, review, review.decided_at)
        flag.state = "ACTED"
    session.flush()
    return flag.id
