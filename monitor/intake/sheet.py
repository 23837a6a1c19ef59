"""One table of a file, with its header found, its columns named and its lines numbered as in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from monitor.intake.answers import Answers
from monitor.intake.cells.dates import WEEKDAYS, ReadDate, read_date, since_1904
from monitor.intake.cells.headers import Columns, field_of, fold_header, is_tagged, is_weekday, read_columns
from monitor.intake.cells.key import beside_table, explains, heads_key, is_key, read_key
from monitor.intake.cells.people import fold, with_role
from monitor.intake.cells.preamble import HELD_ON, days_in, is_footer, labelled, names_label, starred
from monitor.intake.cells.statuses import LABELS, fold_word
from monitor.intake.crossed_out import BY_LINE, standing, without
from monitor.intake.reading.tables import Note, Table
from monitor.intake.roster import Finder, Who
from monitor.intake.stacks import Stack, are_days, find_stacks
from monitor.intake.tick_columns import are_answered, are_ticked
from monitor.intake.vocabulary import status_codes

Day = date
IDENTITY = ("participant_id", "case_number", "name", "last_name", "first_name", "dob")
# what is written for "the same as above"
ABOUT = "#about"  # the first cell of a sheet of ours that only explains
DITTO = frozenset({"", '"', "''", "″", "〃", "ditto"})
MOST_WORDS, LONG_WORD = 6, 5
OF_WEEK = frozenset({"day", "weekday", "day of week", "day of the week", "dia", "día"})
COUNT = re.compile(r"\d{1,3}%?\Z")
FOOTNOTE = re.compile(r"[*†‡§]|(?:\S+\s+){5,}\S")


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
    struck: bool = False
    remark: str = ""
    beside: str = ""


class Line(msgspec.Struct, frozen=True):
    """One row below the header: its number in the file, its cells, and what was said above it ("group: …").

    ``named``: the rows in which it says who it is about, where that is another line.
    """

    row: int
    cells: list[str]
    labels: Mapping[str, str] = {}
    named: frozenset[int] = frozenset()

    def at(self, index: int) -> str:
        """The cell, or empty beyond the row's end."""
        return self.cells[index] if index < len(self.cells) else ""


class Sheet(msgspec.Struct):
    """What layouts work on. ``notes`` collects how it was read; ``skipped`` counts totals and repeated headers.

    ``titles``: how lines above the first table begin, folded. ``crossed_out``: (row, column) of struck-through cells;
    ``heads``: the rows that made the header, counted from 1; ``above``: the lines over this table and no other.
    """

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
    comments: dict[int, dict[int, str]] = {}
    titles: frozenset[str] = frozenset()
    crossed_out: frozenset[tuple[int, int]] = frozenset()
    heads: range = range(0)
    above: Sequence[Sequence[str]] = ()

    @property
    def known(self) -> dict[str, str]:
        """What signs mean here: what a person explained, who may have meant another sheet, and over that the sheet's
        own key. What is no code of ours explains nothing."""
        told = {fold_word(sign): code for sign, code in self.answers.values.items() if code in LABELS}
        return self.key | told | {sign: code for sign, code in self.key.items() if code != "?"}

    def date(self, text: str) -> ReadDate:
        """A date cell, by the order of day and month that was settled."""
        read = read_date(text, self.today, day_first=self.answers.day_first is True, zone=self.finder.zone)
        return since_1904(read) if self.table.since_1904 else read

    def day(self, line: Line, text: str) -> ReadDate:
        """The day of a line, with the weekday that a column of its own says: "Mon" beside 11/10 is a contradiction."""
        read = self.date(text)
        at = next((index for index, cell in enumerate(self.header) if fold_header(cell) in OF_WEEK), None)
        word = fold(line.at(at)) if at is not None and read.weekday is None else ""
        return msgspec.structs.replace(read, weekday=WEEKDAYS[word[:3]]) if word and is_weekday(word) else read

    def value(self, line: Line, field: str) -> str:
        """The cell of a field; empty where there is no such column."""
        index = self.columns.fields.get(field)
        return line.at(index) if index is not None else ""

    def who(self, line: Line) -> Who:
        """Who a row is about."""
        last, first, name = (self.value(line, field) for field in ("last_name", "first_name", "name"))
        if last and not first:  # "Apellidos", "Nombre"
            first, name = name, ""
        elif first and not last and len(name.split()) == 1:  # "Name", "First name"
            last, name = name, ""
        middle = self.value(line, "middle_name")
        last, name = (with_role(told, line.cells) for told in (last, name))
        return Who(
            participant_id=self.value(line, "participant_id"), case_number=self.value(line, "case_number"),
            last_name=last, first_name=f"{first} {middle}".strip() if first else "", name=name,
            dob=self.born(self.value(line, "dob")), group=self.group_of(line),
        )  # fmt: skip

    def born(self, text: str) -> Day | None:
        """A date of birth: nobody is born in years to come, so "85" is 1985."""
        on = self.date(text).on if text else None
        return on.replace(year=on.year - 100) if on and on > self.today else on

    def group_of(self, line: Line) -> str:
        """The row's group, else the one named above it, else the one chosen for the upload."""
        return self.value(line, "group") or line.labels.get("group", "") or self.group

    def remark(self, line: Line, index: int | None = None) -> str:
        """The comment that hangs on a cell of the line, or on any of them."""
        on = self.comments.get(line.row, {})
        return "; ".join(on.values()) if index is None else on.get(index + 1, "")

    def struck(self, line: Line, *indices: int) -> bool:
        """Whether something that makes the record is struck through: who the line is about, or what stands in these
        columns of it, or over any of them, or the line above that told of its day."""
        if not self.crossed_out:
            return False
        if line.labels.get(BY_LINE):
            return True
        who = {at for field, at in self.columns.fields.items() if field in (*IDENTITY, "middle_name", "group")}
        rows = {line.row, *line.named, *self.heads}
        return any((row, at + 1) in self.crossed_out for at in who for row in rows) or any(
            (row, at + 1) in self.crossed_out for at in indices for row in (line.row, *self.heads)
        )

    def note(self, code: str, detail: str = "") -> None:
        """Say once how the sheet was read."""
        if all(note.code != code or note.detail != detail for note in self.notes):
            self.notes.append(Note(code, detail))


