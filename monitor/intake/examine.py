"""A file's tables, a roster and the record in; the check page's content out. Pure: nothing is stored or asked here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date

import msgspec

from monitor.intake.answers import Answers
from monitor.intake.cells.dates import NO_MONTH, SERIAL_READ, YEAR_ASSUMED, ZONE_TURNED
from monitor.intake.cells.headers import labels_of, letters
from monitor.intake.cells.key import is_all_key, read_key
from monitor.intake.cells.marks import as_boxed, as_marked
from monitor.intake.check import Check, Judged, Message, Remark, Stored
from monitor.intake.drafts import DraftRow, beside_record, outside
from monitor.intake.judging.doubles import StoredKey, settle
from monitor.intake.judging.judge import Judge
from monitor.intake.judging.questions import ask, where
from monitor.intake.judging.wording import about_file, about_lines, about_row
from monitor.intake.layouts import REPORTS, layout_of, why_none
from monitor.intake.layouts.layout import Layout
from monitor.intake.layouts.reports import Draft, draft_of
from monitor.intake.layouts.sign_in import dates_above, two_days
from monitor.intake.of_else import CODE as NOT_ATTENDANCE
from monitor.intake.of_else import title_of_else
from monitor.intake.opening import open_sheets
from monitor.intake.order_of_days import LETTERS, hold_unsure, is_spanish
from monitor.intake.portions import parts
from monitor.intake.reading.tables import Note, Reading, Table
from monitor.intake.roster import Finder, Roster
from monitor.intake.sheet import ABOUT, Entry, Sheet
from monitor.intake.stacks import find_stacks
from monitor.intake.title_months import other_month
from monitor.intake.years import of_named_year
from monitor.safety_lint import REMOVED

OF_NAMES = ("name", "last_name", "first_name", "case_number", "participant_id")
FORMULA_SIGNS = ("=", "@")
MOST_TOLD = 5_000  # warnings of one file; what they say of a row stands beside the row as well
MOST_REMARKS = 200
NO_TABLE = ("H-NO-HEADER", "H-NO-WHO", "H-NO-STATUS", "H-NO-SESSIONS", "H-TWO-DAYS", NO_MONTH)
TABLES_OF_REPORTS = ("C", "R")
TOLD_EVERY = 200  # entries

# how many entries are judged, and of how many
Tell = Callable[[int, int], None]
# what stands on record of these places, from one day to another, both included; None: of any day
Reads = Callable[[Collection[int], date | None, date | None], Mapping[StoredKey, Stored]]


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """All that a file is judged against: the program's roster, its record, the day, and what a person settled.

    ``certified``: first days of signed months; nothing of a sheet changes them. ``read``, in place of ``stored``, is
    asked for what the sheet touches alone: a program's record only grows.
    """

    file: str
    today: date
    roster: Roster
    stored: Mapping[StoredKey, Stored] = {}
    answers: Answers = Answers()
    group: str = ""
    certified: frozenset[date] = frozenset()
    read: Reads | None = None

    def beside(self, rows: Iterable[Judged]) -> Mapping[StoredKey, Stored]:
        """The record of the people and days that a sheet would write."""
        told = [(one.member.key, one.on) for one in rows if one.outcome == "new" and one.member and one.on]
        if self.read is None or not told:
            return self.stored
        days = [on for _, on in told]
        return self.read({key for key, _ in told}, min(days), max(days))

    def of_places(self, places: Collection[int]) -> Mapping[StoredKey, Stored]:
        """All of the record of these places."""
        return self.read(places, None, None) if self.read and places else self.stored


class Examined(msgspec.Struct, frozen=True):
    """The check page's content, every cell of attendance behind it, and the answers that came from earlier sheets.

    ``drafts``: of monthly reports, where the file holds totals or reports.
    """

    check: Check
    rows: tuple[Judged, ...] = ()
    answers: Answers = Answers()
    drafts: tuple[DraftRow, ...] = ()


class _Read(msgspec.Struct):
    sheet: Sheet
    layout: Layout
    entries: list[Entry]


class _Opening(msgspec.Struct):
    """What is gathered while the tables of a file are opened. ``key``: signs that a sheet of their own explains."""

    desk: Desk
    finder: Finder
    key: dict[str, str]
    notes: list[Note]
    read: list[_Read] = []
    mapping: dict[str, str | int] = {}
    tell: Tell | None = None


def examine(reading: Reading, desk: Desk, tell: Tell | None = None) -> Examined:
    """Judge a whole file. ``tell`` hears now and then how many entries are judged, and of how many."""
    if reading.refused:
        message = about_file(reading.refused, reading.detail)
        return Examined(Check(file=desk.file, messages=(message,), refused=True))
    opening = _Opening(desk, Finder(desk.roster, desk.answers.people), _keys(reading, desk.today), list(reading.notes),
                       tell=tell)  # fmt: skip
    for table in reading.tables:
        opening.notes += _open(table, opening)
    if not opening.read:
        return Examined(Check(file=desk.file, messages=_messages(opening.notes), mapping=opening.mapping))
    opening.notes = _beside_others(opening.notes, len(reading.tables))
    opening.read = _without_totals(opening)
    held = hold_unsure([(one.sheet, one.layout.letter, one.entries) for one in opening.read], desk.roster)
    for one, entries in zip(opening.read, held, strict=True):
        one.entries = entries
    return _judge(opening)


def _beside_others(notes: Iterable[Note], tables: int) -> list[Note]:
    """Of a workbook that could be read, a sheet without a table is named; it does not stop the others."""
    return [
        Note("W-NOT-ATTENDANCE", note.detail) if tables > 1 and note.code == NOT_ATTENDANCE
        else Note("W-SHEET-NOT-READ", note.detail) if tables > 1 and note.code in NO_TABLE and note.detail else note
        for note in notes
    ]  # fmt: skip


def _without_totals(opening: _Opening) -> list[_Read]:
    """Beside tables of classes one of totals is named and set aside: one file is kept as attendance or as drafts."""
    classes = [one for one in opening.read if one.layout.letter not in TABLES_OF_REPORTS]
    if not classes:
        return opening.read
    beside = (one.sheet for one in opening.read if one.layout.letter in TABLES_OF_REPORTS)
    places = (f"{sheet.table.sheet} {sheet.header_row + 1}".strip() for sheet in beside)
    opening.notes += [Note("W-TOTALS-BESIDE", place) for place in places]
    return classes


def _keys(reading: Reading, today: date) -> dict[str, str]:
    """Signs explained on sheets that hold nothing else."""
    found: dict[str, str] = {}
    for table in reading.tables if len(reading.tables) > 1 else ():
        if is_all_key(table.rows) or not find_stacks(table.rows, today):
            found |= read_key(table.rows, listed=True)
    return found


def _open(table: Table, opening: _Opening) -> list[Note]:
    """Notes on how the tables of a sheet were read; those that a layout recognises are gathered."""
    desk = opening.desk
    if (opening.key and is_all_key(table.rows)) or table.rows[:1] == [[ABOUT]]:
        return []
    sheets = open_sheets(table, desk.today, desk.answers, opening.finder, desk.group, opening.key)
    if not sheets:
        only_a_key = bool(opening.key) and bool(read_key(table.rows, listed=True))
        return [] if only_a_key else [Note("H-NO-HEADER", table.sheet)]
    return [note for sheet in sheets for note in _take(table, sheet, opening)]


def _take(table: Table, sheet: Sheet, opening: _Opening) -> list[Note]:
    desk = opening.desk
    layout = REPORTS if desk.answers.reports and sheet.columns.names_people else layout_of(sheet)
    opening.mapping |= _mapping(sheet)
    if layout is None:
        return [*sheet.notes, Note(why_none(sheet), table.sheet)]
    if layout.letter in "LS" and sheet.columns.twice & {"status", "session_date"}:
        return [*sheet.notes, Note("H-TWO-COLUMNS", table.sheet)]
    if layout.letter in "LSWT" and (title := title_of_else(sheet)):
        return [*sheet.notes, Note(NOT_ATTENDANCE, title)]
    if layout.letter == "S" and two_days(sheet):
        return [*sheet.notes, Note("H-TWO-DAYS", table.sheet)]
    if layout.letter == "S" and (days := dates_above(sheet)):
        return [*sheet.notes, Note("H-TWO-DATES", days)]
    entries = list(layout.entries(sheet))
    if any(entry.date.code == NO_MONTH for entry in entries) or not _fit_weekdays(sheet, entries):
        return [*sheet.notes, Note(NO_MONTH, table.sheet)]
    entries = as_marked(entries) if layout.letter in "WT" else entries
    entries = of_named_year(sheet, as_boxed(entries) if layout.letter in "WTS" else entries)
    opening.read.append(_Read(sheet, layout, entries))
    emptied = _emptied(sheet, noted=layout.letter in "LS")
    return [*sheet.notes, *_of_table(table, sheet), *_of_dates(table, entries), *other_month(sheet, entries), *emptied]


def _fit_weekdays(sheet: Sheet, entries: Sequence[Entry]) -> bool:
    """Where one of "Mon 2", "Mon 9" is no Monday of its month, none of them is taken for a day."""
    days = [entry.date for entry in entries] if sheet.columns.are_weekdays else []
    return all(day.on is not None and day.on.weekday() == day.weekday for day in days)


def _mapping(sheet: Sheet) -> dict[str, str | int]:
    named = labels_of(sheet.header) if sheet.columns.twice else sheet.header
    found: dict[str, str | int] = {field: named[index] for field, index in sheet.columns.fields.items()}
    if sheet.columns.sessions:
        found["session columns"] = len(sheet.columns.sessions)
    return found


def _of_table(table: Table, sheet: Sheet) -> list[Note]:
    notes = [Note("I-FILL-DOWN")] if table.filled_down and not any(n.code == "I-FILL-DOWN" for n in sheet.notes) else []
    hidden = [row for row in table.hidden if row > sheet.header_row + 1]
    if hidden:
        notes.append(Note("W-HIDDEN-ROWS", _ranges(hidden)))
    if table.hidden_columns:
        notes.append(Note("W-HIDDEN-ROWS", f"columns|{', '.join(letters(at - 1) for at in table.hidden_columns)}"))
    # a colour without text on a roster is somebody's way of marking; on a filled sheet it is decoration
    said = any(line.at(column.index) for line in sheet.lines for column in sheet.columns.sessions)
    if table.coloured and not said and not sheet.columns.fields.keys() & {"status", "signature", "time_in"}:
        notes.append(Note("W-COLOR-ONLY", table.sheet))
    return notes


def _emptied(sheet: Sheet, *, noted: bool) -> list[Note]:
    """Columns of which cells were emptied before anything was kept, because they seemed to tell of a protected person:
    which, and not what. Where notes are read, each row says so of its own."""
    told = {sheet.columns.fields.get(field) for field in ("note", "reason")} if noted else set()
    at = {index for line in sheet.lines for index, cell in enumerate(line.cells) if cell == REMOVED} - told
    return [Note("W-COLUMN-VICTIM", sheet.header[index] if index < len(sheet.header) else "") for index in sorted(at)]


def _emptied_notes(read: Iterable[_Read], rows: Iterable[Judged]) -> list[Note]:
    """The same of columns of notes, where a line that bears an emptied one is refused or waits, so that nothing of its
    own says so."""
    said = {(one.sheet, one.row) for one in rows if any(code == "W-NOTE-VICTIM" for code, _ in one.warnings)}
    found = []
    for sheet in (one.sheet for one in read if one.layout.letter in "LS"):
        silent = [line for line in sheet.lines if (sheet.table.sheet, line.row) not in said]
        noted = (at for field in ("note", "reason") if (at := sheet.columns.fields.get(field)) is not None)
        found += [sheet.header[at] for at in noted if any(line.at(at) == REMOVED for line in silent)]
    return [Note("W-COLUMN-VICTIM", name) for name in found]


def _of_dates(table: Table, entries: Iterable[Entry]) -> list[Note]:
    codes = {entry.date.code for entry in entries if not entry.hold or entry.date.on}
    mixed = table.typed_dates and any("/" in entry.date_text for entry in entries)
    codes |= {SERIAL_READ} if mixed else set()
    return [Note(code) for code in (SERIAL_READ, YEAR_ASSUMED, ZONE_TURNED) if code in codes]


def _ranges(rows: Sequence[int]) -> str:
    found: list[list[int]] = []
    for row in rows:
        if found and row == found[-1][1] + 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    return ", ".join(f"{first}–{last}" if last > first else str(first) for first, last in found)


def _judge(opening: _Opening) -> Examined:
    desk, read = opening.desk, opening.read
    judged: list[Judged] = []
    done, of = 0, sum(len(one.entries) for one in read)
    for one in read:
        known = (LETTERS if is_spanish(one.sheet) else {}) | one.sheet.known
        judge = Judge(desk.roster, opening.finder, desk.today, known, one.sheet.table.sheet, desk.answers,
                      _named_by(one.sheet))
        judge.look_over(one.entries)
        for part in parts(one.entries, TOLD_EVERY):
            judged += [verdict for entry in part if (verdict := judge.judge(entry)) is not None]
            done += len(part)
            if opening.tell is not None:
                opening.tell(done, of)
    rows = settle(judged, desk.beside(judged), desk.certified)
    opening.notes += _emptied_notes(read, rows)
    cells = (cell for one in read for line in one.sheet.lines for cell in line.cells)
    if any(cell[:1] in FORMULA_SIGNS and len(cell) > 1 for cell in cells):
        opening.notes.append(Note("I-FORMULA-AS-TEXT"))
    drafts, refused = _drafts(read, desk) if read[0].layout.letter in TABLES_OF_REPORTS else ((), ())
    check = _check(desk, read, rows, opening, _Drafted(drafts, refused))
    check = check if any(is_spanish(one.sheet) for one in read) else _in_english(check)
    return Examined(check, tuple(rows), drafts=drafts)


def _named_by(sheet: Sheet) -> str:
    """The column that says who each line is about."""
    at = (sheet.columns.fields[field] for field in OF_NAMES if field in sheet.columns.fields)
    return next((sheet.header[index] for index in at), "")


def _in_english(check: Check) -> Check:
    """Without Spanish: the sheet is in English."""
    told = {name: tuple(msgspec.structs.replace(each, es="") for each in getattr(check, name))
            for name in ("questions", "errors", "warnings", "messages")}  # fmt: skip
    return msgspec.structs.replace(check, **told)


class _Drafted(msgspec.Struct):
    drafts: Sequence[DraftRow]
    refused: Sequence[Message]


def _check(desk: Desk, read: list[_Read], rows: list[Judged], opening: _Opening, told: _Drafted) -> Check:
    counts = Counter(one.outcome for one in rows)
    sheets = [one.sheet for one in read]
    totals_only = (about_file("W-TOTALS-ONLY"),) if read[0].layout.letter == "C" else ()
    return Check(
        file=desk.file, layout=read[0].layout.letter, new=counts["new"] + len(told.drafts), same=counts["same"],
        changed=counts["changed"], held=counts["held"],
        skipped=counts["skipped"] + sum(sheet.skipped for sheet in sheets), questions=ask(sheets, rows),
        errors=(*_errors(rows, desk), *told.refused), warnings=(*_warnings(rows, desk), *totals_only),
        records=(*(_record(one) for one in rows if one.outcome in ("new", "changed")), *map(_totals, told.drafts)),
        messages=_messages(opening.notes), mapping=opening.mapping, remarks=tuple(_remarks(rows)),
        left_out=tuple(line for sheet in sheets for line in sheet.left_out)[:MOST_TOLD],
    )  # fmt: skip


def _errors(rows: Sequence[Judged], desk: Desk) -> tuple[Message, ...]:
    found = about_lines([one for one in rows if one.outcome == "error"], desk.roster)
    return _choices_once(sorted(found, key=lambda message: (message.sheet, message.row)))


def _choices_once(found: Iterable[Message]) -> tuple[Message, ...]:
    """One answer settles all rows that ask for it, so only the first carries the choices."""
    asked: set[str] = set()
    told = []
    for message in found:
        told.append(msgspec.structs.replace(message, options=()) if message.ask in asked else message)
        asked.add(message.ask)
    return tuple(told)


def _warnings(rows: Sequence[Judged], desk: Desk) -> tuple[Message, ...]:
    """Each once a row, however many cells of the row it is about."""
    found: dict[tuple[str, int, str, str], tuple[Judged, str, str]] = {}
    for one in rows:
        for code, detail in one.warnings:
            found.setdefault((one.sheet, one.row, code, detail), (one, code, detail))
    told = [about_row(one, code, detail, desk.roster) for one, code, detail in found.values()]
    return tuple(sorted(told, key=lambda message: (message.sheet, message.row))[:MOST_TOLD])


def _remarks(rows: Iterable[Judged]) -> list[Remark]:
    offered = [one for one in rows if one.remark and one.outcome in ("new", "changed")]
    return [
        Remark(f"{one.sheet}!{one.row}!{one.column}", one.member.name if one.member else "", where(one), one.remark)
        for one in offered[:MOST_REMARKS]
    ]  # fmt: skip


def _record(one: Judged) -> tuple[str, ...]:
    says = f"{one.before}->{one.says}" if one.outcome == "changed" else one.says
    return (one.member.code if one.member else "", str(one.on), says)


def _drafts(read: list[_Read], desk: Desk) -> tuple[tuple[DraftRow, ...], tuple[Message, ...]]:
    """Drafts of reports, laid beside the record, and refusals; a line that only names somebody says nothing."""
    drafts: list[DraftRow] = []
    refused: list[Message] = []
    for one in read:
        for line in one.sheet.lines:
            draft, who = draft_of(one.sheet, line), one.sheet.who(line)
            found = one.sheet.finder.find(who, draft.month or desk.today)
            sheet = one.sheet.table.sheet
            if draft == Draft(month=draft.month):
                continue
            code = "R-STRUCK" if found.member and one.sheet.struck(line) else found.code
            code = outside(draft.month, found.member, desk.today) or code if found.member else code
            if found.member is not None and not code.startswith("R-"):
                drafts.append(DraftRow(sheet, line.row, found.member, draft))
            else:
                row = Judged(sheet=sheet, row=line.row, column="", written=who.written, found=who.written,
                             outcome="error", code=code, choices=found.choices, member=found.member, on=draft.month,
                             folded=found.asked or who.folded)  # fmt: skip
                refused.append(about_row(row, code, "", desk.roster))
    return beside_record(drafts, desk.of_places({one.member.key for one in drafts})), tuple(refused)


def _totals(one: DraftRow) -> tuple[str, ...]:
    draft = one.draft
    absences = draft.absences_unexcused if draft.absences_total is None else draft.absences_total
    return (one.member.code, "TOTALS", *("" if count is None else str(count) for count in
                                         (draft.sessions_completed, absences)))  # fmt: skip


def _messages(notes: Iterable[Note]) -> tuple[Message, ...]:
    once = dict.fromkeys((note.code, note.detail) for note in notes)
    return tuple(about_file(code, detail) for code, detail in once)
