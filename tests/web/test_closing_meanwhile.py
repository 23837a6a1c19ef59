"""A case that the court closes: who writes meanwhile is in before it or refused, and late classes count.

A class held by the day of closing is the participant's, whenever it is told; nobody decides or answers it meanwhile.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text, update

from monitor.access import closed
from monitor.access.closed import ClosedCase
from monitor.access.scope import Scope
from monitor.clock import utc_now
from monitor.closing import Entry, closing_page, faults_of, settle
from monitor.compliance.evaluation import evaluate_now, switched_on
from monitor.db import Database, writing_for_others
from monitor.intake.importing import import_attendance
from monitor.models import Adjudication, Assignment, Case, CheckIn, PolicyTerm
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
    for _ in range(1200):
        with database.system("test: locks", writes=False) as session:
            if session.scalar(select(func.count()).select_from(text("pg_locks")).where(text("not granted"))):
                return True
        time.sleep(0.05)
    return False


def court_asks(database: Database) -> bool:
    """A closing is on its way: it has asked for its case's place, and does not have it."""
    asks = text("datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'"
                " and query ~ 'pg(_try)?_advisory_xact_lock' and query !~ '_shared'")  # fmt: skip
    for _ in range(1200):
        with database.system("test: who asks", writes=False) as session:
            if session.scalar(select(func.count()).select_from(text("pg_stat_activity")).where(asks)):
                return True
        time.sleep(0.05)
    return False


@ONLY_SQLITE
def test_a_class_held_before_the_closing_is_still_theirs_however_late_it_is_told(
    court: Court, database: Database
) -> None:
    """Given the court closed the case after Monday's class When the program's sheet comes days later Then he attended.

    The same of an absence: nobody decides it and the officer has nothing to answer, even where
    the court left such decisions to the program."""
    with database.system("test: the officer's own, and the program decides") as session, session.begin():
        assert session.execute(update(Assignment).values(user_id=court.officer).returning(Assignment.id)).all()
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
    assert (today.people, today.to_decide, today.concerns) == (1, (), ())
    assert [one.about for one in (*today.overdue, *today.also)] == ["García-Ortiz, Luis"]  # the class's other case
    with database.system("test: reopened") as session, session.begin():
        session.execute(update(Case).where(Case.id == court.bell.case).values(closed_on=None))
    with database.scoped(officer) as session:  # what the page about closing says of it: theirs to decide, from now
        today = today_page(session, "UTC", AFTER_CLASS)
    assert [(line.case_id, line.on) for line in today.to_decide] == [(court.bell.case, before)]


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
def test_what_was_on_its_way_when_the_court_closes_is_in_before_it_and_the_court_reads_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a colleague has set another hearing and has not finished When the case is closed Then the closing waits,
    reads of the hearing, and does not close; and an officer who writes about another case meanwhile does not wait."""
    monkeypatch.setattr(closed, "TRIES", 600)
    monkeypatch.setattr(closed, "SHARED_OUT", 1)  # all cases share the place
    court, read = Court(database), []
    officer, other = Scope(court.officer, "officer", court.town.office), court.meeting.people["García-Ortiz"].case
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
        assert court_asks(database)
        with database.scoped(officer, writes=True) as beside, beside.begin():
            beside.add(court.check_in(other))
        assert court_asks(database) and read == []
    closing.join(90)
    assert read == [{"waits": "Settle first what is open: see below."}]


@POSTGRES
def test_a_case_that_a_long_sheet_is_about_is_not_closed_and_the_court_is_told_why(
    court: Court, client_as: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a sheet is being saved When the court closes one of its cases Then the page says so, with what was typed,
    and the same form closes the case once the sheet is in. So for reopening."""
    monkeypatch.setattr(closed, "TRIES", 2)
    clerk = client_as("clerk", agency_id=court.town.court_agency, name="B. Adams")
    officer = Scope(court.officer, "officer", court.town.office)
    again, reopening = f"{court.path}/reopen", {"why": "RECORD", "seen": "2026-03-02"}
    with court.database.scoped(officer, writes=True) as session, session.begin():
        session.add(court.check_in())
        session.flush()
        answer = clerk.post(court.path, data=court.form(why="ENDED"))
        assert answer.status_code == 409 and "is being saved just now" in answer.text
        assert "Nothing was changed. Try again in a minute." in answer.text
        assert 'value="2026-03-02"' in answer.text and '<option value="ENDED" selected' in answer.text
    assert court.closed_on() is None
    assert clerk.post(court.path, data=court.form(why="ENDED")).status_code == 303
    with court.database.scoped(Scope(court.officer, "program", court.town.program_agency), writes=True) as late:
        late.add(court.attended(MONDAY))
        late.flush()
        assert clerk.post(again, data=reopening).status_code == 409
        late.commit()
    assert court.closed_on() == MONDAY
    assert clerk.post(again, data=reopening).status_code == 303 and court.closed_on() is None


@POSTGRES
@pytest.mark.parametrize("elsewhere", [False, True], ids=["here", "for another desk"])
def test_who_begins_to_write_while_the_court_closes_waits_and_is_refused(database: Database, elsewhere: bool) -> None:
    """Given the closing is on its way When an officer records something Then nothing comes into the closed case."""
    court, became = Court(database), []
    clerk = Scope(add_clerk(court, "one"), "clerk", court.town.court_agency)
    officer = Scope(court.officer, "officer", court.town.office)

    def record() -> None:
        with database.scoped(officer, writes=True) as session:
            there = writing_for_others(session, "test: for another desk") if elsewhere else contextlib.nullcontext()
            try:
                with there:
                    session.add(court.check_in())
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
