"""L: one row per person per session; our template, and what appointment systems export."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from monitor.intake.cells.dates import ReadDate, read_minutes
from monitor.intake.cells.headers import fold_header
from monitor.intake.cells.people import fold, initials_of, may_stand_for
from monitor.intake.cells.statuses import AMBIGUOUS, REASONED, fold_word
from monitor.intake.roster import Who
from monitor.intake.sheet import IDENTITY, Entry, Line, Sheet
from monitor.intake.vocabulary import status_codes

TICKS = frozenset({"x", "✓", "✔", "☑", "√", "✅", "1", "y", "yes", "true", "si", "sí"})
# a letter ticks its own column only: "A" under "Absent" does, under "Present?" it is the sign of two meanings
LETTERS = {"p": "P", "e": "E", "u": "U", "l": "L", "a": "ABS", "m": "M"}
# what is written where nobody signed; 0:00 is an empty cell that was linked
NO_MARK = re.compile(r"[-–—_. ]+|n/?a|none|blank|0+(?::00)*(?:\s*am)?|12:00(?::00)? am", re.IGNORECASE)
# what is written where somebody signed elsewhere or by machine
SIGNED = re.compile(
    r"(?:e-?|electronically |digitally )?signed\b.*|/s/.*|(?:e-?)?(?:sig|sign|signature|firma|firm[oó])|ok(?:ay)?",
    re.IGNORECASE,
)
WORD = 4  # letters from which on a word in place of a signature is no initials
TELLING = ("session_date", "status", "time_in", "signature", "makeup_for", "minutes_late", "reason", "note")
# columns of yes and no that take back what the status says
GRANTED = frozenset({"credit", "credit given", "credit earned", "credit received", "received credit", "scheduled"})
NO = frozenset({"n", "no", "false", "0"})
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

    Most lines are without a day, and nobody stands twice below one.
    """
    at = sheet.columns.fields["session_date"]
    told = [line for line in sheet.lines if line.at(at)]
    people = [index for field, index in sheet.columns.fields.items() if field in IDENTITY]
    open_cells = any(column == at + 1 for _, column in sheet.table.uncomputed)
    if at > min(people) or 2 * len(told) > len(sheet.lines) or open_cells or sheet.crossed_out:
        return {}
    found: dict[int, str] = {}
    last, seen = "", set[Who]()
    for line in sheet.lines:
        last, seen = (line.at(at), set()) if line.at(at) else (last, seen)
        if status_of(sheet, line):
            if not last or sheet.who(line) in seen:
                return {}
            seen.add(sheet.who(line))
            found[line.row] = last
    sheet.note("I-FILL-DOWN")
    return found


def status_of(sheet: Sheet, line: Line) -> str:
    """What a row says of who came; a "no" under "Credit" or "Scheduled" stands beside it, for a person to judge."""
    said = _status(sheet, line)
    denied = [f"{sheet.header[at]}: {line.at(at)}" for at, name in enumerate(sheet.header)
              if fold_header(name).rstrip(" ?") in GRANTED and fold_word(line.at(at)) in NO]  # fmt: skip
    return " and ".join([said, *denied]) if said else ""


def _status(sheet: Sheet, line: Line) -> str:
    """The status cell; where it is empty or there is none, whether somebody signed."""
    if sheet.columns.ticks:
        return _ticked(sheet, line)
    if sheet.columns.further:
        return _with_further(sheet, line)
    if said := sheet.value(line, "status"):
        return said
    return _signed(sheet.value(line, "time_in"), sheet.value(line, "signature"), sheet.who(line).split)


def _said(cell: str, name: tuple[str, str]) -> str | None:
    """What a word in place of a signature says, with or without a reason: "excused - court". Names are signatures."""
    whole = status_codes().get(fold_word(cell))
    match = None if whole else REASONED.match(fold_word(cell))
    own = {word for part in name for word in fold(part).split()}
    if match is None or {*fold(match[1]).split(), *fold(cell).split()} & own:
        return whole
    return status_codes().get(match[1].strip())


def _signed(time_in: str, signature: str, name: tuple[str, str]) -> str:
    """"present" where somebody arrived or signed; a word in that place ("no show") says what it says; else nothing."""
    arrived = bool(read_minutes(time_in))
    told = (signature,) if arrived else (time_in, signature)
    words = [cell for cell in told if cell and not NO_MARK.fullmatch(cell)]
    if not words:
        return "present" if arrived else ""
    for cell in words:
        says, letters = _said(cell, name), fold(cell).replace(" ", "")
        if says and says != "P" and letters not in initials_of(*name):
            if arrived and len(letters) < WORD:
                continue  # somebody's initials beside the time at which they came
            return "" if len(letters) < WORD and says != AMBIGUOUS else cell
        if says is None and len(letters) >= WORD and not _is_signature(cell, name):
            return cell
    return "present"


def _is_signature(cell: str, name: tuple[str, str]) -> bool:
    """Whether a longer word in that place may be somebody's name, as they write it: "refused to sign" is none."""
    if read_minutes(cell) is not None or SIGNED.fullmatch(cell.strip()):
        return True
    own = {word for part in name for word in fold(part).split()}
    words = fold(cell).split()
    if len(words) > 1 and words[0] not in NO and "".join(word[0] for word in words) in initials_of(*name):
        return True  # "Jim W" of James Whitefeather
    if any(may_stand_for(word, mine) for word in words for mine in own):
        return True
    return any(word[:2] == mine[:2] for word in words for mine in own if len(word) > 1)


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
    said = said or _signed(sheet.value(line, "time_in"), sheet.value(line, "signature"), sheet.who(line).split)
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
        row=line.row, who=sheet.who(line), group=sheet.group_of(line), time_in=sheet.value(line, "time_in"),
        session_number=sheet.value(line, "session_number"), makeup_for=sheet.value(line, "makeup_for"),
        minutes_late=sheet.value(line, "minutes_late"), reason=sheet.value(line, "reason"),
        note=sheet.value(line, "note"), status=status, date=date, date_text=date_text, hold=hold, uncomputed=uncomputed,
        remark=sheet.remark(line), struck=sheet.struck(line, *_telling(sheet)),
    )  # fmt: skip
