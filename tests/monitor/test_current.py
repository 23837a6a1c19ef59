"""Which rows a page of one person reads: theirs, however many classes the office has on record."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from monitor.current import current, first_told
from monitor.handoffs.asking import _together
from monitor.handoffs.reading import asks
from monitor.models import Attendance


def plan_of(database, statement) -> str:
    """How SQLite goes about it."""
    said = statement.compile(database.engine, compile_kwargs={"literal_binds": True})
    with database.system("test: how it is read") as session:
        return "\n".join(row[3] for row in session.execute(text(f"explain query plan {said}")))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL counts how many rows are empty
def test_what_was_told_first_about_a_case_is_found_by_the_case_and_not_among_all_classes_of_the_office(database):
    of_case = select(Attendance.id).where(Attendance.case_id == 7)
    for condition in (first_told(Attendance), current(Attendance)):
        plan = plan_of(database, of_case.where(condition))
        assert "SEARCH attendance USING INDEX ix_attendance_case_id_recorded_at (case_id=?)" in plan
    # what stood there before: the unique column of corrections, empty in nearly every row of the record
    assert "ix_attendance_case_id" not in plan_of(database, of_case.where(Attendance.supersedes_id.is_(None)))


def test_the_strip_asks_for_no_pattern(database):
    """SQLite prepares a statement with a pattern anew each time, and this one is twenty statements long."""
    every = asks(f"M{number}" for number in range(1, 19))
    assert " LIKE " not in str(_together(every).compile(database.engine))
