"""R: a table of monthly reports; and C, totals so far. Neither records attendance: both become drafts to review.

A draft holds what the table says and what of it was not understood. Nothing is sent before somebody signs the report.
"""

from __future__ import annotations

import re
from datetime import date

import msgspec

from monitor.intake.cells.dates import MONTHS, read_date
from monitor.intake.cells.headers import fold_header, says_status
from monitor.intake.cells.statuses import fold_word
from monitor.intake.sheet import Line, Sheet
from monitor.safety_lint import is_clean

LONGEST = 1_000
# columns that only a table of reports has
OWN = {
    "month": ("report month", "reporting month", "month", "period", "mes"),
    "fees": ("fees current", "fees paid up", "current on fees", "fees"),
    "concern": ("new concerns", "new concern", "concerns"),
    "responsibility": ("takes responsibility", "responsibility", "accountability"),
}
RECOMMENDED = {
    "continue": "CONTINUE", "cont": "CONTINUE", "continuar": "CONTINUE", "return to court": "RETURN_TO_COURT",
    "terminate": "TERMINATE", "termination": "TERMINATE", "completed": "COMPLETED", "complete": "COMPLETED",
    "step up": "STEP_UP", "step down": "STEP_DOWN",
}  # fmt: skip
RECOMMENDATIONS = {
    "CONTINUE": "Continue", "RETURN_TO_COURT": "Return to court", "TERMINATE": "Terminate", "COMPLETED": "Completed",
    "STEP_UP": "Step up", "STEP_DOWN": "Step down",
}  # fmt: skip
FEES = {"y": True, "yes": True, "current": True, "n": False, "no": False, "behind": False, "si": True, "sí": True}
# a count, also as a workbook shows it: "5 of 26", "5 classes"
NUMBER = re.compile(
    r"(\d{1,3})(?:\.0+)?(?:\s*(?:of|de)\s*\d{1,3}|\s*(?:class|session|group|meeting|absence)(?:e?s)?"
    r"|\s*(?:clase|sesion|falta|ausencia)(?:e?s)?)?\Z",
    re.IGNORECASE,
)
RATED = re.compile(r"([1-5])(?:\s*(?:/|of)\s*5)?\Z")
MONTH = re.compile(r"([a-záéíóú]{3})[a-z]*\.?[ ,/-]*(\d{4}|\d{2})?\Z")
NUMERIC_MONTH = re.compile(r"(?:(\d{1,2})[/-](\d{4})|(\d{4})-(\d{1,2}))\Z")
COUNTS = ("sessions_required", "sessions_completed", "absences_total", "absences_excused", "absences_unexcused")


class Draft(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one line says. ``month``: its first day; None where totals go on to date. ``not_read``: headers of cells
    that were not understood and are left to whoever signs.
    """

    month: date | None = None
    sessions_required: int | None = None
    sessions_completed: int | None = None
    absences_total: int | None = None
    absences_excused: int | None = None
    absences_unexcused: int | None = None
    rating: int | None = None
    responsibility: int | None = None
    recommendation: str = ""
    fees_current: bool | None = None
    comment: str = ""
    concern: str = ""
    not_read: tuple[str, ...] = ()


def draft_of(sheet: Sheet, line: Line) -> Draft:
    """One line in words and numbers; never attendance. What is struck through is left to whoever signs."""
    missed: list[str] = []
    line = _without_struck(sheet, line, missed)
    own = {name: _own(sheet, line, words) for name, words in OWN.items()}
    counts = {name: _number(sheet, line, name, missed) for name in COUNTS}
    if "sessions_completed" not in sheet.columns.fields and says_status(_header(sheet, "status")) == "P":
        counts["sessions_completed"] = _number(sheet, line, "status", missed)  # a column "Attended" of counts
    text = sheet.value(line, "recommendation")
    recommended = RECOMMENDED.get(fold_word(text), "")
    if text and not recommended:
        missed.append(_header(sheet, "recommendation"))
    comment = _clean(sheet.value(line, "note"), missed, _header(sheet, "note"))
    concern = _clean(own["concern"], missed, "New concerns")
    return Draft(
        month=_month(own["month"] or sheet.labels.get("month", ""), sheet.today, missed), **counts,
        rating=_rating(sheet.value(line, "rating"), _header(sheet, "rating"), missed),
        responsibility=_rating(own["responsibility"], "Takes responsibility", missed), recommendation=recommended,
        fees_current=FEES.get(fold_word(own["fees"])), comment=comment, concern=concern, not_read=tuple(missed),
    )  # fmt: skip


def _without_struck(sheet: Sheet, line: Line, missed: list[str]) -> Line:
    struck = [index for index in range(len(line.cells)) if line.cells[index] and sheet.struck(line, index)]
    missed += [sheet.header[index] for index in struck if index < len(sheet.header)]
    cells = ["" if index in struck else cell for index, cell in enumerate(line.cells)]
    return Line(line.row, cells, line.labels) if struck else line


def _own(sheet: Sheet, line: Line, words: tuple[str, ...]) -> str:
    index = next((at for at, cell in enumerate(sheet.header) if cell and fold_header(cell) in words), None)
    return line.at(index) if index is not None else ""


def _header(sheet: Sheet, field: str) -> str:
    index = sheet.columns.fields.get(field)
    return sheet.header[index] if index is not None else ""


def _number(sheet: Sheet, line: Line, field: str, missed: list[str]) -> int | None:
    text = sheet.value(line, field)
    match = NUMBER.match(text)
    if text and not match:
        missed.append(_header(sheet, field))
    return int(match[1]) if match else None


def _rating(text: str, header: str, missed: list[str]) -> int | None:
    match = RATED.match(text.lower())
    if text and not match:
        missed.append(header)
    return int(match[1]) if match else None


def _month(text: str, today: date, missed: list[str]) -> date | None:
    plain = text.strip().lower()
    if not plain:
        return None
    found: date | None = None
    if (match := MONTH.match(plain)) and match[1] in MONTHS:
        year = int(match[2]) if match[2] else today.year - (MONTHS[match[1]] > today.month)
        found = date(year + 2000 if year < 100 else year, MONTHS[match[1]], 1)
    elif match := NUMERIC_MONTH.match(plain):
        number, of = (match[1], match[2]) if match[1] else (match[4], match[3])
        found = date(int(of), int(number), 1) if 1 <= int(number) <= 12 else None
    elif (read := read_date(text, today)).on and not read.ambiguous:
        found = read.on.replace(day=1)
    if found is None:
        missed.append("Report month")
    return found


def _clean(text: str, missed: list[str], header: str) -> str:
    if text and (not is_clean(text) or len(text) > LONGEST):
        missed.append(header)
        return ""
    return text
