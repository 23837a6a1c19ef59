"""A case that the court closes: who writes meanwhile and who closes wait for one another, and late classes count.

A class held by the day of closing is the participant's, whenever it is told; it is an observation, and nothing more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text

from monitor.access.closed import ClosedCase
from monitor.access.scope import Scope
from monitor.clock import utc_now
from monitor.closing import Entry, closing_page, faults_of, settle
from monitor.compliance.evaluation import evaluate_now, switched_on
from monitor.db import Database
from monitor.intake.importing import import_attendance
from monitor.models import Adjudication, CheckIn, PolicyTerm
from monitor.today.reading import today_page
from tests.builders import add_user
from tests.classes import AFTER_CLASS, MONDAY
from tests.web.conftest import Browser
from tests.web.test_closing import ONLY_SQLITE, POSTGRES, Court


@pytest.fixture
def court(database: Database) -> Court:
    return Court(database)


@pytest.fixture
def program(court: Court, client_as: Callable[..., Browser]) -> Browser:
    return client_as("program", agency_id=court.town.program_agency, name="Jo Doe")


def add_clerk(court: Court, name: str) -> int:
    with court.database.system("test: a clerk") as session, session.begin():
        return add_user(session, court.town.court_agency, "clerk", f"{name}@court.example")


def somebody_waits(database: Database) -> bool:
    """A statement stands still for a lock that another transaction holds."""
    for _ in range(200):
        with database.system("test: locks", writes=False) as session:
            if session.scalar(select(func.count()).select_from(text("pg_locks")).where(text("not granted"))):
                return True
        time.sleep(0.05)
    return False


@ONLY_SQLITE
def test_a_class_held_before_the_closing_is_still_theirs_however_late_it_is_told(
    court: Court, database: Database
) -> None:
    """Given the court closed the case after Monday's class When the program's sheet comes days later Then he attended.

    The same of an absence, and as an observation: nobody decides it and the officer has nothing to answer, even where
    the court left such decisions to the program."""
    with database.system("test: the program decides") as session, session.begin():
        session.add(
            PolicyTerm(agency_id=court.town.court_agency, court_id=court.town.court, term="adjudication.by",
                       value={"value": "program"}, from_on=date(2026, 1, 1), citation="Local rule 5",
                       recorded_at=utc_now())
        )  # fmt: skip
    court.close()
    before = MONDAY - timedelta(days=7)
    sheet = f"Last name,First name,Date,Status\nBell,Marcus,{MONDAY},present\nBell,Marcus,{before},no show\n"
    imported = import_attendance(database, "near-p", "week.csv", sheet.encode(), AFTER_CLASS)
    assert imported.check.errors == () and court.meeting.standing() == {"Bell": "P"}
    assert court.meeting.standing(before) == {"Bell": "U"}
    evaluate_now(database, switched_on(), AFTER_CLASS)
    with database.system("test: look", writes=False) as session:
        assert session.scalars(select(Adjudication)).all() == []
    officer = Scope(court.officer, "officer", court.town.office)
    with database.scoped(officer) as session:
        today = today_page(session, "UTC", AFTER_CLASS)
    assert (today.to_decide, today.this_week, today.overdue, today.concerns) == ((), (), (), ())


@ONLY_SQLITE
def test_the_grid_takes_a_class_of_before_the_closing_and_nothing_beside_it(court: Court, program: Browser) -> None:
    """Nobody has to tell it any more: the class is whole without, and "everyone else was present" leaves it alone."""
    court.close()
    page = program.get(court.meeting.path).text
    place = court.meeting.place("Bell")
    assert "What happened at this class is still taken, and nothing else." in page and f"says.{place}" in page
    assert f"concern.{place}" not in page and f"rating.{place}" not in page
    token = page.partition('name="token" value="')[2].partition('"')[0]
    other = court.meeting.place("García-Ortiz")
    told = {"token": token, f"says.{other}": "P"}
    for more in ({f"concern.{place}": "SAFETY"}, {f"rating.{place}": "GOOD", f"says.{place}": "P"}):
        answer = program.post(court.meeting.path, data=told | more)
        assert answer.status_code == 422 and "only what happened at this class is still taken" in answer.text
    rest = program.post(court.meeting.path, data={"token": token, "act": "rest"}).text
    assert rest.count("checked>") == 1
    assert program.post(court.meeting.path, data=told).status_code == 303
    assert court.meeting.standing() == {"García-Ortiz": "P"} and court.meeting.covered() == 1
    again = program.get(court.meeting.path).text.partition('name="token" value="')[2].partition('"')[0]
    answer = program.post(court.meeting.path, data=told | {"token": again, f"says.{place}": "P"})
    assert answer.status_code == 303 and court.meeting.standing() == {"Bell": "P", "García-Ortiz": "P"}


@POSTGRES
def test_what_was_on_its_way_when_the_court_closes_is_in_before_it_and_the_court_reads_it(database: Database) -> None:
    """Given a colleague has set another hearing and has not finished When the case is closed Then the closing waits,
    reads of the hearing, and does not close."""
    court, read = Court(database), []
    clerk = Scope(add_clerk(court, "one"), "clerk", court.town.court_agency)

    def close() -> None:
        with database.scoped(clerk, writes=True) as session, session.begin():
            found = closing_page(session, court.hearing, utc_now(), alone=True)
            assert found is not None
            read.append(faults_of(found, Entry("COMPLETED", MONDAY, "open"), utc_now()))

    closing = threading.Thread(target=close)
    with database.scoped(clerk, writes=True) as session, session.begin():
        session.add(court.ahead())
        session.flush()
        closing.start()
        assert somebody_waits(database) and read == []
    closing.join(30)
    assert read == [{"waits": "Settle first what is open: see below."}]


@POSTGRES
def test_who_begins_to_write_while_the_court_closes_waits_and_is_refused(database: Database) -> None:
    """Given the closing is on its way When an officer records something Then nothing comes into the closed case."""
    court, became = Court(database), []
    clerk = Scope(add_clerk(court, "one"), "clerk", court.town.court_agency)
    officer = Scope(court.officer, "officer", court.town.office)

    def record() -> None:
        with database.scoped(officer, writes=True) as session:
            session.add(court.check_in())
            try:
                session.commit()
            except ClosedCase:
                became.append("refused")

    writing = threading.Thread(target=record)
    with database.scoped(clerk, writes=True) as session, session.begin():
        found = closing_page(session, court.hearing, utc_now(), alone=True)
        assert found is not None
        settle(session, found, Entry("COMPLETED", MONDAY, "open"))
        writing.start()
        assert somebody_waits(database) and became == []
    writing.join(30)
    assert became == ["refused"]
    with database.system("test: look", writes=False) as session:
        assert session.scalars(select(CheckIn)).all() == []