def open_sheets(
    table: Table, today: date, answers: Answers, finder: Finder, group: str = "", key: Mapping[str, str] | None = None
) -> list[Sheet]:
    """Every table that stands on the sheet, below one another or side by side; none where no row names columns.

    ``key``: the signs that a sheet of their own explains.
    """
    stacks = find_stacks(table.rows, today, finder)
    if not stacks:
        return []
    written = table.rows
    table = without(table, {*range(stacks[0].first), *(index for stack in stacks for index in stack.titles)})
    explained = dict(key or {}) | _key_around(table.rows, stacks)
    labels = after = _said([[table.sheet], *table.rows[: stacks[0].row]], finder)
    sheets: list[Sheet] = []
    for number, stack in enumerate(stacks):
        # of tables side by side each has the labels that stood above all of them
        labels = labels if sheets and stack.row == sheets[-1].header_row else after
        columns = read_columns(stack.header, today, dict(answers.columns), ticked=are_ticked(table.rows, stack),
                               answered=are_answered(table.rows, stack))  # fmt: skip
        told = _own_group(table, stack, labels, finder)
        sheet = Sheet(table, today, answers, finder, stack.header, stack.row, columns, told, explained, group)
        sheet.titles = frozenset(fold(cell) for row in table.rows[: stacks[0].row] for cell in row[:1] if cell)
        sheet.crossed_out, sheet.heads = frozenset(table.struck), stack.heads
        sheet.above = [table.rows[index] for index in stack.above]
        for row, column, text in table.remarks:
            sheet.comments.setdefault(row, {})[column] = text
        _say_how(sheet, stack, first=number == 0)
        sheet.lines, after = _body(sheet, stack, [written[index] for index in sorted(stack.titles)])
        sheets.append(sheet)
    return sheets


def _own_group(table: Table, stack: Stack, labels: dict[str, str], finder: Finder) -> dict[str, str]:
    """Beside another table only a title over its own columns says which group a table is."""
    if not stack.is_beside:
        return labels
    group = _said([stack.own(row) for row in table.rows[: stack.row]], finder).get("group")
    return {key: value for key, value in labels.items() if key != "group"} | ({"group": group} if group else {})


def _said(rows: Sequence[Sequence[str]], finder: Finder) -> dict[str, str]:
    """What titles, or a sheet's name, say of the rows below; a group may be told by its code alone."""
    labels = labelled(rows)
    titles = [cell for row in rows for cell in row if cell]
    named = {code for code in finder.groups for title in titles if f" {fold(code)} " in f" {fold(title)} "}
    if "group" not in labels and len(named) == 1:
        labels["group"] = named.pop()
    return labels


