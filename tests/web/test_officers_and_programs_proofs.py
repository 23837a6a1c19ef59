"""What officers and programs asked to see proved (practitioners 7 and 8), each with its sentences, on the pages.

The married officer and the release that ended have their sentences in test_walls.py and test_releases.py.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update

import web.absences
import web.allegations
import web.attendance
import web.enrollments
import web.flags
import web.people
import web.referrals
import web.today
import web.week
from monitor.models import Adjudication, Enrollment, EnrollmentEvent, Flag, Group, Requirement
from tests.builders import ORDERED_ON, at, attended
from tests.matrix import adopt
from tests.office import hearing, open_office, raise_flag, take_over
from tests.web.conftest import Browser

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WEDNESDAY = date(2026, 3, 4)
FRIDAY = WEDNESDAY + timedelta(days=2)
DOORS = (
    web.absences, web.allegations, web.attendance, web.enrollments, web.flags, web.people, web.referrals, web.today,
    web.week,
)  # fmt: skip
BARRIERS = ("language", "disability", "work_shift", "transport", "child_care", "program_seats")
SIX = {f"barrier_{name}": "no" for name in BARRIERS}


@pytest.fixture
def office(database):
    return open_office(database)


@pytest.fixture
def clock(monkeypatch):
    def set_to(instant):
        for door in DOORS:
            monkeypatch.setattr(door, "utc_now", lambda: instant)

    return set_to


def token_of(text: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', text)
    assert found, text[-3000:]
    return found.group(1)


def bare(text: str) -> str:
    """A page without what differs on every request."""
    return re.sub(r"[0-9a-f]{8,}|\d+:\d\d [AP]M", "", text.split("<main")[1])


def test_an_absence_of_wednesday_is_on_fridays_list_and_goes_to_court_only_by_the_whole_way(
    office, client_as, database, clock
):
    """Given the program marks M. Doe absent without excuse on Wednesday When the PO opens Friday's list Then the item
    is there with rule, rows and "what would make this wrong"; it cannot be sent to court until six barrier answers
    and a supervisor are recorded; choosing outside the range asks for a reason."""
    with database.system("test: a Wednesday group, a matrix") as session, session.begin():
        session.execute(update(Group).values(weekday=2))
        adopt(session, office.town.office, office.supervisor, office.officer, ORDERED_ON, at(ORDERED_ON))
    clock(at(WEDNESDAY, 21))
    program = client_as("program", agency_id=office.town.program_agency)
    grid = f"/attendance/{office.town.group}/{WEDNESDAY}"
    marked = {"token": token_of(program.get(grid).text), f"says.{office.matter.enrollment}": "U"}
    assert program.post(grid, data=marked).status_code == 303

    clock(at(FRIDAY, 8))
    office.evaluate(at(FRIDAY, 7))
    officer: Browser = take_over(database, client_as("officer", agency_id=office.town.office))
    listed = officer.get("/today").text
    assert "Example, Ann" in listed and "Absences to decide" in listed
    absence = re.search(r"/absences/\d+/decide", listed).group(0)
    decided = {"token": token_of(officer.get(absence).text), "decision": "UNEXCUSED", "words": "No reason was given."}
    assert officer.post(absence, data=decided).status_code == 303
    office.evaluate(at(FRIDAY, 8))
    path = f"/flags/{office.flag('ABSENCE_UNEXCUSED')}"
    assert path in officer.get("/today").text
    page = officer.get(path).text
    for told in ("us_ca.absence_unexcused", "Rows that count, 1", "What would make this wrong"):
        assert told in page

    sent = {"token": token_of(page), "decision": "ACT", "words": "Please review."}
    assert "Answer this question first." in officer.post(f"{path}/reviews", data=sent).text
    outside = officer.post(f"{path}/reviews", data=sent | SIX | {"measure": "STRONGER"})
    assert (outside.status_code, "Choose why you go outside the range." in outside.text) == (422, True)
    said = {"measure": "STRONGER", "outside_why": "TRIED", "outside_words": "The call was tried twice."}
    begun = officer.post(f"{path}/reviews", data=sent | SIX | said)
    report = begun.headers["location"]
    assert begun.status_code == 303 and report.startswith("/allegations/")
    assert officer.post(f"{report}/approval", data={"decision": "approve"}).status_code in (403, 409, 422)
    with database.system("test: look") as session:
        states = set(session.scalars(select(Flag.state).where(Flag.id == int(path.rpartition("/")[2]))))
    assert states == {"REPORTED"}, "it waits for a supervisor: nothing has gone to the court"


def test_a_program_that_sent_nothing_for_eight_days_is_an_item_and_nobody_of_its_people_is(
    office, client_as, database, clock
):
    """Given the program sent nothing for 8 days Then the list shows a program item and no item on any person."""
    last = ORDERED_ON + timedelta(weeks=1)
    with database.system("test: a class, then silence") as session, session.begin():
        attended(session, office.matter, last)
    now = at(last + timedelta(days=15), 9)  # the next class day is eight days ago
    clock(now)
    office.evaluate(now)
    officer = take_over(database, client_as("officer", agency_id=office.town.office))
    overdue = officer.get("/today").text.partition('id="overdue"')[2].partition("<h2")[0]
    assert "near program" in overdue and "Attendance not reported" in overdue
    assert "bsent" not in overdue and "bsence" not in overdue
    assert overdue.count('href="/people/') == 0, "nobody stands at the head of a line"


def test_a_referral_is_there_the_same_day_and_the_officer_has_an_item_on_day_fifteen_whatever_the_program_does(
    office, client_as, database, clock
):
    """Given a judge orders the program at 10:00 When the program signs in that afternoon Then the referral is there
    with a due date; if there is no intake on day 14 the PO has an item on day 15 even if the program did nothing."""
    with database.system("test: an order without a program yet") as session, session.begin():
        session.execute(delete(EnrollmentEvent))
        session.execute(delete(Enrollment))
        session.execute(update(Requirement).values(terms={"bip.enroll_deadline": 14}))
        duty = session.scalars(select(Requirement.id)).one()
        heard = hearing(session, office.matter, at(ORDERED_ON, 9))
    clock(at(ORDERED_ON, 10))
    clerk = client_as("clerk", agency_id=office.town.court_agency)
    told = {"program": str(office.town.program), "duty": str(duty), "first_on": "", "hour": ""}
    assert clerk.post(f"/hearings/{heard}/referrals", data=told).status_code == 303
    clock(at(ORDERED_ON, 15))
    program = client_as("program", agency_id=office.town.program_agency)
    assert "New referrals, 1" in program.get("/week").text
    place = re.search(r"/enrollments/\d+", program.get("/enrollments").text).group(0)
    assert "Reach by" in program.get(place).text

    officer = take_over(database, client_as("officer", agency_id=office.town.office))
    for day, waits in ((13, False), (15, True)):
        now = at(ORDERED_ON + timedelta(days=day), 9)
        clock(now)
        office.evaluate(now)
        assert ("Not enrolled in a program" in officer.get("/today").text.partition('id="overdue"')[2]) is waits, day


def test_a_class_that_the_program_cancelled_is_nobodys_absence_and_does_not_count(office, client_as, database, clock):
    """Given the facilitator marks "program cancelled" Then nobody is absent and the session is not counted."""
    monday = WEDNESDAY - timedelta(days=2)
    clock(at(monday, 20))
    with database.system("test: earlier classes") as session, session.begin():
        attended(session, office.matter, monday - timedelta(weeks=1))
    program = client_as("program", agency_id=office.town.program_agency)
    grid = f"/attendance/{office.town.group}/{monday}"
    sent = {"token": token_of(program.get(grid).text), "act": "cancelled"}
    assert program.post(grid, data=sent).status_code == 303
    clock(at(FRIDAY, 8))
    office.evaluate(at(FRIDAY, 8))
    officer = take_over(database, client_as("officer", agency_id=office.town.office))
    person = officer.get(f"/people/{office.matter.person}").text
    assert "Decide an absence" not in person and "bsent on" not in person
    assert "1 class cancelled" in person and "1 of 1 attended" in person and "absences 0" in person
    with database.system("test: look") as session:
        assert not session.scalars(select(Adjudication.id)).all()
        assert not [code for code in session.scalars(select(Flag.code)) if "ABSEN" in code or "NOT_REPORTED" in code]


def test_a_police_report_changes_no_byte_of_what_the_program_sees(office, client_as, database, clock):
    """Given a new police report on a participant Then no byte in the program's view changes."""
    clock(at(FRIDAY, 8))
    program = client_as("program", agency_id=office.town.program_agency)
    pages = (
        "/week", "/enrollments", f"/enrollments/{office.matter.enrollment}", "/attendance", "/reports",
        f"/attendance/{office.town.group}/{WEDNESDAY - timedelta(days=2)}", "/attendance/uploads",
    )  # fmt: skip
    before = {path: (found.status_code, bare(found.text)) for path in pages for found in [program.get(path)]}
    assert {status for status, _text in before.values()} == {200}
    with database.system("test: a police report") as session, session.begin():
        raise_flag(session, office.matter, "NEW_VIOLENCE_REPORTED", "E", severity="high", first_on=WEDNESDAY)
        raise_flag(session, office.matter, "NO_CONTACT_ALLEGED", "D", first_on=WEDNESDAY)
    after = {path: (found.status_code, bare(found.text)) for path in pages for found in [program.get(path)]}
    assert after == before
