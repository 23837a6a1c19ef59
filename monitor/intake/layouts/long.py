"""L: one row per person per session; our template, and what appointment systems export."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from monitor.intake.cells.dates import ReadDate
from monitor.intake.cells.headers import fold_header
from monitor.intake.cells.people import fold
from monitor.intake.cells.statuses import DISCHARGE, LABELS, fold_word, read_status
from monitor.intake.layouts.signatures import signed
from monitor.intake.of_else import told_beside
from monitor.intake.roster import Who
from monitor.intake.sheet import IDENTITY, Entry, Line, Sheet
from monitor.intake.vocabulary import status_codes

TICKS = frozenset({"x", "✓", "✔", "☑", "√", "✅", "1", "y", "yes", "true", "si", "sí"})
# a letter ticks its own column only: "A" under "Absent" does, under "Present?" it is the sign of two meanings
LETTERS = {"p": "P", "e": "E", "u": "U", "l": "L", "a": "ABS", "m": "M"}
TELLING = ("session_date", "status", "time_in", "signature", "makeup_for", "minutes_late", "reason", "note")
# columns of yes and no that take back what the status says: of which codes; who stayed away has no credit anyway
CREDIT, HELD = frozenset({"P", "L", "I", "M"}), frozenset({"P", "L", "U", "ABS"})
GRANTED: Mapping[str, frozenset[str]] = {
    "credit": CREDIT, "credits": CREDIT, "credit given": CREDIT, "credit earned": CREDIT, "credits earned": CREDIT,
    "credit received": CREDIT, "received credit": CREDIT, "credit hours": CREDIT, "credit hrs": CREDIT,
    "hours credited": CREDIT, "credited": CREDIT, "scheduled": HELD,
}  # fmt: skip
NO = frozenset({"n", "no", "false", "0"})
# the other words of no in such a column
WITHHELD = re.compile(
    r"none|denied|not (?:given|earned|granted|scheduled)|withheld|no credit|nc|n/c|ningun[oa]?|negad[oa]|[-–—]|☐|✗|✘"
    r"|0+(?:[.:,]0+)?\s*(?:h|hs|hrs?|hours?|horas?|credits?|cr)?\.?"
)
UNTICKED = NO | {"-", "–", "☐", "n/a", "na", ""}
# what the columns of a row say together: each alone, and those that fit one another
TOGETHER: Mapping[frozenset[str], str] = {
    frozenset({"P"}): "present", frozenset({"L"}): "late", frozenset({"ABS"}): "absent", frozenset({"E"}): "excused",
    frozenset({"U"}): "unexcused", frozenset({"M"}): "make-up", frozenset({"P", "L"}): "late",
    frozenset({"ABS", "E"}): "excused", frozenset({"ABS", "U"}): "unexcused", frozenset({"P", "M"}): "make-up",
}  # fmt: skip


def recognises(sheet: Sheet) -> bool:
    """People, dates and statuses each have a column."""
    return sheet.columns.names_people and {"session_date", "status"} <= sheet.columns.fields.keys()


def recognises_signed(sheet: Sheet) -> bool:
    """People and dates, and a signature or arrival in place of a status."""
    fields = sheet.columns.fields.keys()
    return sheet.columns.names_people and "session_date" in fields and bool({"signature", "time_in"} & fields)


def entries(sheet: Sheet) -> Iterator[Entry]:
    """One entry a row."""
    position = sheet.columns.fields.get("status", -1)
    uncomputed = {row for row, column in sheet.table.uncomputed if column == position + 1}
    days = _days_above(sheet)
    for line in sheet.lines:
        text = days.get(line.row) or sheet.value(line, "session_date")
        yield details(sheet, line, status=status_of(sheet, line), date=sheet.day(line, text), date_text=text,
                      uncomputed=line.row in uncomputed)  # fmt: skip


def _days_above(sheet: Sheet) -> dict[int, str]:
    """Row to its day, where days stand left of the people and once for all of a class; empty where one may be missing.

    Most lines are without a day, nobody stands twice below one, and everybody's own group meets on it. Whatever stands
    between the lines (a title, a total, nothing, another group or session) may begin another class: the day ends there.
    """
    at = sheet.columns.fields["session_date"]
    told = [line for line in sheet.lines if line.at(at)]
    people = [index for field, index in sheet.columns.fields.items() if field in IDENTITY]
    open_cells = any(column == at + 1 for _, column in sheet.table.uncomputed)
    if at > min(people) or 2 * len(told) > len(sheet.lines) or open_cells or sheet.crossed_out:
        return {}
    found: dict[int, str] = {}
    first: Line | None = None  # with the day under which a line stands
    seen, before = set[Who](), -1
    for line in sheet.lines:
        if line.at(at):
            first, seen = (line if _tells_attendance(sheet, line) else None), set()
        elif line.row != before + 1 or first is None or not _in_class(sheet, first, line):
            first = None
        before = line.row
        if status_of(sheet, line):
            if first is None or sheet.who(line) in seen or not _meets(sheet, line, first.at(at)):
                return {}
            seen.add(sheet.who(line))
            found[line.row] = first.at(at)
    if found:
        sheet.note("I-FILL-DOWN")
    return found


def _tells_attendance(sheet: Sheet, line: Line) -> bool:
    """Whether the line of a day says nothing yet, or what happened on it: "Active" is a list of places."""
    said = status_of(sheet, line)
    says = read_status(said, sheet.today, sheet.known) if said else None
    return not said or (says is not None and says.code not in ("", DISCHARGE))


def _in_class(sheet: Sheet, first: Line, line: Line) -> bool:
    """Whether a line without a day may be of the class of the one with it: somebody, and no other group or session."""
    found = sheet.finder.find(sheet.who(line))
    someone = bool(status_of(sheet, line) or found.member or found.choices)
    other = (field for field in ("group", "session_number") if sheet.value(line, field))
    return someone and all(fold(sheet.value(line, field)) == fold(sheet.value(first, field)) for field in other)


def _meets(sheet: Sheet, line: Line, text: str) -> bool:
    """Whether a line tells its own day, or its group and that of whoever it is about meet on the one above."""
    on, who = sheet.date(text).on, sheet.who(line)
    if line.at(sheet.columns.fields["session_date"]) or on is None or not sheet.finder.weekdays:
        return True
    groups = ("", sheet.group_of(line))
    return all(on.weekday() in sheet.finder.weekdays_of_one(group, who) for group in groups)


def status_of(sheet: Sheet, line: Line) -> str:
    """What a row says of who came. A "no" under "Credit" beside presence, or under "Scheduled" beside what only
    happens to somebody who is, stands beside it, for a person to judge."""
    said = _status(sheet, line)
    says = read_status(said, sheet.today, sheet.key) if said else None
    if says is None:
        return said
    denied = [f"{sheet.header[at]}: {line.at(at)}" for at, name in enumerate(sheet.header)
              if _denies(fold_header(name).rstrip(" ?"), line.at(at), says.code)]  # fmt: skip
    return " and ".join([said, *denied])


def _denies(header: str, cell: str, code: str) -> bool:
    """A mark that we do not know may be any."""
    if header not in GRANTED or (code not in GRANTED[header] and code in LABELS):
        return False
    bare = cell.strip().lower()
    withheld = fold_word(cell) in NO or bool(WITHHELD.fullmatch(bare))
    return withheld and (header != "scheduled" or bare not in "-–—")


def _status(sheet: Sheet, line: Line) -> str:
    """The status cell; where it is empty or there is none, whether somebody signed."""
    if sheet.columns.ticks:
        return _ticked(sheet, line)
    if sheet.columns.further:
        return _with_further(sheet, line)
    if said := sheet.value(line, "status"):
        return said
    return signed(sheet.value(line, "time_in"), sheet.value(line, "signature"), sheet.who(line).split)


def _ticked(sheet: Sheet, line: Line) -> str:
    """The status whose column is ticked, or that two of them say together. What they do not say is not understood."""
    marked = _marked(sheet, line, sheet.columns.ticks)
    named = {index: sheet.columns.ticks[index] for index in marked}
    ticked = {code for index, code in named.items() if _ticks(marked[index], code)}
    if marked and len(ticked) == len(marked):
        if together := TOGETHER.get(frozenset(ticked)):
            return together
    elif len(marked) == 1:
        return next(iter(marked.values()))
    if not marked:  # "Present? N", "Excused? N"
        came = next((index for index, says in sheet.columns.ticks.items() if says == "P"), -1)
        return "absent" if fold_word(line.at(came)) in NO else ""
    return _all_of(sheet, marked)


def _ticks(cell: str, code: str) -> bool:
    word = fold_word(cell)
    return word in TICKS or LETTERS.get(word) == code


def _means(cell: str, code: str) -> bool:
    """A tick, or a word for the same: "Excused? Medical". "Excused? Pending" is neither."""
    return _ticks(cell, code) or status_codes().get(fold_word(cell)) == code


def _with_further(sheet: Sheet, line: Line) -> str:
    """The status, and what a column beside it says more: "Absent" and "Excused? Y" are an excused absence."""
    said, marked = sheet.value(line, "status"), _marked(sheet, line, sheet.columns.further)
    said = said or signed(sheet.value(line, "time_in"), sheet.value(line, "signature"), sheet.who(line).split)
    if not marked:
        return said
    more = {sheet.columns.further[index] for index in marked}
    code = status_codes().get(fold_word(said), "") if said else ""
    if not all(_means(cell, sheet.columns.further[index]) for index, cell in marked.items()):
        return f"{said} and {_all_of(sheet, marked)}"
    if len(more) == 1 and code in more:
        return said
    together = TOGETHER.get(frozenset({code, *more} if said else more))
    return together or f"{said} and {_all_of(sheet, marked)}"


def _marked(sheet: Sheet, line: Line, columns: Mapping[int, str]) -> dict[int, str]:
    cells = {index: line.at(index) for index in columns}
    return {index: cell for index, cell in cells.items() if cell and fold_word(cell) not in UNTICKED}


def _all_of(sheet: Sheet, marked: Mapping[int, str]) -> str:
    """As it stands, for whoever is asked."""
    return " and ".join(f"{sheet.header[index]}: {cell}" for index, cell in marked.items())


def _telling(sheet: Sheet) -> list[int]:
    """The columns that say when and what."""
    told = (index for field, index in sheet.columns.fields.items() if field in TELLING)
    return [*told, *sheet.columns.ticks, *sheet.columns.further]


def details(
    sheet: Sheet, line: Line, *, status: str, date: ReadDate, date_text: str, hold: str = "", uncomputed: bool = False
) -> Entry:
    """An entry with all that stands beside the status in its row."""
    return Entry(
        row=line.row, who=sheet.who(line), group=told_beside(sheet, line) or sheet.group_of(line),
        time_in=sheet.value(line, "time_in"), time_out=sheet.value(line, "time_out"),
        session_number=sheet.value(line, "session_number"), makeup_for=sheet.value(line, "makeup_for"),
        minutes_late=sheet.value(line, "minutes_late"), reason=sheet.value(line, "reason"),
        note=sheet.value(line, "note"), status=status, date=date, date_text=date_text, hold=hold, uncomputed=uncomputed,
        remark=sheet.remark(line), struck=sheet.struck(line, *_telling(sheet)),
    )  # fmt: skip