def _key_around(rows: Sequence[Sequence[str]], stacks: Sequence[Stack]) -> dict[str, str]:
    """Only what stands above the table, or in a footer, is a key: a note in a cell is not."""
    first = stacks[0]
    around = [row for row in rows[: first.row] if row]
    listed, found = False, []
    for row in filter(any, rows[first.below :]):
        if listed or is_footer(row) or is_key(row):
            found.append(row)
        listed = heads_key(row) or (listed and explains(row, listed=True))
    above = read_key(around, listed=any(heads_key(row) for row in around))
    beside = [line for one in stacks for line in beside_table(one.header, rows[one.below : one.end])]
    below = read_key([*found, *beside], listed=True)
    notes = starred([*around, *rows[first.below:]])
    return notes | above | {sign: "?" if above.get(sign, code) != code else code for sign, code in below.items()}


def _say_how(sheet: Sheet, stack: Stack, *, first: bool) -> None:
    if (used := ",".join(f"{s.upper()}={code}" for s, code in sheet.key.items() if code != "?")) and first:
        sheet.note("I-LEGEND-USED", used)
    titles = sheet.header_row - is_tagged(sheet.table.rows[sheet.header_row])  # tags stand under the column names
    if titles and first:
        sheet.note("I-PREAMBLE", str(titles))
    if stack.joined:
        sheet.note("I-TWO-ROW-HEADER")
    for code, header in sheet.columns.notes:
        sheet.note(code, header)


def _body(sheet: Sheet, stack: Stack, titles: Sequence[Sequence[str]]) -> tuple[list[Line], dict[str, str]]:
    """The lines that may tell of somebody, and what was last said above one. ``titles``: of the next table."""
    names = [fold_header(cell) for cell in sheet.header if cell]
    labels = dict(sheet.labels)
    lines: list[Line] = []
    above: Line | None = None
    for index in range(stack.below, stack.end):
        cells = stack.own(sheet.table.rows[index])
        if not any(cells):
            continue
        line = Line(index + 1, cells, labels)
        if index in stack.titles:
            continue
        if told := _tells_of_next(sheet, cells, line):
            labels, above = _newer(labels, _still_told(sheet, line, told)), None
        elif [fold_header(cell) for cell in cells if cell] == names:
            sheet.skipped, above = sheet.skipped + 1, None
        elif _is_footer(sheet, line) or _repeats_title(sheet, cells):
            sheet.skipped += 1
        elif not _says_nothing(sheet, line):
            line = _filled(sheet, line, above)
            above = line
            lines.append(line)
    return lines, _said_below(sheet, stack, labels, titles)


def _said_below(
    sheet: Sheet, stack: Stack, labels: dict[str, str], written: Sequence[Sequence[str]]
) -> dict[str, str]:
    """What holds for the next table. One with a title of its own that names no group is not this one's group, and one
    whose own day is struck through (``written``: its titles with that) is not of this one's day."""
    titles = [sheet.table.rows[index] for index in sorted(stack.titles)]
    told = _said(titles, sheet.finder)
    told |= {BY_LINE: "" if _dated(titles) else "yes"} if _dated(written) else {}
    kept = {key: value for key, value in labels.items() if key != "group" or not any(map(any, written))}
    return kept | told


def _dated(titles: Sequence[Sequence[str]]) -> bool:
    return bool(days_in(titles)) or any(label in HELD_ON for label in labelled(titles))


def _still_told(sheet: Sheet, line: Line, told: dict[str, str]) -> dict[str, str]:
    """Without what is struck through. Where that told more, those below do not go on with what stood further up."""
    cells = standing(line.cells, line.row, sheet.crossed_out)
    left = told if cells == line.cells else _tells_of_next(sheet, cells, line) if any(cells) else {}
    return left | {BY_LINE: "yes" if told.keys() - left.keys() else ""}


def _tells_of_next(sheet: Sheet, cells: Sequence[str], line: Line) -> dict[str, str]:
    """What a line between the others says of those below it: their group, their day; empty where it says nothing."""
    if names_label(cells) or _names_group(sheet, cells):
        return _said([cells], sheet.finder) or {"": ""}
    day = "" if _is_footer(sheet, line) else _names_day(sheet, cells)
    return {"date": day} | _said([cells], sheet.finder) if day else {}


def _newer(labels: dict[str, str], told: dict[str, str]) -> dict[str, str]:
    """A day that is told further down takes the place of the one above it, whatever each is called."""
    dated = any(label in HELD_ON for label in told)
    return {label: said for label, said in labels.items() if not (dated and label in HELD_ON)} | told


