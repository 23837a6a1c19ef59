"""T: dates down the side, people across."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.intake.cells.dates import DAY_FIRST
from monitor.intake.cells.headers import field_of
from monitor.intake.roster import Who
from monitor.intake.sheet import Entry, Sheet

ENOUGH = 2


def recognises(sheet: Sheet) -> bool:
    """No column names people, but the headers are names of the program's own roster."""
    if sheet.columns.names_people:
        return False
    at = _dates_at(sheet)
    days = [sheet.date(line.at(at)) for line in sheet.lines]
    dates = sum(day.on is not None or day.code == DAY_FIRST for day in days)
    group = sheet.labels.get("group", "") or sheet.group
    found = (sheet.finder.find(Who(name=name, group=group)) for name in sheet.header if name)
    people = sum(one.member is not None for one in found)
    return dates >= min(ENOUGH, len(days)) and bool(dates) and people >= ENOUGH


def entries(sheet: Sheet) -> Iterator[Entry]:
    """One entry for each cell that says something."""
    names = set(sheet.header)
    sheet.notes = [note for note in sheet.notes if note.detail not in names]
    at = _dates_at(sheet)
    people = [(index, name) for index, name in enumerate(sheet.header) if name and index != at and not field_of(name)]
    uncomputed = set(sheet.table.uncomputed)
    for line in sheet.lines:
        read, group = sheet.date(line.at(at)), sheet.group_of(line)
        for index, name in people:
            missing = (line.row, index + 1) in uncomputed
            if line.at(index) or missing:
                yield Entry(
                    row=line.row, who=Who(name=name, group=group), status=line.at(index), date=read,
                    date_text=line.at(at), column=name, group=group, uncomputed=missing,
                    remark=sheet.remark(line, index),
                )  # fmt: skip


def _dates_at(sheet: Sheet) -> int:
    """The column of days: the one that says so, else the first."""
    return sheet.columns.fields.get("session_date", 0)
