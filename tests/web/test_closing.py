"""A closed case is read-only by itself for every desk (safeguard H6); the court closes it, and reopens it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update

from monitor.access.closed import GOES_ON, ClosedCase
from monitor.access.reach import WRITES, entity_of
from monitor.access.scope import Scope, ScopeError, trusted_sql
from monitor.clock import utc_now
from monitor.db import Database, writing_for_others
from monitor.intake.importing import import_attendance
from monitor.models import (
    Agency,
    AllegationStep,
    Attendance,
    AuditEntry,
    Case,
    CaseAgency,
    CheckIn,
    Flag,
    Hearing,
    Pause,
    Release,
)
from monitor.models.base import Base, random_id
from tests.builders import add_user, decided
from tests.classes import AFTER_CLASS, MONDAY, open_class
from tests.office import hearing, raise_flag
from tests.web.conftest import Browser

CLOSED = "This case is closed"
SUNDAY = MONDAY - timedelta(days=1)
ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POSTGRES = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


class Court:
    """A class of two; Bell's case had its last hearing a week ago."""

    def __init__(self, database: Database) -> None:
        self.database, self.meeting = database, open_class(database, people=2)
        self.town, self.bell = self.meeting.town, self.meeting.people["Bell"]
        with database.system("test: a hearing that was, an officer") as session, session.begin():
            self.hearing = hearing(session, self.bell, utc_now() - timedelta(days=7))
            session.execute(update(Hearing).values(outcome="COMPLETED"))
            self.officer = add_user(session, self.town.office, "officer", "pacheco@agency.example")

    @property
    def path(self) -> str:
        return f"/hearings/{self.hearing}/closing"

    def form(self, **told: str) -> dict[str, str]:
        return {"why": "COMPLETED", "on": str(date(2026, 3, 2)), "seen": "open"} | told

    def closed_on(self) -> date | None:
        with self.database.system("test: look", writes=False) as session:
            return session.scalar(select(Case.closed_on).where(Case.id == self.bell.case))

    def close(self, on: date = MONDAY) -> None:
        with self.database.system("test: closed") as session, session.begin():
            session.execute(update(Case).where(Case.id == self.bell.case).values(closed_on=on))

    def attended(self, on: date) -> Attendance:
        return Attendance(
            id=random_id(), case_id=self.bell.case, agency_id=self.town.program_agency, occurred_on=on,
            enrollment_id=self.bell.enrollment, outcome="PRESENT", program_says="P", source="sheet",
            recorded_at=utc_now(), recorded_by_id=self.officer,
        )  # fmt: skip

    def ahead(self) -> Hearing:
        return Hearing(
            id=random_id(), case_id=self.bell.case, agency_id=self.town.court_agency, court_id=self.town.court,
            kind="COMPLIANCE_REVIEW", starts_at=utc_now() + timedelta(days=9), room="2", recorded_at=utc_now(),
        )  # fmt: skip

    def check_in(self, case: int = 0) -> CheckIn:
        now = utc_now()
        return CheckIn(
            id=random_id(), case_id=case or self.bell.case, agency_id=self.town.office, occurred_at=now,
            recorded_at=now, recorded_by_id=self.officer,
        )  # fmt: skip


@pytest.fixture
def court(database: Database) -> Court:
    return Court(database)


@pytest.fixture
def clerk(court: Court, client_as: Callable[..., Browser]) -> Browser:
    return client_as("clerk", agency_id=court.town.court_agency, name="B. Adams")


@pytest.fixture
def program(court: Court, client_as: Callable[..., Browser]) -> Browser:
    return client_as("program", agency_id=court.town.program_agency, name="Jo Doe")


def entries(database: Database, event: str) -> list[dict[str, object]]:
    with database.system("test: look", writes=False) as session:
        return list(session.scalars(select(AuditEntry.detail).where(AuditEntry.event == event)))


