"""T: dates down the side, people across."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from monitor.intake.cells.dates import DAY_FIRST, ReadDate
from monitor.intake.cells.headers import field_of
from monitor.intake.cells.statuses import read_status
from monitor.intake.layouts.wide import HOLD_WEEK, are_days, days_of_month, first_week, week_of
from monitor.intake.reading.tables import Note
from monitor.intake.roster import TWO, UNKNOWN, Who
from monitor.intake.sheet import Entry, Line, Sheet

ENOUGH = 2
# days that stand for weeks say nothing of the day of the class
OF_WEEKS = re.compile(r"(?:week|wk)\s*(?:of|ending|end|beginning|starting)|w/e|semana del?", re.IGNORECASE)


def recognises(sheet: Sheet) -> bool:
    """No column names people, but the headers are names of the program's own roster."""
    if sheet.columns.names_people:
        return False
    at = _dates_at(sheet)
    if OF_WEEKS.match(sheet.header[at].strip()):
        return False
    days = [sheet.date(line.at(at)) for line in sheet.lines]
    dates = sum(day.on is not None or day.code == DAY_FIRST for day in days)
    dates = dates or sum(week_of(sheet, line.at(at)) is not None for line in sheet.lines)
    group = sheet.labels.get("group", "") or sheet.group
    found = (sheet.finder.find(Who(name=name, group=group)) for name in sheet.header if name)
    people = sum(one.member is not None or one.code == TWO for one in found)
    return dates >= min(ENOUGH, len(days)) and bool(dates) and people >= ENOUGH


def entries(sheet: Sheet) -> Iterator[Entry]:
    """One entry for each cell that says something."""
    names = set(sheet.header)
    sheet.notes = [note for note in sheet.notes if note.detail not in names or _is_topic(sheet, note.detail)]
    at = _dates_at(sheet)
    people = [(index, name) for index, name in enumerate(sheet.header)
              if name and index != at and not field_of(name) and not _is_remark(sheet, index)]  # fmt: skip
    uncomputed = set(sheet.table.uncomputed)
    first = first_week(sheet)
    days = _days(sheet, at, [name for _, name in people])
    for line in sheet.lines:
        read, hold = (days[line.row], "") if days else _day_of(sheet, line, at, first)
        group = sheet.group_of(line)
        for index, name in people:
            missing = (line.row, index + 1) in uncomputed
            if line.at(index) or missing:
                yield Entry(
                    row=line.row, who=Who(name=name, group=group), status=line.at(index), date=read,
                    date_text=line.at(at), column=name, group=group, hold=hold, uncomputed=missing,
                    remark=sheet.remark(line, index), struck=sheet.struck(line, index, at),
                )  # fmt: skip


def _days(sheet: Sheet, at: int, names: Sequence[str]) -> dict[int, ReadDate]:
    """Row to its day, where bare numbers are days of a month; empty where they may be numbers of anything else."""
    texts = [line.at(at) for line in sheet.lines]
    if not are_days(texts, sheet.header[at]):
        return {}
    weekdays = [sheet.finder.weekdays_of(sheet.group_of(line), names) for line in sheet.lines]
    read = days_of_month(sheet, texts, weekdays)
    return {line.row: day for line, day in zip(sheet.lines, read, strict=True)}


def _day_of(sheet: Sheet, line: Line, at: int, first: date | None) -> tuple[ReadDate, str]:
    """The line's day and what holds it: a numbered week waits for the date of the first."""
    text = line.at(at)
    week = week_of(sheet, text)
    if week is None:
        return sheet.day(line, text), ""
    if first is None:
        asked = Note(HOLD_WEEK, re.sub(r"\d+", "1", text, count=1))
        sheet.questions += [] if asked in sheet.questions else [asked]
        return ReadDate(), HOLD_WEEK
    sheet.note("I-WEEKS-FROM-START")
    return ReadDate(first + timedelta(weeks=week - 1)), ""


def _is_topic(sheet: Sheet, name: str) -> bool:
    return not field_of(name) and _is_remark(sheet, sheet.header.index(name))


def _is_remark(sheet: Sheet, index: int) -> bool:
    """A column of topics: its header is like nobody's name, and no cell of it is a word for attendance."""
    name = sheet.header[index]
    if sheet.finder.find(Who(name=name)).code != UNKNOWN:
        return False
    told = [line.at(index) for line in sheet.lines if line.at(index)]
    words = (read_status(cell, sheet.today, sheet.key) for cell in told)
    return bool(told) and not any(says is not None and says.code for says in words)


def _dates_at(sheet: Sheet) -> int:
    """The column of days: the one that says so, else the first."""
    return sheet.columns.fields.get("session_date", 0)
