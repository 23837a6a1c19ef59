"""One table of a file, with its header found, its columns named and its lines numbered as in the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from monitor.intake.answers import Answers
from monitor.intake.cells.dates import WEEKDAYS, ReadDate, read_date, since_1904
from monitor.intake.cells.headers import Columns, fold_header, is_weekday
from monitor.intake.cells.people import fold, with_role
from monitor.intake.cells.statuses import LABELS, fold_word
from monitor.intake.check import LeftOut
from monitor.intake.crossed_out import BY_LINE
from monitor.intake.reading.tables import Note, Table
from monitor.intake.roster import Finder, Who

Day = date
IDENTITY = ("participant_id", "case_number", "name", "last_name", "first_name", "dob")
ABOUT = "#about"  # the first cell of a sheet of ours that only explains
OF_WEEK = frozenset({"day", "weekday", "day of week", "day of the week", "dia", "día"})


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
    time_out: str = ""
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
    """What layouts work on. ``notes`` collects how it was read; ``skipped`` counts totals and repeated headers, and
    ``left_out`` lists each line that was taken to tell of nobody.

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
    left_out: list[LeftOut] = []
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
