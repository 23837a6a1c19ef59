"""S: a sign-in sheet for one class, its date above the table or in the name of the sheet."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.intake.cells.preamble import HELD_ON
from monitor.intake.layouts.long import details, status_of
from monitor.intake.sheet import Entry, Sheet

# an answer is one of our codes; on sheets the letter N means no
AS_WRITTEN = {"N": "-"}
HOLD_UNSIGNED = "Q-NOT-SIGNED"


def recognises(sheet: Sheet) -> bool:
    """A date for the whole sheet, and a column that shows who came."""
    shows = {"status", "signature", "time_in"} & sheet.columns.fields.keys()
    return sheet.columns.names_people and bool(shows) and bool(_date_text(sheet))


def entries(sheet: Sheet) -> Iterator[Entry]:
    """One entry a row. A line that nobody signed is asked about, never taken as an absence."""
    text = _date_text(sheet)
    read = sheet.date(text)
    for line in sheet.lines:
        answer = sheet.answers.unsigned.get(f"{sheet.table.sheet}!{line.row}", "")
        status = status_of(sheet, line) or AS_WRITTEN.get(answer, answer)
        hold = "" if status else HOLD_UNSIGNED
        yield details(sheet, line, status=status, date=read, date_text=text, hold=hold)


def _date_text(sheet: Sheet) -> str:
    text = next((sheet.labels[label] for label in HELD_ON if label in sheet.labels), "")
    return text or (sheet.table.sheet if sheet.date(sheet.table.sheet).on else "")
