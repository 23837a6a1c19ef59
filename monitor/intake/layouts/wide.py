"""W: one row per person, one column for each date or numbered week."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import msgspec

from monitor.intake.beside_days import lines_of_marks, name_marks_under_no_day, parts_of_days, said_of_day
from monitor.intake.cells.dates import DAY_FIRST, NO_MONTH, UNREADABLE, WEEKDAYS, YEAR_ASSUMED, ReadDate
from monitor.intake.cells.headers import SessionColumn, is_weekday, session_header
from monitor.intake.cells.people import fold
from monitor.intake.cells.preamble import START, TITLE_MONTH, labelled, month_in
from monitor.intake.cells.statuses import fold_word, read_status
from monitor.intake.reading.tables import Note
from monitor.intake.sheet import Entry, Line, Sheet
from monitor.intake.times_of_days import times_of_days
from monitor.intake.vocabulary import status_codes

MONTH = re.compile(
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|set|dic)[a-z]*\.?(?:[ ,-]+(\d{4}))?", re.IGNORECASE
)
DAY_NUMBER = re.compile(r"\d{1,2}(?:st|nd|rd|th)?", re.IGNORECASE)
HOLD_WEEK = "Q-WEEK-DATES"
OF_DAYS = frozenset({"day", "date", "dia", "fecha"})
# a month or a day in figures, and what numbers may count: then the name of the sheet is not their month
IN_FIGURES = re.compile(r"\b\d{1,2}[-/.](?:\d{1,2}[-/.])?\d{2,4}\b|\b20\d\d-\d{1,2}\b")
COUNTED = re.compile(
    r"\b(?:class|sess|session|week|wk|lesson|module|mod|unit|meeting|clase|sesi[oó]n|semana|lecci[oó]n|m[oó]dulo|unidad)"
    r"(?:e?s)?\b",
    re.IGNORECASE,
)
SEVERAL = 3  # columns with marks on days of the groups, beside which one alone may not fit
HALF_A_YEAR = timedelta(days=182)


def recognises(sheet: Sheet) -> bool:
    """At least one column stands for a class."""
    return sheet.columns.names_people and bool(sheet.columns.sessions)


def entries(sheet: Sheet) -> Iterator[Entry]:
    """One entry for each cell that says something; an empty cell says nothing."""
    dates = _dates(sheet)
    uncomputed = set(sheet.table.uncomputed)
    name_marks_under_no_day(sheet)
    parts = parts_of_days(sheet)
    times = times_of_days(sheet, parts)
    gone = {column.index for column in sheet.columns.sessions if _under_struck_month(sheet, column.index)}
    for line, kind in lines_of_marks(sheet):
        who, group = sheet.who(line), sheet.group_of(line)
        for column in sheet.columns.sessions:
            beside, both = parts[column.index], times.get(column.index)
            if both and both.says_less(line, column.index):
                continue
            came, left = both.of(line) if both else ("", "")
            text, note = said_of_day(sheet, line, column.index, beside)
            missing = any((line.row, index + 1) in uncomputed for index in (column.index, *beside))
            if text or missing:
                read, hold = dates[column.index]
                yield Entry(
                    row=line.row, who=who, status=f"{kind}: {text}" if kind else text, date=read, column=column.header,
                    group=group, hold=hold, date_text=column.header, uncomputed=missing, note=note,
                    remark=sheet.remark(line, column.index), time_in=came, time_out=left,
                    struck=column.index in gone or sheet.struck(line, column.index, *beside),
                )  # fmt: skip


def _dates(sheet: Sheet) -> dict[int, tuple[ReadDate, str]]:
    """Column index to its date and what holds it."""
    columns = sheet.columns.sessions
    found = {column.index: (sheet.date(column.day), "") for column in columns if column.week is None}
    found |= _weeks(sheet, [column for column in columns if column.week is not None])
    _go_on(sheet, found)
    for index, word in _weekdays(sheet).items():
        read, hold = found[index]
        if read.weekday is None:
            found[index] = (msgspec.structs.replace(read, weekday=WEEKDAYS[fold(word)[:3]]), hold)
    return _held_if_day_first(sheet, found)


def _weekdays(sheet: Sheet) -> dict[int, str]:
    """Column index to the weekday in the row above or below the days: "Mon" over 11/10 is a contradiction."""
    at = [column.index for column in sheet.columns.sessions]
    if own := {column.index: column.weekday for column in sheet.columns.sessions if column.weekday}:
        return own
    rows = sheet.table.rows
    for row in (rows[sheet.header_row - 1] if sheet.header_row else [], *rows[sheet.header_row : sheet.header_row + 2]):
        named = {index: row[index] for index in at if index < len(row) and row[index] and is_weekday(row[index])}
        if named:
            return named
    return {}


def _go_on(sheet: Sheet, found: dict[int, tuple[ReadDate, str]]) -> None:
    """A roster that runs on into December is not last December's: a year that is assumed follows the column before."""
    before: date | None = None
    for index in sorted(found):
        read, hold = found[index]
        if before and read.on and read.code == YEAR_ASSUMED and before - read.on > HALF_A_YEAR:
            year = before.year + (before.month > read.on.month)
            read = msgspec.structs.replace(read, on=_in_year(read.on, year))
            found[index] = (read, hold)
        before = read.on or before