def _names_day(sheet: Sheet, cells: Sequence[str]) -> str:
    """The day in a line that holds nothing else: "11/16/2026 Monday group" between the lines of a sign-in sheet."""
    told = {cell for cell in cells if cell}
    if len(told) != 1 or sheet.columns.sessions or "session_date" in sheet.columns.fields:
        return ""
    days = days_in([cells])
    someone = sheet.finder.find(Who(name=next(iter(told)))).member is not None
    return days[0] if len(days) == 1 and not someone else ""


def _repeats_title(sheet: Sheet, cells: Sequence[str]) -> bool:
    """A title that is printed again on each page: its first cell stood above the table, and is nobody's name."""
    first = next((cell for cell in cells if cell), "")
    if not fold(first) or fold(first) not in sheet.titles:
        return False
    return not sheet.finder.may_mean(Who(name=first))


def _names_group(sheet: Sheet, cells: Sequence[str]) -> bool:
    """A line that is the code of a group and little else: "WED-6PM", "Wed night (WED-6PM)"."""
    told = {cell for cell in cells if cell}
    if len(told) != 1 or len(words := fold(next(iter(told))).split()) > MOST_WORDS:
        return False
    codes = [code for code in sheet.finder.groups if f" {fold(code)} " in f" {' '.join(words)} "]
    return len(codes) == 1


def _is_footer(sheet: Sheet, line: Line) -> bool:
    """Totals, signatures and keys below the table; also a line of counts without a word in front."""
    fields = sheet.columns.fields
    identified = [fields[field] for field in ("participant_id", "case_number", "dob") if field in fields]
    tells = is_footer(line.cells) and not sheet.finder.may_mean(sheet.who(line))  # somebody is called Sum, or Legend
    if (tells or is_key(line.cells) or heads_key(line.cells)) and not any(map(line.at, identified)):
        return True
    people = [fields[field] for field in IDENTITY if field in fields]
    said = [cell for cell in (line.at(column.index) for column in sheet.columns.sessions) if cell]
    return bool(people and said) and not any(map(line.at, people)) and all(COUNT.match(cell) for cell in said)


def _says_nothing(sheet: Sheet, line: Line) -> bool:
    """Weekdays or further names of columns under the dates; a footnote that names nobody."""
    cells = [cell for cell in line.cells if cell]
    dated = any(sheet.date(cell).on for cell in cells)  # "11/9", "present", "attended": dates down, people across
    second = line.row == sheet.header_row + 2 and not dated and not _identified(sheet, line)
    if second and (_names_columns(cells) or _topics(sheet, cells)):
        return True
    if len(cells) == 1 and cells[0].endswith(":"):  # "Guests:"
        return True
    if len(cells) > 1 and all(is_weekday(cell) for cell in cells):
        return True
    return len(cells) == 1 and bool(FOOTNOTE.match(cells[0])) and sheet.finder.find(Who(name=cells[0])).member is None


def _topics(sheet: Sheet, cells: Sequence[str]) -> bool:
    """What the classes were about, under their days."""
    words = [fold_word(cell) for cell in cells]
    told = sheet.columns.sessions and sheet.columns.names_people and len(words) > 1
    return bool(told) and all(len(word) >= LONG_WORD and not status_codes().get(word) for word in words)


def _names_columns(cells: Sequence[str]) -> bool:
    """"Att", "Fee", "Att", "Fee" under dates: names of columns, and no word that could be somebody's attendance."""
    fields = [field_of(cell) for cell in cells]
    return any(fields) and all(field or not status_codes().get(fold_word(cell))
                               for field, cell in zip(fields, cells, strict=True))  # fmt: skip


def _identified(sheet: Sheet, line: Line) -> bool:
    return any(line.at(sheet.columns.fields[field]) for field in IDENTITY if field in sheet.columns.fields)


def _filled(sheet: Sheet, line: Line, above: Line | None) -> Line:
    """A row without a name goes on with the person above: merged cells, exported. A signature is nobody's else."""
    fields = [sheet.columns.fields[field] for field in IDENTITY if field in sheet.columns.fields]
    goes_on = bool(sheet.columns.sessions) or "session_date" in sheet.columns.fields
    if above is None or not fields or not goes_on or any(line.at(index) not in DITTO for index in fields):
        return line
    days = are_days([line.at(column.index) for column in sheet.columns.sessions], sheet.today)  # nobody's marks
    if days or any((line.row, index + 1) in sheet.table.uncomputed for index in fields):
        return line  # a formula without its value is somebody, and not whoever stands above
    sheet.note("I-FILL-DOWN")
    cells = line.cells + [""] * (max(fields) + 1 - len(line.cells))
    for index in fields:
        cells[index] = above.at(index)
    return Line(line.row, cells, line.labels, above.named | {above.row})
