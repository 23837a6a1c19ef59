"""The program's first page: what is recorded, what is missing, what is due before which court date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select, update

import web.practice
import web.week
from monitor.db import Database
from monitor.enrollment.referring import refer
from monitor.models import Case, Enrollment, EnrollmentEvent, Upload, UploadRow, random_id
from monitor.models.base import Base
from tests.builders import at, attended, build_town, person_with_order
from tests.classes import AFTER_CLASS, MONDAY, Class, open_class
from tests.office import hearing
from tests.web.conftest import Browser


@pytest.fixture
def meeting(database: Database, monkeypatch: pytest.MonkeyPatch) -> Class:
    monkeypatch.setattr(web.week, "utc_now", lambda: AFTER_CLASS)
    found = open_class(database, people=3)
    weeks = [MONDAY - timedelta(weeks=back) for back in (1, 2)]
    with database.system("test") as session, session.begin():
        for matter in found.people.values():
            attended(session, matter, *weeks)
    return found


@pytest.fixture
def program(client_as: Callable[..., Browser], meeting: Class) -> Browser:
    return client_as("program", agency_id=meeting.town.program_agency)


def test_it_is_where_a_programs_work_starts(program: Browser) -> None:
    assert program.get("/").headers["location"] == "/week"


def test_a_class_that_is_not_in_is_named_with_who_is_missing(
    program: Browser, meeting: Class, database: Database
) -> None:
    assert "? Not recorded" in program.get("/week").text
    with database.system("test") as session, session.begin():
        attended(session, meeting.people["Bell"], MONDAY)
        attended(session, meeting.people["O'Neal"], MONDAY)
    text = program.get("/week").text
    assert "? 2 of 3 recorded" in text and "García-Ortiz, Luis" in text
    with database.system("test") as session, session.begin():
        attended(session, meeting.people["García-Ortiz"], MONDAY)
    text = program.get("/week").text
    assert "✔ 3 of 3 recorded" in text and "Everything for this week is in." in text


@pytest.mark.parametrize(("days", "says"), [
    (0, "due tomorrow"), (1, "<b>due today</b>"), (2, "<b>late</b>, was due Tue, Mar 3, 2026"),
])  # fmt: skip
def test_a_class_says_by_when_it_is_due(
    program: Browser, meeting: Class, monkeypatch: pytest.MonkeyPatch, days: int, says: str
) -> None:
    """By the morning after it (practitioners.md 8): the program sees it before anybody else does."""
    monkeypatch.setattr(web.week, "utc_now", lambda: AFTER_CLASS + timedelta(days=days))
    assert f"? Not recorded, {says}" in program.get("/week").text


@pytest.mark.parametrize(("today", "says"), [
    (MONDAY, "signed, due Tue, Mar 10, 2026."), (date(2026, 3, 10), "signed, due Tue, Mar 10, 2026."),
    (date(2026, 3, 11), "signed, were due Tue, Mar 10, 2026, <b>3 late</b>."),
])  # fmt: skip
def test_reports_of_a_month_say_by_when_they_are_due_and_how_many_are_late(
    program: Browser, meeting: Class, monkeypatch: pytest.MonkeyPatch, today: date, says: str
) -> None:
    monkeypatch.setattr(web.week, "utc_now", lambda: at(today, 12))
    text = program.get("/week").text
    assert f"February 2026 reports: <b>0 of 3</b> {says}" in text and "Finish 3<" in text


def test_what_is_missing_stands_beside_the_court_date_that_it_is_due_before(
    program: Browser, meeting: Class, database: Database
) -> None:
    with database.system("test") as session, session.begin():
        hearing(session, meeting.people["Bell"], at(MONDAY + timedelta(days=9), 9))
        hearing(session, meeting.people["O'Neal"], at(MONDAY + timedelta(days=40), 9))
        attended(session, meeting.people["O'Neal"], MONDAY)
    court = program.get("/week").text.partition('id="court"')[2]
    assert "In court within two weeks, 1" in court and "Bell, Marcus" in court and "Mon, Mar 2, 2026" in court
    assert "O&#39;Neal" not in court.partition('id="referrals"')[0]


def test_who_lacks_nothing_before_court_stands_in_one_sentence(
    program: Browser, meeting: Class, database: Database
) -> None:
    with database.system("test") as session, session.begin():
        for name in ("Bell", "O'Neal"):
            hearing(session, meeting.people[name], at(MONDAY + timedelta(days=7), 9))
            attended(session, meeting.people[name], MONDAY)
    court = program.get("/week").text.partition('id="court"')[2].partition('id="referrals"')[0]
    assert "✔ Mon, Mar 9, 2026, nothing missing: " in court and court.count("<a href") == 2 and "<table" not in court


def test_a_report_that_is_due_before_court_and_a_place_without_a_group_are_missing_there(
    program: Browser, meeting: Class, database: Database
) -> None:
    with database.system("test") as session, session.begin():
        hearing(session, meeting.people["Bell"], at(MONDAY + timedelta(days=9), 9))
        attended(session, meeting.people["Bell"], MONDAY)
        waits = person_with_order(session, meeting.town, number="26-DV-WAIT")
        session.execute(delete(EnrollmentEvent).where(EnrollmentEvent.enrollment_id == waits.enrollment))
        hearing(session, waits, at(MONDAY + timedelta(days=4), 9))
    court = program.get("/week").text.partition('id="court"')[2].partition('id="referrals"')[0]
    assert ">February 2026 report</td>" in court, "due on March 10, a day before court"
    assert ">not in a group yet (referred)</td>" in court and "nothing missing" not in court


def test_a_referral_and_a_case_that_ended_are_pointed_out(
    program: Browser, meeting: Class, database: Database
) -> None:
    with database.system("test") as session, session.begin():
        matter = person_with_order(session, meeting.town, number="26-DV-NEW")
        session.execute(update(Enrollment).where(Enrollment.id == matter.enrollment).values(code="gone"))
        far = build_town(session, code="far")
        assert refer(session, matter.case, far.program, MONDAY, AFTER_CLASS)
        ended = MONDAY - timedelta(days=3)
        session.execute(update(Case).where(Case.id == meeting.people["Bell"].case).values(closed_on=ended))
    text = program.get("/week").text
    assert "The case of Bell, Marcus ended on Fri, Feb 27, 2026" in text
    assert "New referrals, 0" in text, "the referral is the other program's"


def test_first_use_shows_three_steps(
    database: Database, meeting: Class, client_as: Callable[..., Browser]
) -> None:
    with database.system("test") as session, session.begin():
        far = build_town(session, code="far")
    newcomer = client_as("program", agency_id=far.program_agency, name="Jo Doe")
    text = newcomer.get("/week").text
    assert "Nothing here yet." in text and text.count("<li>A referral is under") == 1
    assert 'href="/attendance/practice"' in text


def test_a_practice_run_shows_the_check_of_made_up_people_and_keeps_nothing(
    program: Browser, meeting: Class, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web.practice, "utc_now", lambda: AFTER_CLASS)
    assert "Nothing here is saved" in program.get("/attendance/practice").text
    sheet = program.get("/attendance/practice/sheet")
    assert sheet.headers["content-disposition"] == 'attachment; filename="practice-sheet.csv"'
    before = rows_of_everything(database)
    text = program.post("/attendance/practice", files={"file": ("mine.csv", sheet.content)}).text
    assert "mine.csv" in text and "<b>3</b> would be saved" in text and "<b>1</b> already here" in text
    assert "<b>1</b> change" in text and "What does “A” mean?" in text and "Joe Specimen" in text
    assert "practice-sheet.csv" in program.post("/attendance/practice", files={"file": ("", b"")}).text
    own = b"Name,Date,Status\nMarcus Bell,2/23/2026,P\n"
    assert "is not on your roster" in program.post("/attendance/practice", files={"file": ("own.csv", own)}).text
    bad = program.post("/attendance/practice", files={"file": ("roster.pdf", b"%PDF-1.7")})
    assert "Save the spreadsheet as .xlsx" in bad.text
    assert rows_of_everything(database) == before


def rows_of_everything(database: Database) -> dict[str, int]:
    """Rows of each table but those that say who looked at what."""
    unmoved = (table for table in Base.metadata.sorted_tables if not table.name.startswith(("audit", "auth_session")))
    with database.system("test: count", writes=False) as session:
        return {table.name: session.execute(select(func.count()).select_from(table)).scalar_one() for table in unmoved}


def test_problem_rows_of_a_saved_file_wait_here_until_they_are_on_record(
    program: Browser, meeting: Class, database: Database
) -> None:
    with database.system("test: a sheet") as session, session.begin():
        upload = Upload(
            id=random_id(), agency_id=meeting.town.program_agency, program_id=meeting.town.program, group_id=None,
            file_name="a.csv", sha256="0" * 64, content=None, state="SAVED", receipt="X-1", uploaded_at=AFTER_CLASS,
            uploaded_by_id=None, saved_at=AFTER_CLASS - timedelta(days=2), undone_at=None,
        )  # fmt: skip
        session.add(upload)
        places = (meeting.place("Bell"), None, None)
        for number, (place, row) in enumerate(zip(places, (2, 3, 3), strict=True)):
            session.add(UploadRow(
                id=random_id(), agency_id=upload.agency_id, upload_id=upload.id, row=row, column=str(number),
                enrollment_id=place, occurred_on=MONDAY, says=None, outcome="error", code="R-STATUS-UNKNOWN",
            ))  # fmt: skip
    text = program.get("/week").text
    assert "Needs you, 1" in text and "2 problem rows" in text and f"/attendance/uploads/{upload.id}" in text
    with database.system("test") as session, session.begin():
        attended(session, meeting.people["Bell"], MONDAY)
    assert "1 problem row</b>" in program.get("/week").text, "the other is on record now"