def _in_year(on: date, year: int) -> date | None:
    try:
        return on.replace(year=year)
    except ValueError:  # February 29
        return None


def _weeks(sheet: Sheet, columns: list[SessionColumn]) -> dict[int, tuple[ReadDate, str]]:
    if not columns:
        return {}
    if days := _days_of_month(sheet, columns):
        return days
    first = first_week(sheet)
    if first is None:
        # the answer is the date of week 1, whichever week the sheet begins with
        asked = re.sub(r"\d+", "1", columns[0].header, count=1)
        sheet.questions.append(Note(HOLD_WEEK, asked))
        return {column.index: (ReadDate(), HOLD_WEEK) for column in columns}
    sheet.note("I-WEEKS-FROM-START")
    return {
        column.index: (ReadDate(first + timedelta(weeks=(column.week or 1) - 1)), "") for column in columns
    }  # fmt: skip


def _days_of_month(sheet: Sheet, columns: list[SessionColumn]) -> dict[int, tuple[ReadDate, str]]:
    """Bare numbers with steps that no numbering has are days of a month; empty where they may be weeks."""
    named = any(column.weekday for column in columns)
    bare = all(column.weekday or DAY_NUMBER.fullmatch(column.header.strip()) for column in columns)
    numbers = [column.week or 0 for column in columns]
    steps = {later - earlier for earlier, later in zip(numbers, numbers[1:], strict=False)}
    title = month_of(sheet)
    if not bare or not (named or steps - {1} or _is_whole_month(sheet, columns, title)):
        return {}
    found = {}
    over = {column.index: _month_above(sheet, column.index) or title for column in columns}
    months = list(over.values())
    if any(later < earlier and months[at] == months[at + 1]
           for at, (earlier, later) in enumerate(zip(numbers, numbers[1:], strict=False))):
        over = {}  # 19, 26, 2: the days of two months under the name of one
    for column in columns:
        match = MONTH.fullmatch(over.get(column.index, ""))
        text = f"{match[1][:3]} {column.week} {match[2] or ''}".strip() if match else ""
        found[column.index] = (sheet.date(text) if text else ReadDate(code=NO_MONTH), "")
    return found if _on_days_of_groups(sheet, found) else {index: (ReadDate(code=NO_MONTH), "") for index in found}


def month_of(sheet: Sheet) -> str:
    """The month that the lines above name; else the name of the sheet, where no line above names any or counts
    classes: what stands above the numbers knows better what they are."""
    told = labelled(sheet.above).get("month", "") or month_in(sheet.above)
    crossed_out = any(row <= sheet.header_row for row, _ in sheet.crossed_out)
    named = "" if crossed_out else month_in([[sheet.table.sheet]])
    if told and named and told.lower()[:3] != named.lower()[:3]:
        return ""
    return told or ("" if _says_otherwise(sheet) else named)


def _says_otherwise(sheet: Sheet) -> bool:
    """Whether a line above, or over the numbers, names a month or a day, or classes, sessions or weeks."""
    at = {column.index for column in sheet.columns.sessions}
    over = [cell for row in sheet.heads for index, cell in enumerate(sheet.table.rows[row - 1]) if index in at]
    cells = [*(cell for row in sheet.above for cell in row), *over]
    return any(TITLE_MONTH.search(cell) or IN_FIGURES.search(cell) or COUNTED.search(cell) for cell in cells if cell)


def _on_days_of_groups(sheet: Sheet, found: dict[int, tuple[ReadDate, str]]) -> bool:
    """Numbers that are days have marks on days of the groups; 2, 4, 6, 8 may be classes of a program. Where a weekday
    stands over or under each, it is compared with its day.

    One day alone on which nobody's own group meets, among several on which one does, is taken from its marks only.
    """
    if found.keys() <= _weekdays(sheet).keys() or not sheet.finder.weekdays:
        return True
    marks = {index: _fitting(sheet, index, read.on.weekday()) for index, (read, _) in found.items() if read.on}
    held = [index for index, fits in marks.items() if any(fits)]
    strange = [index for index, fits in marks.items() if fits and not any(fits)]
    if not strange:  # make-ups alone fit any day
        return bool(held) or not any(is_mark(line.at(index)) for line in sheet.lines for index in marks)
    own = sum(len(marks[index]) for index in strange)
    if len(strange) > 1 or len(held) < SEVERAL or 2 * own > sum(map(len, marks.values())):
        return False
    found[strange[0]] = (ReadDate(code=UNREADABLE), "")
    return True


def _fitting(sheet: Sheet, index: int, weekday: int) -> list[bool]:
    """For each mark of a column whether the group of its line meets on a weekday. One of another group may have come
    to make up a class."""
    told = [line for line in sheet.lines if is_mark(line.at(index))]
    known = ((line, _own_weekdays(sheet, line)) for line in told)
    return [weekday in days for line, days in known if days and not _is_makeup(sheet, line.at(index))]


