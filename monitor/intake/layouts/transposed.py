"""T: dates down the side, people across."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.intake.roster import Who
from monitor.intake.sheet import Entry, Sheet

ENOUGH = 2


def recognises(sheet: Sheet) -> bool:
    """No column names people, but the headers are names of the program's own roster."""
    if sheet.columns.names_people:
        return False
    dates = sum(sheet.date(line.at(0)).on is not None for line in sheet.lines)
    people = sum(bool(name) and sheet.finder.find(Who(name=name)).member is not None for name in sheet.header[1:])
    return dates >= ENOUGH and people >= ENOUGH


def entries(sheet: Sheet) -> Iterator[Entry]:
    """One entry for each cell that says something."""
    names = set(sheet.header)
    sheet.notes = [note for note in sheet.notes if note.detail not in names]
    for line in sheet.lines:
        read = sheet.date(line.at(0))
        for index, name in enumerate(sheet.header):
            if index and name and line.at(index):
                yield Entry(
                    row=line.row, who=Who(name=name, group=sheet.group_of(line)), status=line.at(index), date=read,
                    date_text=line.at(0), column=name, group=sheet.group_of(line),
                )  # fmt: skip
