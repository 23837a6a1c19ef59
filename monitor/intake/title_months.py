"""A title that names another month than the classes below it: last month's sheet, copied, or days mistyped."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.intake.layouts.wide import MONTH, month_of
from monitor.intake.reading.tables import Note
from monitor.intake.sheet import Entry, Sheet

CODE = "W-TITLE-MONTH"


def other_month(sheet: Sheet, entries: Iterable[Entry]) -> list[Note]:
    """A warning where none of the classes is in the month that the title, or the name of the sheet, names."""
    days = {entry.date.on for entry in entries if entry.date.on}
    match = MONTH.fullmatch(month_of(sheet))
    if match is None or not days:
        return []
    named = {sheet.date(f"{match[1][:3]} 1 {match[2] or day.year}").on for day in days}
    if any(on is None or (on.year, on.month) == (day.year, day.month) for on in named for day in days):
        return []
    return [Note(CODE, match[0].capitalize())]
