"""What a program's sheet brings stands once, and the program takes it back whatever it decided of it by itself."""

from __future__ import annotations

from sqlalchemy import func, select

from monitor.db import Database
from monitor.intake.answers import Answers
from monitor.intake.record.locks import DECIDED, why_locked
from monitor.intake.uploads import answer, receive
from monitor.models import Adjudication, Attendance, Coverage
from tests.monitor.intake.sample_county import TODAY
from tests.monitor.intake.sample_record import LATER, County, opened
from tests.monitor.intake.test_saving import SAMPLES, get, saved, upload
from tests.monitor.intake.test_saving import county as county


def decide(database: Database, county: County, upload_id: int, by: str) -> None:
    with database.system("test: a decision") as session, session.begin():
        fact = session.scalars(select(Attendance).where(Attendance.upload_id == upload_id)).first()
        assert fact is not None
        session.add(
            Adjudication(case_id=fact.case_id, agency_id=county.agency, recorded_at=LATER, attendance_id=fact.id,
                         decision="UNEXCUSED", decided_by=by, why=None, occurred_on=TODAY)
        )  # fmt: skip


def test_its_own_decision_does_not_stand_in_the_way_of_taking_a_sheet_back_and_an_officers_does(
    database: Database, county: County
) -> None:
    first = upload(database, county, "01_long_clean.csv")
    saved(database, county, first)
    for by, why in (("PROGRAM", ""), ("OFFICER", DECIDED)):
        decide(database, county, first, by)
        with database.scoped(county.scope) as session:
            assert why_locked(session, get(session, first), LATER) == why


def test_a_day_that_is_covered_already_is_not_covered_again_by_the_next_sheet(
    database: Database, county: County
) -> None:
    name = "14_reupload_same_and_changed.csv"
    saved(database, county, upload(database, county, name, everyone=True))
    before = covered(database)
    more = (SAMPLES / name).read_bytes().replace(b"11/02", b"11/2").replace(b"11/09", b"11/9") + b"\n"
    with database.scoped(county.scope, writes=True) as session:
        again = receive(session, opened(more, "again.csv"), county.by())
        answer(session, again, Answers(everyone=True), TODAY)
        session.commit()
        number = again.id
    saved(database, county, number)
    assert covered(database) == before > 0


def covered(database: Database) -> int:
    with database.system("test: covered", writes=False) as session:
        return session.scalar(select(func.count(Coverage.id))) or 0
