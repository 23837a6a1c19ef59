"""What stands beside the marks of a wide table and is none: lines for fees and homework, marks under no day."""

from __future__ import annotations

from monitor.intake.cells.headers import field_of, fold_header, letters
from monitor.intake.cells.statuses import read_status
from monitor.intake.sheet import Line, Sheet

UNKNOWN = "W-COLUMN-UNKNOWN"
# what a line of marks is called where a person has lines for other things, too
OF_MARKS = frozenset({"attendance", "att", "attended", "asistencia", "status", "class", "clase"})


def lines_of_marks(sheet: Sheet) -> list[Line]:
    """The lines without those that a column of their own calls by another name ("Attendance", "Fee", "Homework")."""
    at = _kinds_at(sheet)
    if at is None:
        return sheet.lines
    for kind in {line.at(at) for line in sheet.lines if fold_header(line.at(at)) not in OF_MARKS}:
        sheet.note(UNKNOWN, kind or letters(at))
    return [line for line in sheet.lines if fold_header(line.at(at)) in OF_MARKS]


def _kinds_at(sheet: Sheet) -> int | None:
    used = {*sheet.columns.fields.values(), *(column.index for column in sheet.columns.sessions)}
    for at in range(len(sheet.header)):
        words = {fold_header(line.at(at)) for line in sheet.lines} if at not in used else set()
        if len(words) > 1 and words & OF_MARKS and any(field_of(word) for word in words):
            return at
    return None


def name_marks_under_no_day(sheet: Sheet) -> None:
    """A column without a name among the days whose cells are words for attendance is named: its day may be a formula
    that was never calculated."""
    days = [column.index for column in sheet.columns.sessions]
    width = max((len(line.cells) for line in sheet.lines), default=0)
    for at in range(min(days) + 1, width):
        if at < len(sheet.header) and sheet.header[at]:
            continue
        says = (read_status(line.at(at), sheet.today, sheet.key) for line in sheet.lines)
        if any(said is not None and said.code and not said.word.isdecimal() for said in says):
            sheet.note(UNKNOWN, f"({letters(at)})")
