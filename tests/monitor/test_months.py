"""A month's report: what was of the month, and at how many classes somebody was since they began."""

from __future__ import annotations

from datetime import date, timedelta

from monitor.access.scope import Scope
from monitor.models import Attendance, random_id
from monitor.months.page import ReportLine
from monitor.months.reading import month_page
from tests.builders import absent, at, attended, weekly
from tests.classes import Class, open_class

FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)
TODAY = date(2026, 3, 20)


def line_of(meeting: Class, first: date) -> ReportLine:
    agency = meeting.town.program_agency
    with meeting.database.scoped(Scope(user_id=1, role="program", agency_id=agency)) as session:
        [line] = month_page(session, agency, first, TODAY).lines
    return line


def corrected(session, row: Attendance, outcome: str, says: str) -> None:
    """The program puts the class right on the day after."""
    session.flush()
    session.add(Attendance(
        id=random_id(), case_id=row.case_id, agency_id=row.agency_id, enrollment_id=row.enrollment_id,
        occurred_on=row.occurred_on, outcome=outcome, program_says=says, session_kind="GROUP", source="grid",
        supersedes_id=row.id, recorded_at=at(row.occurred_on + timedelta(days=1)),
    ))  # fmt: skip


def test_a_months_classes_are_its_own_and_the_sum_is_of_all_until_its_last_day(database) -> None:
    meeting = open_class(database, people=1)
    bell = meeting.people["Bell"]
    mondays = weekly(date(2026, 1, 12), 9)  # three of January, four of February, two of March
    with database.system("test: three months") as session, session.begin():
        attended(session, bell, *mondays[:2], *mondays[3:5], *mondays[7:])
        attended(session, bell, mondays[0], number=2)  # a second class of the same day
        corrected(session, absent(session, bell, mondays[2]), "PRESENT", "P")  # a slip of the program
        corrected(session, attended(session, bell, mondays[5]), "ABSENT", "U")
        absent(session, bell, mondays[6])
    told = {first: line_of(meeting, first) for first in (FEBRUARY, MARCH)}
    assert [(told[first].attended, told[first].total) for first in told] == [(2, 6), (2, 8)]
    assert (told[FEBRUARY].no_show, told[FEBRUARY].no_reason) == (1, 1)
