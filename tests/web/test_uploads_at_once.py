"""Very many sheets at once, from many programs, at a real server of four workers: none is lost and none is doubled."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import NamedTuple

import httpx
import pytest
from sqlalchemy import func, select

from monitor.intake.batches import TYPES
from monitor.models import (
    Agency,
    Attendance,
    AuditEntry,
    Case,
    CaseAgency,
    Court,
    Enrollment,
    EnrollmentEvent,
    KeptAnswer,
    Person,
    Program,
    Upload,
    random_id,
)
from tests.web.machines import machine_of, send, signed
from tests.web.test_four_workers import four_workers

PEOPLE = ("Abel", "Bruno", "Carlos", "Dmitri")
ZONE = "America/Los_Angeles"


class Sending(NamedTuple):
    """One sheet on its way: whose secret, under which key."""

    program: int
    secret: str
    key: str
    name: str
    content: bytes


def write_programs(database, count: int) -> None:
    """So many programs, each with an agency of its own and four people."""
    began = date(2026, 1, 5)
    with database.system("test: programs") as session, session.begin():
        court_agency, court = random_id(), random_id()
        session.add(Agency(id=court_agency, kind="court", name="Court", code="C", zone=ZONE))
        session.add(Court(id=court, agency_id=court_agency, name="Court", code="C", zone=ZONE, pack="us_ca"))
        for number in range(count):
            agency, program = random_id(), random_id()
            session.add(Agency(id=agency, kind="program", name=f"P{number}", code=f"A{number}", zone=ZONE))
            session.add(Program(id=program, agency_id=agency, name=f"P{number}", code=f"p{number}"))
            for name in PEOPLE:
                person, case, place = random_id(), random_id(), random_id()
                session.add(Person(id=person, agency_id=agency, family_name=f"Number{number}", given_name=name,
                                   born_on=began))  # fmt: skip
                session.add(Case(id=case, agency_id=agency, court_id=court, person_id=person,
                                 number=f"26-{number}-{name}", opened_on=began))  # fmt: skip
                session.add(CaseAgency(case_id=case, agency_id=agency, from_on=began))
                session.add(Enrollment(id=place, case_id=case, agency_id=agency, program_id=program, person_id=person,
                                       code=f"{name[0]}{number}", recorded_at=datetime(2026, 1, 6, tzinfo=UTC)))
                session.add(EnrollmentEvent(case_id=case, agency_id=agency, enrollment_id=place, event="ENROLLED",
                                            occurred_on=began, recorded_at=datetime(2026, 1, 6, tzinfo=UTC)))


def sheet(number: int, *weeks: int, stranger: bool = False) -> bytes:
    today = datetime.now(UTC).date()
    lines = ["participant_id,session_date,status"]
    lines += [f"{name[0]}{number},{today - timedelta(days=7 * week)},P" for week in weeks for name in PEOPLE]
    lines += [f"NOBODY{number},{today - timedelta(days=7)},P"] if stranger else []
    return "\n".join(lines).encode()


def sendings(database, programs: int) -> list[Sending]:
    """Four sheets a program: two that overlap, one of them once more under another key, one with a stranger in it."""
    made = []
    for number in range(programs):
        secret = machine_of(database, f"p{number}")
        first, second, third = sheet(number, 1, 2), sheet(number, 2, 3), sheet(number, 4, stranger=True)
        for key, content in (("a", first), ("b", second), ("c", first), ("d", third)):
            made.append(Sending(number, secret, key, f"{key}.csv", content))
    return made


def sent(base: str, one: Sending):
    """Until it is answered: who is told to come back does, with the same key."""
    with httpx.Client(base_url=base, headers=signed(one.secret)) as client:
        for _ in range(60):
            answer = send(client, one.content, one.key, one.name)
            if answer.status_code != 503:
                return one, answer
            time.sleep(0.5)
    return one, answer


def all_at_once(database, base: str, programs: int) -> None:
    write_programs(database, programs)
    waiting = sendings(database, programs)
    again = waiting[:: 5]  # every fifth is sent twice at once with its key, as after a broken connection
    everything = waiting + again
    Random(7).shuffle(everything)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda one: sent(base, one), everything))
    assert {answer.status_code for _, answer in answers} <= {200, 201}
    first = [(one, answer) for one, answer in answers if "idempotent-replayed" not in answer.headers]
    assert len(first) == len(waiting) and len(answers) - len(first) == len(again)
    for one in again:
        assert len({answer.content for other, answer in answers if other == one}) == 1
    saved = Counter()
    for one, answer in first:
        saved[one.program] += answer.json()["saved"]
        assert answer.json()["waits"] == (one.key == "d")
    assert saved == {number: 4 * len(PEOPLE) for number in range(programs)}, "what was said to be saved"
    what_stands(database, programs, [answer.json() for _, answer in first])


def what_stands(database, programs: int, said: list[dict]) -> None:
    with database.system("test: what stands", writes=False) as session:
        keys = session.execute(
            select(Attendance.enrollment_id, Attendance.occurred_on, func.count())
            .group_by(Attendance.enrollment_id, Attendance.occurred_on)
        ).all()  # fmt: skip
        assert len(keys) == programs * 4 * len(PEOPLE) and {count for _, _, count in keys} == {1}
        kept = {str(number) for number in session.scalars(select(Upload.id).where(Upload.state.in_(TYPES)))}
        assert kept == {one["id"] for one in said if one["id"]}
        assert session.scalar(select(func.count(KeptAnswer.id))) == programs * 4
        told = session.scalars(select(AuditEntry.detail).where(AuditEntry.event == "batch.create")).all()
        assert sum(detail.get("saved", 0) for detail in told) == programs * 4 * len(PEOPLE)


def test_sixteen_uploads_at_once_from_four_programs(database, database_url):
    with four_workers(database_url) as base:
        all_at_once(database, base, 4)


@pytest.mark.slow
def test_two_hundred_uploads_at_once_from_fifty_programs(database, database_url):
    with four_workers(database_url) as base:
        all_at_once(database, base, 50)
