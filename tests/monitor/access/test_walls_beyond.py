"""A wall holds by the session itself for whoever shares no case, on PostgreSQL too (safeguard D1)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from monitor.access.reach import walled_from
from monitor.access.scope import Scope, trusted_sql
from monitor.db import Database, keep_found, looking_wide
from monitor.models import Agency, Case, CaseAgency, Enrollment, Person, Upload, UploadRow, Wall, random_id
from tests.builders import add_user, person_with_order
from tests.monitor.access.two_offices import two_offices
from tests.monitor.access.walls import put_up

KINDS = {
    "dispatch": "dispatch", "law_enforcement": "law_enforcement", "advocate": "advocacy", "medical": "medical",
}  # fmt: skip


@pytest.mark.parametrize("role", KINDS)
def test_who_shares_no_case_is_walled_off_all_the_same_and_keeps_what_was_found(database: Database, role: str) -> None:
    offices, agency = two_offices(database), random_id()
    with database.system("test: a desk that shares no case") as session, session.begin():
        session.add(Agency(id=agency, kind=KINDS[role], name="Desk", code="desk", zone="UTC"))
        session.flush()
        user = add_user(session, agency, role, "desk@near.example")
    put_up(database, user, offices.ours.person, agency)
    with database.scoped(Scope(user, role, agency)) as session:
        keep_found(session, [offices.ours.case, offices.theirs.case])
        assert session.walled() == (offices.ours.case,)
        assert session.there() == (offices.theirs.case,)
        if role in ("dispatch", "law_enforcement"):
            assert session.scalars(sa.select(Case.id)).all() == [offices.theirs.case], "the look-up holds after it"
            assert session.scalars(sa.select(Person.id)).all() == [offices.theirs.person], "and of people that one"
        if not database.is_sqlite:
            with trusted_sql("test: the policies hold again"):
                assert offices.ours.case not in session.scalars(sa.select(Case.id)).all()
    with database.scoped(Scope(user, role, agency)) as session, looking_wide(session, "test: asked inside a wide look"):
        assert session.walled() == (offices.ours.case,)
        assert len(session.scalars(sa.select(Case.id)).all()) == 2, "the wide look goes on"


def test_rows_of_a_sheet_about_whom_one_is_walled_off_from_are_not_there_and_all_others_are(database: Database) -> None:
    """Of a sheet that a colleague brought: a relative who works for the program must not meet the person in it."""
    offices = two_offices(database)
    program, now = offices.here.program_agency, datetime(2026, 11, 9, 18, tzinfo=UTC)
    with database.system("test: a sheet that was brought") as session, session.begin():
        another = person_with_order(session, offices.here, number="NEAR-9")
        past = person_with_order(session, offices.here, number="NEAR-8")  # whose case the program no longer shares
        ended = sa.update(CaseAgency).where(CaseAgency.case_id == past.case, CaseAgency.agency_id == program)
        session.execute(ended.values(until_on=date(2026, 11, 10)))
        relative = add_user(session, program, "program", "relative@near.example")
        colleague = add_user(session, program, "program", "colleague@near.example")
        sheet = Upload(agency_id=program, program_id=offices.here.program, file_name="a.csv", sha256="0" * 64,
                       state="SAVED", uploaded_at=now)  # fmt: skip
        session.add(sheet)
        session.flush()
        for row, place in ((2, offices.ours.enrollment), (3, another.enrollment), (4, None), (5, past.enrollment)):
            session.add(UploadRow(agency_id=program, upload_id=sheet.id, row=row, enrollment_id=place, outcome="new",
                                  occurred_on=date(2026, 11, 9)))  # fmt: skip
    wall = put_up(database, relative, offices.ours.person, program)
    rows = sa.select(UploadRow.row).order_by(UploadRow.row)
    for user, sees in ((relative, [3, 4, 5]), (colleague, [2, 3, 4, 5])):
        with database.scoped(Scope(user, "program", program)) as session:
            assert session.scalars(rows).all() == sees
            assert session.scalar(sa.select(sa.func.count()).select_from(UploadRow)) == len(sees), "nor in a count"
    with database.system("test: who is not told of the case") as session, session.begin():
        assert session.scalars(walled_from(offices.ours.case)).all() == [relative]
        assert session.scalars(walled_from(another.case)).all() == []
        session.execute(sa.update(Wall).where(Wall.id == wall).values(ended_at=now))
        assert session.scalars(walled_from(offices.ours.case)).all() == [], "a wall that was taken down holds nobody"
    with database.scoped(Scope(relative, "program", program)) as session:
        assert session.scalars(rows).all() == [2, 3, 4, 5]


def test_who_is_walled_off_from_one_person_reads_their_own_agencys_other_places_and_no_other_agencys(
    database: Database,
) -> None:
    offices = two_offices(database)
    with database.system("test: another person here") as session, session.begin():
        other = person_with_order(session, offices.here)
        user = add_user(session, offices.here.program_agency, "program", "walled@near.example")
    places = {offices.ours.enrollment, other.enrollment}
    for walled in (False, True):
        if walled:
            put_up(database, user, offices.ours.person, offices.here.program_agency)
            places = {other.enrollment}
        with database.scoped(Scope(user, "program", offices.here.program_agency)) as session:
            assert set(session.scalars(sa.select(Enrollment.id))) == places
            named = sa.select(Enrollment.id).where(Enrollment.id.in_([*places, offices.theirs.enrollment]))
            assert set(session.scalars(named)) == places
