"""A workbook with a tab a month: read, checked, saved, and taken back as one file."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import xlsxwriter
from sqlalchemy import func, select

from monitor.current import current
from monitor.db import Database
from monitor.intake.check import Check
from monitor.intake.reading.tables import Limits, Reading
from monitor.intake.reading.workbook import read_workbook
from monitor.intake.record.keeping import cleaned
from monitor.intake.record.saving import save
from monitor.intake.record.undoing import undo
from monitor.intake.uploads import Sheet, check_of, receive
from monitor.models import Attendance
from tests.monitor.intake.sample_county import MEMBERS, TODAY
from tests.monitor.intake.sample_record import County, write_county

MONTHS = [(2025, 12), *((2026, month) for month in range(1, 12))]
MERGED = (2026, 3)
JOINED = {member.code: member.start for member in MEMBERS}
PEOPLE = (("Smith, Robert J", "24-CR-001872", "P1001"), ("O'Neal, Dwayne", "25-CR-000044", "P1003"))


def mondays(year: int, month: int) -> list[date]:
    days = (date(year, month, 1) + timedelta(days=number) for number in range(31))
    return [day for day in days if day.month == month and day.weekday() == 0 and day <= TODAY]


def workbook() -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        bold, dated = made.add_format({"bold": True}), made.add_format({"num_format": "m/d/yyyy"})
        for year, month in MONTHS:
            page, days, top = made.add_worksheet(f"{date(year, month, 1):%b %Y}"), mondays(year, month), 0
            if (year, month) == MERGED:
                page.merge_range(0, 0, 0, len(days) + 1, "North Star - March 2026", bold)
                top = 1
            page.write_row(top, 0, ["Name", "Case #"])
            for at, day in enumerate(days, 2):
                page.write_datetime(top, at, day, dated)
            for row, (name, case, _) in enumerate(PEOPLE, top + 1):
                page.write_row(row, 0, [name, case, *["P"] * len(days)])
    return out.getvalue()


def expected() -> tuple[set[tuple[str, str]], int]:
    """What is recorded, and how many marks lie before somebody joined."""
    marks = [(code, day) for year, month in MONTHS for day in mondays(year, month) for _, _, code in PEOPLE]
    kept = {(code, str(day)) for code, day in marks if (JOINED[code] or date.max) <= day}
    return kept, len(marks) - len(kept)


def standing(database: Database, county: County) -> int:
    with database.scoped(county.scope) as session:
        return session.scalar(select(func.count(Attendance.id)).where(current(Attendance))) or 0


def test_twelve_tabs_are_one_sheet_saved_and_undone_whole(database: Database) -> None:
    county = write_county(database)
    before, (kept, early) = standing(database, county), expected()
    reading = cleaned(Reading(*read_workbook(workbook(), Limits())), TODAY)
    assert [len(table.rows) for table in reading.tables] == [4 if month == MERGED else 3 for month in MONTHS]
    sheet = Sheet("year.xlsx", "year", reading)
    with database.scoped(county.scope, writes=True) as session:
        upload = receive(session, sheet, county.by())
        told: Check = check_of(upload)
        assert told.layout == "W" and not told.questions and not told.held
        assert [message.code for message in told.messages if message.code.startswith(("H-", "W-"))] == []
        assert {record[:2] for record in told.records} <= kept
        assert told.new + told.same + told.changed == len(kept)
        assert [error.code for error in told.errors] == ["R-DATE-BEFORE-START"] * early
        done = save(session, upload, county.by())
        session.commit()
        assert done.count == told.new
    assert standing(database, county) == before + told.new
    with database.scoped(county.scope, writes=True) as session:
        undo(session, session.get_one(type(upload), upload.id), county.by())
        session.commit()
    assert standing(database, county) == before
