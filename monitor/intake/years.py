"""Days without a year on a sheet that names one: last year's roster, brought in late, is not this year's."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from monitor.intake.cells.dates import YEAR_ASSUMED, ReadDate
from monitor.intake.cells.preamble import OF_ELSE, OTHER_DAY
from monitor.intake.sheet import Entry, Sheet

YEAR = re.compile(r"(?<![\w/.-])(20[1-4]\d)(?![\w/.-]*[-/.]\d|\w)")
OTHER_YEAR = "R-DATE-YEAR"


def of_named_year(sheet: Sheet, entries: Sequence[Entry]) -> list[Entry]:
    """The same entries; where the only year above the table, or in the sheet's name, is none of those that were
    assumed, nothing is assumed."""
    assumed = {entry.date.on.year for entry in entries if entry.date.code == YEAR_ASSUMED and entry.date.on}
    named = _named(sheet) if assumed else set()
    if len(named) != 1 or named & assumed:
        return list(entries)
    return [
        msgspec.structs.replace(entry, date=ReadDate(code=OTHER_YEAR)) if entry.date.code == YEAR_ASSUMED else entry
        for entry in entries
    ]


def _named(sheet: Sheet) -> set[int]:
    found: set[int] = set()
    for cell in (sheet.table.sheet, *(cell for row in sheet.above for cell in row if cell)):
        for match in YEAR.finditer(cell[:400]):
            before = cell[: match.start()].rstrip()
            if not OTHER_DAY.search(before) and not OF_ELSE.search(before):
                found.add(int(match[1]))
    return found
