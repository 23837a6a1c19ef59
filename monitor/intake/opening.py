"""The tables of a sheet, opened: their headers, what was said above each, and the lines that may tell of somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from monitor.intake.answers import Answers
from monitor.intake.cells.headers import fold_header, is_tagged, read_columns
from monitor.intake.cells.key import beside_table, explains, heads_key, is_key, read_key
from monitor.intake.cells.people import fold
from monitor.intake.cells.preamble import HELD_ON, START, days_in, is_footer, labelled, names_label, starred
from monitor.intake.crossed_out import BY_LINE, standing, without
from monitor.intake.left_out import is_marked, is_total, leave_out, list_line
from monitor.intake.reading.tables import Table
from monitor.intake.roster import Finder, Who
from monitor.intake.sheet import IDENTITY, Line, Sheet
from monitor.intake.stacks import Stack, are_days, find_stacks
from monitor.intake.tick_columns import are_answered, are_ticked

# what is written for "the same as above"
DITTO = frozenset({"", '"', "''", "″", "〃", "ditto"})
MOST_WORDS = 6
OF_NEXT = frozenset({"group", "month", *HELD_ON, *START})


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
        labels = labels if sheets and stack.row == sheets[-1].header_row else _gone_back(table, stack, after, sheets)
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


def _gone_back(table: Table, stack: Stack, labels: dict[str, str], sheets: Sequence[Sheet]) -> dict[str, str]:
    """Under the first days again, behind a line that names no group, nobody is of the group just before."""
    began = [sheet for sheet in sheets if sheet.heads.start == stack.first + 1 and sheet.header_row < stack.row]
    if not began or "group" in _said([table.rows[stack.row]], began[0].finder):
        return labels
    group = began[0].labels.get("group")
    return {key: value for key, value in labels.items() if key != "group"} | ({"group": group} if group else {})


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
            if not told.keys() & OF_NEXT:  # "Facilitator: J. Doe"
                list_line(sheet, line)
        elif [fold_header(cell) for cell in cells if cell] == names:
            sheet.skipped, above = sheet.skipped + 1, None
        elif not leave_out(sheet, line):
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
    if is_marked(sheet, line):
        return {}
    if names_label(cells) or _names_group(sheet, cells):
        return _said([cells], sheet.finder) or {"": ""}
    day = "" if is_total(sheet, line) else _names_day(sheet, cells)
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


def _names_group(sheet: Sheet, cells: Sequence[str]) -> bool:
    """A line that is the code of a group and little else: "WED-6PM", "Wed night (WED-6PM)"."""
    told = {cell for cell in cells if cell}
    if len(told) != 1 or len(words := fold(next(iter(told))).split()) > MOST_WORDS:
        return False
    codes = [code for code in sheet.finder.groups if f" {fold(code)} " in f" {' '.join(words)} "]
    return len(codes) == 1


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