def test_the_court_closes_a_case_and_reopens_it_with_a_reason_that_the_trail_has(court: Court, clerk: Browser) -> None:
    assert "The case is open" in clerk.get(court.path).text
    assert clerk.post(court.path, data=court.form(why="")).status_code == 422 and court.closed_on() is None
    assert clerk.post(court.path, data=court.form()).status_code == 303
    assert court.closed_on() == date(2026, 3, 2)
    assert "Closed on Mon, Mar 2, 2026" in clerk.get(court.path).text
    assert [one["why"] for one in entries(court.database, "case.closed")] == ["COMPLETED"]
    again = f"{court.path}/reopen"
    assert clerk.post(again, data={"why": "", "seen": "2026-03-02"}).status_code == 422
    assert clerk.post(again, data={"why": "RECORD", "seen": "2026-03-02"}).status_code == 303
    assert court.closed_on() is None
    assert [one["closed_on"] for one in entries(court.database, "case.closed")] == ["2026-03-02"]
    assert [(one["why"], one["closed_on"]) for one in entries(court.database, "case.reopened")] == [
        ("RECORD", "2026-03-02")
    ]


def test_of_two_tabs_the_second_is_told_that_it_changed_and_nothing_is_done_twice(court: Court, clerk: Browser) -> None:
    assert clerk.post(court.path, data=court.form()).status_code == 303
    second = clerk.post(court.path, data=court.form(on="2026-03-03"))
    assert second.status_code == 409 and "Somebody closed or reopened it" in second.text
    assert court.closed_on() == date(2026, 3, 2) and len(entries(court.database, "case.closed")) == 1
    late = {"why": "RECORD", "seen": "open"}
    assert clerk.post(f"{court.path}/reopen", data=late).status_code == 409


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("on", "says"),
    [("", "Give the day"), ("2199-01-01", "has not come yet"), ("1999-01-01", "opened after that day")],
)
def test_a_day_that_cannot_be_is_asked_again(court: Court, clerk: Browser, on: str, says: str) -> None:
    answer = clerk.post(court.path, data=court.form(on=on))
    assert answer.status_code == 422 and says in answer.text and court.closed_on() is None


@ONLY_SQLITE
def test_nothing_is_closed_while_a_hearing_is_ahead(court: Court, clerk: Browser, database: Database) -> None:
    with database.system("test: another date") as session, session.begin():
        hearing(session, court.bell, utc_now() + timedelta(days=9))
    page = clerk.get(court.path).text
    assert "A hearing on" in page and "Close the case</button>" not in page
    assert clerk.post(court.path, data=court.form()).status_code == 422 and court.closed_on() is None


@ONLY_SQLITE
def test_what_is_not_on_record_is_said_and_counted_and_is_no_bar(court: Court, clerk: Browser) -> None:
    page = clerk.get(court.path).text
    listed = re.search(r"<h2>Not on record</h2>\s*<ul[^>]*>(.*?)</ul>", page, re.DOTALL)
    assert listed and "classes of" in listed[1] and "No bar to closing" in page and "Close the case</button>" in page
    assert clerk.post(court.path, data=court.form()).status_code == 303 and court.closed_on()
    assert [one["missing"] for one in entries(court.database, "case.closed")] == [listed[1].count("<li>")]
    assert "Not on record" not in clerk.get(court.path).text


@ONLY_SQLITE
def test_nothing_is_closed_while_a_warrant_is_out(court: Court, clerk: Browser, database: Database) -> None:
    """Patrol would go on reading it, and in a closed case nobody could recall it."""
    with database.system("test: a warrant") as session, session.begin():
        session.add(
            Pause(id=random_id(), case_id=court.bell.case, agency_id=court.town.court_agency, kind="WARRANT",
                  starts_on=MONDAY, ends_on=None, recorded_at=utc_now(), recorded_by_id=court.officer)
        )  # fmt: skip
    page = clerk.get(court.path).text
    assert "A warrant, out since" in page and "Close the case</button>" not in page
    assert clerk.post(court.path, data=court.form()).status_code == 422 and court.closed_on() is None


