"""Which pages of the file Today reads: an officer's classes and cases from indexes, not a page of the table a class."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, text

from monitor.db import Database
from monitor.handoffs.strip import strip
from monitor.handoffs.targets import Targets
from monitor.person_page.reading import person_page
from monitor.today.reading import today_page
from tests.benchmarks.databases import know_sizes
from tests.builders import ZONE, absent, attended, weekly
from tests.conftest import owned
from tests.office import NOW, TODAY, open_office


def plans_of_today(database: Database, *, team: bool) -> list[str]:
    """How SQLite goes about each statement of the page, one line a look."""
    office, asked = open_office(database), list[tuple[str, Any]]()
    with database.system("test: a missed class") as session, session.begin():
        absent(session, office.matter, TODAY)

    def heard(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    who, role = (office.supervisor, "officer_supervisor") if team else (office.officer, "officer")
    event.listen(database.engine, "before_cursor_execute", heard)
    with office.scoped(who=who, role=role) as session:
        assert len(today_page(session, ZONE, NOW, team=team).to_decide) == 1
    event.remove(database.engine, "before_cursor_execute", heard)
    plans = []
    with database.plainly("test: how it is read") as connection:
        for statement, parameters in asked:
            said = connection.exec_driver_sql(f"explain query plan {statement}", parameters)
            plans += [row[3] for row in said]
    return plans


def looks(plans: list[str], table: str) -> set[str]:
    return {one for one in plans if re.search(rf"(SEARCH|SCAN) {table} ", one)}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL plans by how many rows there are
def test_an_officers_classes_are_looked_for_by_what_is_absent_or_new(database: Database) -> None:
    plans = plans_of_today(database, team=False)
    assert looks(plans, "attendance") == {
        "SEARCH attendance USING COVERING INDEX ix_attendance_absent (case_id=? AND outcome=? AND retracted=?)",
        "SEARCH attendance USING INDEX ix_attendance_case_id_recorded_at"
        " (case_id=? AND recorded_at>? AND recorded_at<?)",
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_officers_cases_come_out_of_the_index(database: Database) -> None:
    of_officer = [one for one in plans_of_today(database, team=False) if "ix_assignment_user_id" in one]
    assert len(of_officer) > 10
    assert all(one.startswith("SEARCH assignment USING COVERING INDEX") for one in of_officer)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_when_the_reader_looked_last_is_not_looked_for_among_all_that_they_ever_did(database: Database) -> None:
    assert looks(plans_of_today(database, team=False), "audit_entry") == {
        "SEARCH audit_entry USING COVERING INDEX ix_audit_entry_user_id_event_at (user_id=? AND event=? AND at<?)",
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_office_reads_its_absences_and_never_all_of_its_classes(database: Database) -> None:
    found = looks(plans_of_today(database, team=True), "attendance")
    assert found == {
        "SCAN attendance USING COVERING INDEX ix_attendance_absent",
        "SEARCH attendance USING INDEX ix_attendance_recorded_at (recorded_at>? AND recorded_at<?)",
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_absences_are_asked_for_as_their_index_says_it(database: Database) -> None:
    """Of a parameter SQLite plans the statement anew at every run: a strip of hand-offs took six times as long."""
    office, given = open_office(database), list[Any]()

    def heard(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        if re.search(r"attendance\.outcome = \?", statement):
            given.append(statement)

    event.listen(database.engine, "before_cursor_execute", heard)
    with office.scoped(who=office.officer) as session:
        assert today_page(session, ZONE, NOW) and person_page(session, office.matter.person, NOW)
        assert strip(session, office.matter.case, Targets(), NOW)
    event.remove(database.engine, "before_cursor_execute", heard)
    assert not given


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_what_is_new_is_planned_once_and_not_for_each_reader_anew(database: Database) -> None:
    office = open_office(database)
    with database.system("test: a year of classes") as session, session.begin():
        attended(session, office.matter, *weekly(date(2022, 1, 3), 190))
    know_sizes(Database(owned(database.url)))
    for _ in range(9):  # it plans five times for what was asked, and then compares
        with office.scoped(who=office.officer) as session:
            today_page(session, ZONE, NOW)
    news = "select generic_plans from pg_prepared_statements where statement like '%attendance.recorded_at > %'"
    with database.system("test: how it was planned", writes=False) as session:
        plans = session.scalars(text(news)).all()
    assert len(plans) == 2 and all(plans)
