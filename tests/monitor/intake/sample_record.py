"""The sample county on a real database: the program North Star with the roster of the samples, and its neighbour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from monitor.access.scope import Scope
from monitor.db import Database
from monitor.intake.receiver import Receiver
from monitor.intake.uploads import Sheet, open_sheet_file
from monitor.models import (
    Agency,
    Attendance,
    Case,
    CaseAgency,
    Court,
    Enrollment,
    EnrollmentEvent,
    Group,
    Person,
    Program,
    random_id,
)
from tests.monitor.intake.sample_county import GROUPS, MEMBERS, TODAY

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
BEFORE = datetime(2026, 11, 3, 18, 0, tzinfo=UTC)
SAYS = (("P1001", "P", "PRESENT"), ("P1003", "U", "ABSENT"))


class County(msgspec.Struct):
    """Ids of what was written."""

    agency: int
    program: int
    court: int
    neighbour: int
    neighbour_program: int

    @property
    def scope(self) -> Scope:
        return Scope(7, "program", self.agency)

    def by(self, now: datetime = NOW, today: date = TODAY) -> Receiver:
        return Receiver(self.agency, self.program, 7, now, today)


def write_county(database: Database, members: Sequence[Any] = MEMBERS) -> County:
    """Roster, groups and the two classes already on record; and a neighbouring program with a person of its own."""
    with database.system("test: sample county") as session, session.begin():
        county = _agencies(session)
        for member in members:
            _enroll(session, county, county.agency, county.program, member)
        stranger = msgspec.structs.replace(
            members[0], code="N1", last="Nguyen", first="Paul", middle="", case_number="25-CR-009999", group=""
        )
        _enroll(session, county, county.neighbour, county.neighbour_program, stranger)
    return county


def _agencies(session: Session) -> County:
    ids: dict[str, int] = {}
    for code, kind in (("court", "court"), ("north-star", "program"), ("open-door", "program")):
        ids[code] = _add(session, Agency, kind=kind, name=code.title(), code=f"S-{code}", zone="America/Los_Angeles")
    court = _add(
        session, Court, agency_id=ids["court"], name="Sample Court", code="S", zone="America/Los_Angeles", pack="us_ca"
    )
    program = _add(session, Program, agency_id=ids["north-star"], name="North Star BIP", code="north-star")
    other = _add(session, Program, agency_id=ids["open-door"], name="Open Door", code="open-door")
    for code, meeting in GROUPS.items():
        _add(session, Group, agency_id=ids["north-star"], program_id=program, code=code, weekday=meeting.weekday,
             starts_at=time(meeting.starts // 60), minutes=120, language=None)  # fmt: skip
    return County(ids["north-star"], program, court, ids["open-door"], other)


def _enroll(session: Session, county: County, agency: int, program: int, member: Any) -> None:
    person = _add(session, Person, agency_id=agency, family_name=member.last, given_name=member.first,
                  middle_name=member.middle or None, suffix=None, born_on=member.dob, language=None)  # fmt: skip
    case = _add(session, Case, agency_id=agency, court_id=county.court, judge_id=None, person_id=person,
                number=member.case_number, opened_on=member.start, closed_on=None)  # fmt: skip
    _add(session, CaseAgency, case_id=case, agency_id=agency, from_on=member.start, until_on=None)
    group = session.query(Group.id).filter(Group.code == member.group).scalar()
    place = _add(session, Enrollment, case_id=case, agency_id=agency, program_id=program, person_id=person,
                 group_id=group, code=member.code, recorded_at=BEFORE)  # fmt: skip
    fact = {"case_id": case, "agency_id": agency, "recorded_at": BEFORE, "enrollment_id": place}
    _add(session, EnrollmentEvent, event="ENROLLED", occurred_on=member.start, why=None, **fact)
    if member.end:
        _add(session, EnrollmentEvent, event="DISCHARGED", occurred_on=member.end, why="ABSENCES", **fact)
    for code, says, outcome in SAYS:
        if code == member.code:
            _add(session, Attendance, occurred_on=date(2026, 11, 2), outcome=outcome, program_says=says,
                 source="grid", session_kind="GROUP", **fact)  # fmt: skip


def _add(session: Session, entity: type[Any], **values: Any) -> int:
    row = entity(id=random_id(), **values)
    session.add(row)
    session.flush()
    return int(row.id)


LATER = NOW + timedelta(hours=1)


@cache
def opened(content: bytes, file_name: str, today: date = TODAY) -> Sheet:
    """A sheet as the jail read it: once a run for each content, for what is tried here is what comes after."""
    return open_sheet_file(content, file_name, today, scanner=None)
