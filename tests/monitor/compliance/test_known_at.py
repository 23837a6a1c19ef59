"""What was recorded later changes nothing that is told of an earlier instant: every table, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from sqlalchemy.orm import Session

from monitor.compliance import orders, sources
from monitor.compliance.loading import load_facts
from monitor.compliance.replay import evaluate_as_known
from monitor.db import Database
from monitor.models import (
    Adjudication,
    Assessment,
    Attendance,
    Certificate,
    CheckIn,
    Contact,
    CourtDecision,
    CourtHoliday,
    Coverage,
    DrugTest,
    Enrollment,
    EnrollmentEvent,
    Expectation,
    FirearmReceipt,
    Incident,
    Leave,
    Letter,
    OrderStep,
    OrderVersion,
    Pause,
    PolicyTerm,
    Program,
    Report,
    Requirement,
    Service,
    Transfer,
)
from rules.frames import SCHEMAS
from tests.builders import (
    Matter,
    absent,
    add_user,
    adjudicate,
    at,
    attended,
    build_town,
    number_from,
    person_with_order,
    random_id,
)
from tests.monitor.compliance.county import PACKS, reading, writing

HEARING = date(2026, 3, 2)
T = at(HEARING, 9)
LATER = T + timedelta(days=8)
MONDAYS = [date(2026, 1, 19) + timedelta(weeks=week) for week in range(6)]
DUTIES = ("bip", "check_in", "testing", "firearm_surrender")


def fact(session: Session, matter: Matter, entity: Any, **told: Any) -> None:
    session.add(
        entity(id=random_id(), case_id=matter.case, agency_id=matter.town.office, recorded_at=LATER, **told)
    )


def another_text(session: Session, matter: Matter) -> None:
    old = session.query(OrderVersion).filter_by(order_id=matter.order).one()
    old.effective_to = T - timedelta(days=20)
    session.flush()
    fact(
        session, matter, OrderVersion, order_id=matter.order, version_no=2, change="MODIFIED", term_months=12,
        ordered_on=old.ordered_on, effective_from=old.effective_to, granted_on=old.granted_on, convicted_on=None,
        facts={"levels": [{"from": "2026-01-05", "level": "high"}]},
    )  # fmt: skip


def a_change_that_waits_for_the_registry(session: Session, matter: Matter) -> None:
    version = session.query(OrderVersion.id).filter_by(order_id=matter.order).scalar()
    fact(
        session, matter, OrderStep, order_id=matter.order, order_version_id=version, kind="TO_ENTER", action="MODIFY",
        occurred_at=at(date(2026, 1, 8)),
    )  # fmt: skip


def another_program_with_a_policy_on_record(session: Session, matter: Matter) -> None:
    town = matter.town
    program = Program(id=random_id(), agency_id=town.program_agency, name="far", code=f"far{random_id()}")
    session.add(program)
    policy(session, program_id=program.id, agency_id=town.program_agency, recorded_at=T - timedelta(days=60))
    fact(session, matter, Enrollment, program_id=program.id, person_id=matter.person, group_id=None, code="X1")


def policy(session: Session, **told: Any) -> None:
    value = {"value": 1}
    session.add(
        PolicyTerm(
            id=random_id(), term="bip.enrollment_proof_deadline", value=value, from_on=date(2025, 1, 1),
            citation="Local rule 7", **told,
        )
    )  # fmt: skip


def first_absence(session: Session) -> Attendance:
    rows = session.query(Attendance).filter_by(outcome="ABSENT").order_by(Attendance.occurred_on)
    return rows.first()  # type: ignore[return-value]


Act = Callable[[Session, Matter], None]
# table -> something recorded in it after T about days before T, such that the record of today says otherwise
ACTS: dict[Any, Act] = {
    Attendance: lambda s, m: fact(
        s, m, Attendance, enrollment_id=m.enrollment, occurred_on=MONDAYS[0], outcome="PRESENT", program_says="P",
        source="sheet", supersedes_id=first_absence(s).id,
    ),
    Adjudication: lambda s, m: fact(
        s, m, Adjudication, attendance_id=first_absence(s).id, occurred_on=MONDAYS[1], decision="EXCUSED",
        decided_by="OFFICER", why="MEDICAL",
    ),
    Assessment: lambda s, m: fact(
        s, m, Assessment, tool="ODARA", tool_version="2005", level="high", occurred_on=MONDAYS[1],
        expires_on=MONDAYS[1] + timedelta(days=90), assessed_by_id=add_user(s, m.town.office, "officer", "assessor"),
    ),
    Coverage: lambda s, m: fact(
        s, m, Coverage, enrollment_id=m.enrollment, covers_from=MONDAYS[0], covers_to=HEARING,
    ),
    Expectation: lambda s, m: fact(
        s, m, Expectation, kind="check_in", occurred_on=MONDAYS[0], expected_on=MONDAYS[3], enrollment_id=None,
    ),
    Contact: lambda s, m: fact(
        s, m, Contact, occurred_at=at(MONDAYS[2]), kind="DIRECT", method="IN_PERSON", state="COMPLETED", place="OFFICE",
    ),
    CheckIn: lambda s, m: fact(s, m, CheckIn, occurred_at=at(MONDAYS[2])),
    Incident: lambda s, m: fact(
        s, m, Incident, kind="REPORT", number="26-1", occurred_at=at(MONDAYS[2]), touched="05", order_id=None,
        offence=None, weapon=False, strangulation="NO", accounts=True,
    ),
    DrugTest: lambda s, m: fact(s, m, DrugTest, occurred_on=MONDAYS[2], result="POSITIVE"),
    Report: lambda s, m: fact(
        s, m, Report, kind="ENROLLMENT_PROOF", sent_by="PERSON", sent_to="COURT", occurred_on=date(2026, 1, 14),
        enrollment_id=m.enrollment,
    ),
    EnrollmentEvent: lambda s, m: fact(
        s, m, EnrollmentEvent, enrollment_id=m.enrollment, event="DISCHARGED", occurred_on=MONDAYS[4], why="ABSENCES",
    ),
    Letter: lambda s, m: fact(s, m, Letter, kind="WAITLIST", occurred_on=date(2026, 1, 8)),
    Leave: lambda s, m: fact(
        s, m, Leave, enrollment_id=m.enrollment, occurred_on=date(2026, 1, 8), covers_on=MONDAYS[0],
        approved_by="provider",
    ),
    Transfer: lambda s, m: fact(
        s, m, Transfer, enrollment_id=m.enrollment, from_program_id=m.town.program, to_program_id=m.town.program,
        occurred_on=MONDAYS[1], why="MOVED", authorized_by="court",
    ),
    Certificate: lambda s, m: fact(s, m, Certificate, enrollment_id=m.enrollment, occurred_on=MONDAYS[4]),
    Pause: lambda s, m: fact(s, m, Pause, kind="CUSTODY", basis="SENTENCE", starts_on=date(2026, 1, 17)),
    FirearmReceipt: lambda s, m: fact(s, m, FirearmReceipt, event="PROOF_FILED", occurred_at=at(date(2026, 1, 6))),
    CourtDecision: lambda s, m: fact(s, m, CourtDecision, kind="BREACH_RESOLVED", occurred_on=MONDAYS[3]),
    OrderVersion: another_text,
    Requirement: lambda s, m: fact(
        s, m, Requirement, order_id=m.order, kind="alcohol_abstain", from_on=date(2026, 1, 5), terms={},
    ),
    Service: lambda s, m: fact(
        s, m, Service, order_id=m.order, occurred_at=at(date(2026, 1, 4)), method="PERSONAL", server="Sgt. Lee",
    ),
    OrderStep: a_change_that_waits_for_the_registry,
    PolicyTerm: lambda s, m: policy(s, court_id=m.town.court, agency_id=m.town.court_agency, recorded_at=LATER),
    Enrollment: another_program_with_a_policy_on_record,
    CourtHoliday: lambda s, m: s.add(
        CourtHoliday(id=random_id(), court_id=m.town.court, closed_on=date(2026, 1, 15), title="Flood",
                     recorded_at=LATER)
    ),
}  # fmt: skip
# names of who and where, read with a fact and never changed by one
NAMES = {"court_case", "court", "county", "court_order", "condition"}


def a_record(session: Session) -> Matter:
    number_from(26)
    matter = person_with_order(session, build_town(session), duties=DUTIES, terms={"bip.enroll_deadline": 14})
    for missed in [absent(session, matter, day) for day in MONDAYS[:3]]:
        adjudicate(session, missed, "UNEXCUSED", missed.occurred_on + timedelta(days=1))
    attended(session, matter, *MONDAYS[4:])
    attended(session, matter, MONDAYS[3] + timedelta(days=2), makeup_for_on=MONDAYS[0])
    session.flush()
    return matter


def tables_that_rules_read() -> set[str]:
    """Every table in a statement of `sources`, and those of `orders`, by the models it imports."""
    read = {table.name for source in sources.sources().values() for table in source.statement.get_final_froms()[0].
            _from_objects if hasattr(table, "name")}  # fmt: skip
    imported = {value.__tablename__ for value in vars(orders).values() if hasattr(value, "__tablename__")}
    return read | imported | {CourtHoliday.__tablename__}


def test_every_table_that_rules_read_is_walked_here() -> None:
    walked = {entity.__tablename__ for entity in ACTS}
    assert tables_that_rules_read() == walked | NAMES


@pytest.mark.parametrize("entity", ACTS, ids=lambda entity: entity.__tablename__)
def test_what_is_recorded_after_an_instant_is_not_seen_at_it(database: Database, entity: Any) -> None:
    with writing(database) as session:
        matter = a_record(session)
    with reading(database) as session:
        before = evaluate_as_known(session, PACKS, T)
        facts_before = load_facts(session, None, T)
        today_before = frames_of(load_facts(session, None, LATER))
    with writing(database) as session:
        ACTS[entity](session, matter)
    with reading(database) as session:
        assert frames_of(load_facts(session, None, T)) == frames_of(facts_before)
        assert evaluate_as_known(session, PACKS, T).equals(before)
        assert frames_of(load_facts(session, None, LATER)) != today_before, "the row says nothing: it tests nothing"


def frames_of(facts: Any) -> dict[str, list[str]]:
    """Each frame as text, without the order of its rows."""
    return {name: sorted(map(repr, frame.rows())) for name, frame in facts.items()}


@pytest.mark.parametrize("entity", [Attendance, Adjudication, Pause, PolicyTerm, CourtDecision, OrderVersion],
                         ids=lambda entity: entity.__tablename__)  # fmt: skip
def test_and_it_is_seen_once_it_is_known(database: Database, entity: Any) -> None:
    with writing(database) as session:
        matter = a_record(session)
    with reading(database) as session:
        before = evaluate_as_known(session, PACKS, LATER)
    with writing(database) as session:
        ACTS[entity](session, matter)
    with reading(database) as session:
        assert not evaluate_as_known(session, PACKS, LATER).equals(before)


def test_a_repeated_absence_that_comes_later_does_not_take_an_earlier_make_up(database: Database) -> None:
    with writing(database) as session:
        matter = a_record(session)
        first = first_absence(session).id
    with writing(database) as session:
        absent(session, matter, MONDAYS[0], recorded_on=HEARING + timedelta(days=8))
    with reading(database) as session:
        made_up = pl.col("makeup_for").is_not_null()
        assert load_facts(session, None, T).sessions.filter(made_up)["makeup_for"].to_list() == [first]


def test_every_frame_has_the_known_axis() -> None:
    assert not [name for name, schema in SCHEMAS.items() if schema.get("recorded_at") != pl.Datetime("us", "UTC")]


def test_an_instant_is_compared_to_the_microsecond(database: Database) -> None:
    with writing(database) as session:
        matter = a_record(session)
        fact(session, matter, DrugTest, occurred_on=MONDAYS[2], result="NEGATIVE")
    with reading(database) as session:
        known: Callable[[datetime], int] = lambda moment: load_facts(session, None, moment).tests.height  # noqa: E731
        assert (known(LATER - timedelta(microseconds=1)), known(LATER)) == (0, 1)
