"""What stands beside the marks of a wide table: lines for fees and homework, a reason next to an absence, marks under
no day."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.intake.cells.headers import field_of, fold_header, is_of_else, letters
from monitor.intake.cells.people import fold
from monitor.intake.cells.statuses import fold_word, read_status
from monitor.intake.sheet import Line, Sheet

UNKNOWN = "W-COLUMN-UNKNOWN"
# what a line of marks is called where a person has lines for other things, too
OF_MARKS = frozenset({"attendance", "att", "attended", "asistencia", "status", "class", "clase"})
SIGNED = frozenset({"signature", "time_in", "time_out"})
NOTED = frozenset({"reason", "note"})
NUMBER = "session_number"
# beside these a reason or a note changes nothing of what is recorded
CAME = frozenset({"P", "L", "E", "M"})
NOTHING = frozenset({"", "-", "–", "—", "n", "no", "false", "0", "☐", "n/a", "na"})
WORD = 4  # letters from which on a word in place of a signature is no initials


def lines_of_marks(sheet: Sheet) -> list[tuple[Line, str]]:
    """Each line with what it is about, where that is no attendance. Without those for a fee or homework of people who
    have a line of marks, too: what is said of anybody else stays, for people to look at."""
    at = _kinds_at(sheet)
    if at is None:
        return [(line, "") for line in sheet.lines]
    marked = {sheet.who(line) for line in sheet.lines if fold_header(line.at(at)) in OF_MARKS}
    found = []
    for line in sheet.lines:
        kind = line.at(at) if is_of_else(line.at(at)) else ""
        if kind and sheet.who(line) in marked:
            sheet.note(UNKNOWN, kind)
        else:
            found.append((line, kind))
    return found


def _kinds_at(sheet: Sheet) -> int | None:
    """The column that says what each line is about: attendance, or a fee."""
    used = {*sheet.columns.fields.values(), *(column.index for column in sheet.columns.sessions)}
    for at in range(len(sheet.header)):
        words = {fold_header(line.at(at)) for line in sheet.lines} if at not in used else set()
        if words & OF_MARKS and any(is_of_else(word) for word in words):
            return at
    return None


Parts = Mapping[int, Mapping[int, str]]


def parts_of_days(sheet: Sheet) -> Parts:
    """Column of a day to the further columns of that day, "11/2 Why" next to "11/2", with what each is called; without
    those that say nothing of who came."""
    days = {column.index: f"{column.header} " for column in sheet.columns.sessions if column.week is None}
    free = {at: cell for at, cell in enumerate(sheet.header) if at not in days and cell and not field_of(cell)}
    found: dict[int, dict[int, str]] = {column.index: {} for column in sheet.columns.sessions}
    for index, before in days.items():
        named = {at: cell[len(before):].strip() for at, cell in free.items() if cell.startswith(before)}
        found[index] = {at: name for at, name in named.items() if not is_of_else(name) and field_of(name) != NUMBER}
    used = {sheet.header[at] for parts in found.values() for at, name in parts.items() if field_of(name) not in SIGNED}
    sheet.notes = [note for note in sheet.notes if note.code != UNKNOWN or note.detail not in used]
    return found


def said_of_day(sheet: Sheet, line: Line, at: int, parts: Mapping[int, str]) -> tuple[str, str]:
    """The mark of a day with what a column beside it adds, and what only goes with it as a note. What "NS" and
    "excused sick" are together is for people to say."""
    said = line.at(at)
    read = read_status(said, sheet.today, sheet.key) if said else None
    came = read is not None and read.code in CAME
    told = {index: line.at(index) for index, name in parts.items() if _adds(sheet, name, line.at(index))}
    notes = [cell for index, cell in told.items() if came and field_of(parts[index]) in NOTED]
    more = [f"{parts[index]}: {cell}" for index, cell in told.items() if not (came and field_of(parts[index]) in NOTED)]
    return " and ".join([said, *more] if said else more), "; ".join(notes)


def _adds(sheet: Sheet, name: str, cell: str) -> bool:
    if field_of(name) not in SIGNED and fold_header(name) != "time":
        return fold_word(cell) not in NOTHING
    read = read_status(cell, sheet.today, sheet.key) if len(fold(cell)) >= WORD else None
    return read is not None and read.code not in ("", "P")


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