def _is_makeup(sheet: Sheet, cell: str) -> bool:
    says = read_status(cell, sheet.today, sheet.key)
    return says is not None and says.code == "M"


def is_mark(cell: str) -> bool:
    """Whether a cell says something of a class: a dash under a day off does not."""
    return bool(cell) and status_codes().get(fold_word(cell) or cell.strip()) != "N"


def _own_weekdays(sheet: Sheet, line: Line) -> frozenset[int]:
    """The days on which the group of a line meets: the one that is told, else that of whoever it is about."""
    return sheet.finder.weekdays_of_one(sheet.group_of(line), sheet.who(line))


def _is_whole_month(sheet: Sheet, columns: list[SessionColumn], title: str) -> bool:
    """A column for each day from 1 to the last of the month above, marked on days of the groups only."""
    match = MONTH.fullmatch(title)
    last = sheet.date(f"{match[1][:3]} {len(columns)} {match[2] or ''}".strip()).on if match else None
    if last is None or [column.week for column in columns] != list(range(1, len(columns) + 1)):
        return False
    marked = {column.week or 0 for line in sheet.lines for column in columns if is_mark(line.at(column.index))}
    weekdays = sheet.finder.weekdays
    return (last + timedelta(days=1)).day == 1 and all(last.replace(day=day).weekday() in weekdays for day in marked)


def _month_above(sheet: Sheet, index: int) -> str:
    """The month in the row of a two-row header that stands over a column: in its cell, or left of it."""
    over = min(column.index for column in sheet.columns.sessions)
    for row in (sheet.table.rows[sheet.header_row][: index + 1], *(row[over : index + 1] for row in sheet.above[-1:])):
        last = next((cell for cell in reversed(row) if cell), "")
        if MONTH.fullmatch(last):
            return last
    return ""


def _under_struck_month(sheet: Sheet, index: int) -> bool:
    """Whether the month over a column is crossed out: it stands once, over the first of its days."""
    for row in sheet.heads[:-1]:
        cells = sheet.table.rows[row - 1][: index + 1]
        at = next((at for at in reversed(range(len(cells))) if cells[at]), None)
        if at is not None and MONTH.fullmatch(cells[at]) and (row, at + 1) in sheet.crossed_out:
            return True
    return False


def are_days(texts: Sequence[str], header: str) -> bool:
    """Whether bare numbers down the side are days of a month: their column says so, and they are no numbering."""
    numbers = _numbers(texts)
    steps = {later - earlier for earlier, later in zip(numbers, numbers[1:], strict=False)}
    return len(numbers) == len(texts) and bool(steps - {1}) and fold(header) in OF_DAYS


def days_of_month(sheet: Sheet, texts: Sequence[str], weekdays: Sequence[frozenset[int]]) -> list[ReadDate]:
    """Bare days of the one month that the lines above name, each on one of its weekdays."""
    numbers = _numbers(texts)
    if numbers != sorted(numbers):  # 26, 7, 14: the days of two months under the name of one
        return [ReadDate(code=NO_MONTH) for _ in texts]
    return [_day_of_month(sheet, text, known) for text, known in zip(texts, weekdays, strict=True)]


def _numbers(texts: Sequence[str]) -> list[int]:
    return [int(re.sub(r"\D", "", text)) for text in texts if DAY_NUMBER.fullmatch(text.strip())]


def _day_of_month(sheet: Sheet, text: str, known: frozenset[int]) -> ReadDate:
    match = MONTH.fullmatch(month_of(sheet))
    number = re.sub(r"\D", "", text)
    read = sheet.date(f"{match[1][:3]} {number} {match[2] or ''}".strip()) if match else ReadDate()
    return read if read.on and (not known or read.on.weekday() in known) else ReadDate(code=NO_MONTH)


def week_of(sheet: Sheet, text: str) -> int | None:
    """The number in "Week 3" or "3"; None for anything else."""
    found = session_header(text, sheet.today) if text else None
    return found.week if found and not found.weekday else None


def first_week(sheet: Sheet) -> date | None:
    """The date of week 1, where a line above the table tells it; else what somebody answered, maybe of another term."""
    text = next((sheet.labels[label] for label in START if label in sheet.labels), "")
    return (sheet.date(text).on if text else None) or sheet.answers.week_one


def _held_if_day_first(sheet: Sheet, found: dict[int, tuple[ReadDate, str]]) -> dict[int, tuple[ReadDate, str]]:
    """One header that can only be day/month holds every header that could be either."""
    telling = [column for column in sheet.columns.sessions if found[column.index][0].code == DAY_FIRST]
    if not telling or sheet.answers.day_first is not None:
        return found
    sheet.questions.append(Note(DAY_FIRST, telling[0].header))
    return {
        index: (read, DAY_FIRST if read.code == DAY_FIRST or read.ambiguous else hold)
        for index, (read, hold) in found.items()
    }
