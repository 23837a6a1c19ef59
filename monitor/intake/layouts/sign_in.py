"""S: a sign-in sheet for one class, its date above the table or in the name of the sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from monitor.intake.cells.dates import DAY_FIRST
from monitor.intake.cells.preamble import HELD_ON, days_in, each_labelled, is_day_of_class, is_of_else, with_left
from monitor.intake.layouts.long import details, status_of
from monitor.intake.layouts.totals import TOTALS
from monitor.intake.roster import Who
from monitor.intake.sheet import Entry, Line, Sheet

# an answer is one of our codes; on sheets the letter N means no
AS_WRITTEN = {"N": "-"}
# "11-16 MON-6PM" as the name of a sheet
DAY_IN_NAME = re.compile(r"(?<![\w/.-])\d{1,2}[-/.]\d{1,2}(?![\w/.-])")  # no "/" may stand in a sheet's name
A_COPY_AWAY = timedelta(days=60)
HOLD_UNSIGNED = "Q-NOT-SIGNED"


def recognises(sheet: Sheet) -> bool:
    """A date for the whole sheet, and a column that shows who came."""
    shows = {"status", "signature", "time_in"} & sheet.columns.fields.keys()
    return sheet.columns.names_people and bool(shows) and (bool(_date_text(sheet)) or _is_dated(sheet))


def entries(sheet: Sheet) -> Iterator[Entry]:
    """One entry a row. A line that nobody signed is asked about, never taken as an absence."""
    for line in sheet.lines:
        text = _date_text(sheet, line)
        read = sheet.date(text)
        answer = sheet.answers.unsigned.get(f"{sheet.table.sheet}!{line.row}", "")
        status = status_of(sheet, line) or AS_WRITTEN.get(answer, answer)
        hold = "" if status else HOLD_UNSIGNED
        yield details(sheet, line, status=status, date=read, date_text=text, hold=hold)


def _date_text(sheet: Sheet, line: Line | None = None) -> str:
    """The day named above the line, else the only day that stands alone above the table, else the sheet's name."""
    labels = line.labels if line else sheet.labels
    if text := next((labels[label] for label in HELD_ON if label in labels), ""):
        return text
    above = {cell for row in sheet.table.rows[: sheet.header_row] for left, cell in with_left(row)
             if _is_day(sheet, cell) and not is_of_else(left)}  # fmt: skip
    if len(above) == 1:
        return above.pop()
    if named := _day_of_name(sheet):
        return named
    over = [[cell for left, cell in with_left(row) if not is_of_else(left)]
            for row in sheet.table.rows[: sheet.header_row]]  # fmt: skip
    told = days_in([[sheet.table.sheet], *over])
    counted = sheet.columns.fields.keys() & set(TOTALS)
    return told[0] if len(told) == 1 and not counted and _is_day(sheet, told[0]) else ""


def two_days(sheet: Sheet) -> bool:
    """Whether the sheet's name is one day and the line above the table another: a copied sheet whose title stayed.

    "Men 12-2" and "Week 9-10" are hours and numbers: only a day on which the group meets, not far from the other.
    """
    named, above = _day_of_name(sheet), next((sheet.labels[label] for label in HELD_ON if label in sheet.labels), "")
    told, said = sheet.date(named).on, sheet.date(above).on
    if told is None or said is None or told == said or abs(told - said) > A_COPY_AWAY:
        return False
    meets = sheet.finder.weekdays_of_one(sheet.labels.get("group", "") or sheet.group, Who())
    return not meets or told.weekday() in meets


def dates_above(sheet: Sheet) -> str:
    """The days of two lines above the table that are called the same ("Date: 11/9", "Date: 11/16"); else empty."""
    told: dict[str, dict[str, None]] = {}
    for label, text in each_labelled(sheet.above):
        if label in HELD_ON and _is_day(sheet, text):
            told.setdefault(label, {}).setdefault(text)
    for texts in told.values():
        if len({sheet.date(text).on or text for text in texts}) > 1:
            return ", ".join(texts)
    return ""


def _day_of_name(sheet: Sheet) -> str:
    """The day in the name of the sheet: "Nov 16", "11-16 MON-6PM"."""
    name = sheet.table.sheet
    if _is_day(sheet, name):
        return name
    found = (match for match in DAY_IN_NAME.finditer(name) if is_day_of_class(name[: match.start()]))
    named = [match[0].replace(".", "/") for match in found]
    return str(named[0]) if len(named) == 1 and _is_day(sheet, named[0]) else ""


def _is_day(sheet: Sheet, text: str) -> bool:
    read = sheet.date(text)
    return read.on is not None or read.code == DAY_FIRST


def _is_dated(sheet: Sheet) -> bool:
    """The day may also be named between the lines."""
    return any(label in line.labels for line in sheet.lines for label in HELD_ON)
