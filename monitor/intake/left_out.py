"""Lines below a header that tell of nobody: totals, signatures, keys, footnotes, what stands under the days.

Whoever is on the roster is no total, whatever they are called, and a line with a mark is somebody's. What is left out
is listed, so that a program sees it: a line that goes in silence is a class that nobody knows of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.intake.cells.dates import read_minutes
from monitor.intake.cells.headers import field_of, is_weekday
from monitor.intake.cells.key import heads_key, is_key
from monitor.intake.cells.people import fold
from monitor.intake.cells.preamble import is_footer, joined, of_staff
from monitor.intake.cells.statuses import NO_MEETING, fold_word, read_status
from monitor.intake.check import LeftOut
from monitor.intake.roster import Who
from monitor.intake.sheet import IDENTITY, Line, Sheet
from monitor.intake.vocabulary import status_codes

COUNT = re.compile(r"\d{1,3}%?\Z")
COUNTED = re.compile(r"\d\s*%|[:=#]\s*\d|\A\d{1,3}\b")
FOOTNOTE = re.compile(r"[*†‡§]|(?:\S+\s+){5,}\S")
LONG_WORD, SHOWN = 5, 80
SURE = ("participant_id", "case_number", "dob")


def leave_out(sheet: Sheet, line: Line) -> bool:
    """Whether a line tells of nobody; it is counted, or listed, here."""
    if is_total(sheet, line) or _repeats_title(sheet, line):
        sheet.skipped += 1
    elif _is_decoration(sheet, line):
        return True
    elif not _says_nothing(sheet, line):
        return False
    list_line(sheet, line)
    return True


def list_line(sheet: Sheet, line: Line) -> None:
    """Among the lines of which nothing is used."""
    sheet.left_out.append(LeftOut(sheet.table.sheet, line.row, joined(line.cells)[:SHOWN]))


def _repeats_title(sheet: Sheet, line: Line) -> bool:
    """A title that is printed again on each page: its first cell stood above the table, and is nobody's name."""
    first = next((cell for cell in line.cells if cell), "")
    if not fold(first) or fold(first) not in sheet.titles:
        return False
    return not sheet.finder.may_mean(Who(name=first)) and not _tells_of_somebody(sheet, line)


def is_total(sheet: Sheet, line: Line) -> bool:
    """Whether a line is of totals, signatures or a key; also a line of counts without a word in front."""
    if is_footer(line.cells) or is_key(line.cells) or heads_key(line.cells):
        return not _tells_of_somebody(sheet, line)
    people = [sheet.columns.fields[field] for field in IDENTITY if field in sheet.columns.fields]
    said = [cell for cell in (line.at(column.index) for column in sheet.columns.sessions) if cell]
    return bool(people and said) and not any(map(line.at, people)) and all(COUNT.match(cell) for cell in said)


def _tells_of_somebody(sheet: Sheet, line: Line) -> bool:
    """Whether a line that begins as one of totals has a number, a date of birth or a name of the roster, or a mark.

    Whoever leads the class, named behind that very word and called like nobody on the roster, may have marks.
    """
    if any(sheet.value(line, field) for field in SURE):
        return True
    named, marked = sheet.finder.may_mean(sheet.who(line)), is_marked(sheet, line)
    return (named or marked) if not _leads(sheet, line) else (named and marked)


def _leads(sheet: Sheet, line: Line) -> bool:
    """Whether the word stands with the name ("Facilitator: J. Doe") or without any; a role beside a name is a word of
    somebody who may take part."""
    people = [sheet.value(line, field) for field in IDENTITY if sheet.value(line, field)]
    first = next((cell for cell in line.cells if cell), "")
    return of_staff(first) and (not people or first in people)


def is_marked(sheet: Sheet, line: Line) -> bool:
    """Whether something is said of who came, and no number of people stands where that is said."""
    fields = sheet.columns.fields
    at = {column.index for column in sheet.columns.sessions} | set(sheet.columns.ticks)
    said = [cell for index in sorted(at | {fields.get("status", -1)} - {-1}) if (cell := line.at(index))]
    if any(COUNT.match(cell) and int(cell.rstrip("%")) > 1 for cell in said):
        return False
    return any(_is_mark(sheet, cell) for cell in said) or bool(read_minutes(sheet.value(line, "time_in")))


def _is_mark(sheet: Sheet, cell: str) -> bool:
    says = read_status(cell, sheet.today, sheet.known) if not COUNTED.search(cell) else None
    return says is not None and says.code not in ("", *NO_MEETING)


def _is_decoration(sheet: Sheet, line: Line) -> bool:
    """Weekdays under the days, or further names of columns."""
    cells = [cell for cell in line.cells if cell]
    return (len(cells) > 1 and all(is_weekday(cell) for cell in cells)) or (
        _is_second(sheet, line) and _names_columns(cells))  # fmt: skip


def _is_second(sheet: Sheet, line: Line) -> bool:
    """The line below the header, where it has no day ("11/9", "present": dates down, people across) and nobody."""
    identified = any(sheet.value(line, field) for field in IDENTITY)
    return line.row == sheet.header_row + 2 and not identified and not any(sheet.date(cell).on for cell in line.cells)


def _says_nothing(sheet: Sheet, line: Line) -> bool:
    """What the classes were about, under their days; "Guests:"; a footnote that names nobody."""
    cells = [cell for cell in line.cells if cell]
    if _is_second(sheet, line) and _topics(sheet, cells):
        return True
    if len(cells) > 1:
        return False
    return cells[0].endswith(":") or bool(FOOTNOTE.match(cells[0]) and not sheet.finder.may_mean(Who(name=cells[0])))


def _topics(sheet: Sheet, cells: Sequence[str]) -> bool:
    words = [fold_word(cell) for cell in cells]
    told = sheet.columns.sessions and sheet.columns.names_people and len(words) > 1
    return bool(told) and all(len(word) >= LONG_WORD and not status_codes().get(word) for word in words)


def _names_columns(cells: Sequence[str]) -> bool:
    """"Att", "Fee", "Att", "Fee" under dates: names of columns, and no word that could be somebody's attendance."""
    fields = [field_of(cell) for cell in cells]
    return any(fields) and all(field or not status_codes().get(fold_word(cell))
                               for field, cell in zip(fields, cells, strict=True))  # fmt: skip
