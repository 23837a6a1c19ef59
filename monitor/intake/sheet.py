"""One table of a file, with its header found, its columns named and its lines numbered as in the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from monitor.intake.answers import Answers
from monitor.intake.cells.dates import ReadDate, read_date
from monitor.intake.cells.headers import Columns, find_header, fold_header, read_columns, second_row
from monitor.intake.cells.preamble import is_footer, labelled, read_key
from monitor.intake.reading.tables import Note, Table
from monitor.intake.roster import Finder, Who

IDENTITY = ("participant_id", "case_number", "name", "last_name", "first_name", "dob")


class Entry(msgspec.Struct, frozen=True):
    """One person at one class, as written. ``hold`` is a code that keeps the entry waiting for an answer."""

    row: int
    who: Who
    status: str
    date: ReadDate
    date_text: str = ""
    column: str = ""
    group: str = ""
    hold: str = ""
    time_in: str = ""
    session_number: str = ""
    makeup_for: str = ""
    minutes_late: str = ""
    reason: str = ""
    note: str = ""
    uncomputed: bool = False


class Line(msgspec.Struct, frozen=True):
    """One row below the header: its number in the file and its cells."""

    row: int
    cells: list[str]

    def at(self, index: int) -> str:
        """The cell, or empty beyond the row's end."""
        return self.cells[index] if index < len(self.cells) else ""


class Sheet(msgspec.Struct):
    """What layouts work on. ``notes`` collects how it was read; ``skipped`` counts totals and repeated headers."""

    table: Table
    today: date
    answers: Answers
    finder: Finder
    header: list[str]
    header_row: int
    columns: Columns
    labels: dict[str, str]
    key: dict[str, str]
    group: str = ""
    notes: list[Note] = []
    questions: list[Note] = []
    lines: list[Line] = []
    skipped: int = 0

    def date(self, text: str) -> ReadDate:
        """A date cell, by the order of day and month that was settled."""
        return read_date(text, self.today, day_first=self.answers.day_first is True)

    def value(self, line: Line, field: str) -> str:
        """The cell of a field; empty where there is no such column."""
        index = self.columns.fields.get(field)
        return line.at(index) if index is not None else ""

    def who(self, line: Line) -> Who:
        """Who a row is about."""
        born = self.value(line, "dob")
        return Who(
            participant_id=self.value(line, "participant_id"), case_number=self.value(line, "case_number"),
            last_name=self.value(line, "last_name"), first_name=self.value(line, "first_name"),
            name=self.value(line, "name"), dob=self.date(born).on if born else None, group=self.group_of(line),
        )  # fmt: skip

    def group_of(self, line: Line) -> str:
        """The row's group, else the one named above the table, else the one chosen for the upload."""
        return self.value(line, "group") or self.labels.get("group", "") or self.group

    def note(self, code: str, detail: str = "") -> None:
        """Say once how the sheet was read."""
        if all(note.code != code or note.detail != detail for note in self.notes):
            self.notes.append(Note(code, detail))


def open_sheet(table: Table, today: date, answers: Answers, finder: Finder, group: str = "") -> Sheet | None:
    """None where no row names the columns."""
    rows = table.rows
    where = find_header(rows, today)
    if where is None:
        return None
    header, below = rows[where], where + 1
    joined = second_row(rows, where, today)
    if joined:
        header, below = joined, where + 2
    # only what stands above the table, or in a footer, is a key: a note in a cell is not
    around = [*rows[:where], *(row for row in rows[below:] if row and is_footer(row))]
    sheet = Sheet(
        table, today, answers, finder, header, where, read_columns(header, today, dict(answers.columns)),
        labelled(rows[:where]), read_key(around), group,
    )  # fmt: skip
    _say_how(sheet, joined is not None)
    sheet.lines = list(_body(sheet, below))
    return sheet


def _say_how(sheet: Sheet, two_rows: bool) -> None:
    if sheet.key:
        sheet.note("I-LEGEND-USED", ",".join(f"{sign.upper()}={code}" for sign, code in sheet.key.items()))
    if sheet.header_row:
        sheet.note("I-PREAMBLE", str(sheet.header_row))
    if two_rows:
        sheet.note("I-TWO-ROW-HEADER")
    for code, header in sheet.columns.notes:
        sheet.note(code, header)


def _body(sheet: Sheet, below: int) -> Iterator[Line]:
    names = [fold_header(cell) for cell in sheet.header if cell]
    identified = [sheet.columns.fields[field] for field in ("participant_id", "case_number", "dob") if field in
                  sheet.columns.fields]  # fmt: skip
    above: Line | None = None
    for index in range(below, len(sheet.table.rows)):
        line = Line(index + 1, sheet.table.rows[index])
        if not any(line.cells):
            continue
        footer = is_footer(line.cells) and not any(line.at(index) for index in identified)
        if footer or [fold_header(cell) for cell in line.cells if cell] == names:
            sheet.skipped += 1
            continue
        line = _filled(sheet, line, above)
        above = line
        yield line


def _filled(sheet: Sheet, line: Line, above: Line | None) -> Line:
    """A row without a name goes on with the person above: merged cells, exported."""
    fields = [sheet.columns.fields[field] for field in IDENTITY if field in sheet.columns.fields]
    if above is None or not fields or any(line.at(index) for index in fields):
        return line
    sheet.note("I-FILL-DOWN")
    cells = line.cells + [""] * (max(fields) + 1 - len(line.cells))
    for index in fields:
        cells[index] = above.at(index)
    return Line(line.row, cells)