@ONLY_SQLITE
def test_nothing_is_closed_while_an_approved_report_waits_and_no_page_of_the_court_tells_of_an_unapproved_one(
    court: Court, clerk: Browser, database: Database
) -> None:
    """Whatever the prosecution still has to say of it. Safeguard F10: a report that no supervisor approved is none."""
    with database.system("test: a report, approved, and one that waits for its supervisor") as session, session.begin():
        span = raise_flag(session, court.bell, "CHECKIN_MISSED", "B")
        flag = session.get_one(Flag, span)
        decided(session, flag, "ACTED")
        approved = session.scalars(select(AllegationStep).where(AllegationStep.kind == "APPROVED")).one()
        kept, number = approved.allegation_id, approved.number
    page = clerk.get(court.path).text
    assert "1 report from probation without the court" in page and "Close the case</button>" not in page
    assert clerk.post(court.path, data=court.form()).status_code == 422 and court.closed_on() is None
    with database.system("test: not approved yet") as session, session.begin():
        last = AllegationStep.allegation_id == kept, AllegationStep.number == number
        session.execute(delete(AllegationStep).where(*last))
    assert "report from probation" not in clerk.get(court.path).text


@ONLY_SQLITE
def test_who_is_not_of_the_court_neither_closes_nor_reopens(court: Court, program: Browser) -> None:
    assert program.post(court.path, data=court.form()).status_code == 403
    assert program.post(f"{court.path}/reopen", data={"why": "RECORD", "seen": "open"}).status_code == 403


@ONLY_SQLITE
def test_a_page_that_would_write_says_that_the_case_is_closed_and_whom_to_ask(
    court: Court, program: Browser, clerk: Browser
) -> None:
    court.close()
    place = court.meeting.place("Bell")
    answer = program.post(
        f"/enrollments/{place}/release", data={"signed_on": "3/1/2026", "scope_probation": "yes", "scope_court": "yes"}
    )
    assert answer.status_code == 409 and CLOSED in answer.text, answer.text[:400]
    assert "ask the court to reopen the case" in answer.text


def test_a_participant_takes_a_release_back_in_a_closed_case_and_no_new_one_is_taken(
    court: Court, program: Browser, database: Database
) -> None:
    """Safeguard C8: who may read what a program tells is the participant's to end, whatever the court closed."""
    path = f"/enrollments/{court.meeting.place('Bell')}/release"
    signed = {"signed_on": "3/1/2026", "scope_probation": "yes", "scope_court": "yes", "scope_advocate_list": "yes"}
    assert program.post(path, data=signed).status_code == 303
    court.close()
    assert program.post(path, data=signed).status_code == 409
    answer = program.post(path, data={"act": "withdraw"}, follow_redirects=True)
    assert answer.status_code == 200 and "Withdrawn: nothing more is taken" in answer.text
    with database.system("test: look", writes=False) as session:
        rows = session.scalars(select(Release).order_by(Release.recorded_at)).all()
    assert len(rows) == 2 and rows[1].supersedes_id == rows[0].id and rows[1].until_on is not None


@ONLY_SQLITE
def test_a_sheet_keeps_its_other_rows_and_says_which_case_is_closed(court: Court, database: Database) -> None:
    court.close(SUNDAY)
    sheet = f"Last name,First name,Date,Status\nBell,Marcus,{MONDAY},present\nGarcía-Ortiz,Luis,{MONDAY},present\n"
    imported = import_attendance(database, "near-p", "week.csv", sheet.encode(), AFTER_CLASS)
    assert [error.code for error in imported.check.errors] == ["R-CASE-CLOSED"]
    assert "closed the case of Marcus Bell on Mar 1, 2026" in imported.check.errors[0].what
    assert court.meeting.standing() == {"García-Ortiz": "P"}


@ONLY_SQLITE
def test_the_grid_takes_nothing_for_a_closed_case_and_the_class_is_complete_without(
    court: Court, program: Browser
) -> None:
    court.close(SUNDAY)
    page = program.get(court.meeting.path).text
    assert "The court closed the case on Sun, Mar 1, 2026" in page
    assert f"says.{court.meeting.place('Bell')}" not in page
    token = page.partition('name="token" value="')[2].partition('"')[0]
    form = {"token": token, f"says.{court.meeting.place('García-Ortiz')}": "P"}
    refused = program.post(court.meeting.path, data=form | {f"says.{court.meeting.place('Bell')}": "U"})
    assert refused.status_code == 422 and "The court closed the case of Bell, Marcus" in refused.text
    assert program.post(court.meeting.path, data=form).status_code == 303
    assert court.meeting.standing() == {"García-Ortiz": "P"}


def test_what_an_officer_would_record_is_refused_and_taken_once_it_is_reopened(court: Court) -> None:
    scope = Scope(court.officer, "officer", court.town.office)
    court.close()
    with court.database.scoped(scope, writes=True) as session, pytest.raises(ClosedCase):
        session.add(court.check_in())
        session.flush()
    with court.database.system("test: reopened") as session, session.begin():
        session.execute(update(Case).values(closed_on=None))
    with court.database.scoped(scope, writes=True) as session, session.begin():
        session.add(court.check_in())


def test_nor_is_it_written_for_another_desk(court: Court) -> None:
    """Given an act that writes on another agency's desk When the case is closed Then no table of a case takes it."""
    scope = Scope(court.officer, "officer", court.town.office)
    court.close()
    with court.database.scoped(scope, writes=True) as session, pytest.raises(ClosedCase):
        with writing_for_others(session, "test: for another desk"):
            session.add(court.check_in())
    with court.database.system("test: an office") as session, session.begin():
        office = Agency(kind="prosecution", name="County Attorney", code="CA", zone="UTC")
        session.add(office)
        session.flush()
        shared = CaseAgency(case_id=court.bell.case, agency_id=office.id, from_on=SUNDAY, until_on=None)
    with court.database.scoped(scope, writes=True) as session, session.begin():
        with writing_for_others(session, "test: what police saw reaches the prosecution"):
            session.add(shared)


@ONLY_SQLITE
def test_the_courts_desk_changes_nothing_of_a_case_but_its_closing(court: Court) -> None:
    scope = Scope(1, "clerk", court.town.court_agency)
    with court.database.scoped(scope, writes=True) as session, pytest.raises(ScopeError):
        session.get_one(Case, court.bell.case).number = "26-OTHER"
        session.flush()


def test_every_table_of_a_case_that_somebody_writes_is_held_but_the_listed_ones() -> None:
    """A new table about a case is held before its author thinks of it; what goes on is a list, to be argued for."""
    written = {entity.__tablename__ for entities in WRITES.values() for entity in entities}
    of_cases = {name for name in written if "case_id" in Base.metadata.tables[name].c}
    assert GOES_ON <= {name for name in Base.metadata.tables if entity_of(name) is not None}
    assert {"attendance", "contact", "review", "response", "allegation_step", "order_version", "hearing",
            "adjudication", "enrollment", "report", "flag"} <= of_cases - GOES_ON  # fmt: skip


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_the_database_itself_takes_nothing_into_a_closed_case(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL holds it should our own guard ever fail."""
    monkeypatch.setattr("monitor.access.scoped_session.refuse_closed", lambda *_: None)
    court = Court(database)
    court.close()
    scope = Scope(court.officer, "officer", court.town.office)
    with database.scoped(scope, writes=True) as session, session.begin():
        with trusted_sql("test: past our own guard"), pytest.raises(Exception, match="row-level security"):
            session.add(court.check_in())
            session.flush()
        session.rollback()
    program = Scope(court.officer, "program", court.town.program_agency)
    for on in (MONDAY, MONDAY + timedelta(days=1)):
        with database.scoped(program, writes=True) as session, session.begin():
            with trusted_sql("test: past our own guard"):
                session.add(court.attended(on))
                if on == MONDAY:
                    session.flush()
                    continue
                with pytest.raises(Exception, match="row-level security"):
                    session.flush()
            session.rollback()
