"""W: one row per person, one column for each date or numbered week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from monitor.intake.cells.dates import DAY_FIRST, ReadDate
from monitor.intake.cells.headers import SessionColumn
from monitor.intake.cells.preamble import START
from monitor.intake.reading.tables import Note
from monitor.intake.sheet import Entry, Sheet

HOLD_WEEK = "Q-WEEK-DATES"


def recognises(sheet: Sheet) -> bool:
    """At least one column stands for a class."""
    return sheet.columns.names_people and bool(sheet.columns.sessions)


def entries(sheet: Sheet) -> Iterator[Entry]:
    """One entry for each cell that says something; an empty cell says nothing."""
    dates = _dates(sheet)
    uncomputed = set(sheet.table.uncomputed)
    for line in sheet.lines:
        who, group = sheet.who(line), sheet.group_of(line)
        for column in sheet.columns.sessions:
            text, missing = line.at(column.index), (line.row, column.index + 1) in uncomputed
            if text or missing:
                read, hold = dates[column.index]
                yield Entry(
                    row=line.row, who=who, status=text, date=read, date_text=column.header, column=column.header,
                    group=group, hold=hold, uncomputed=missing, remark=sheet.remark(line, column.index),
                )  # fmt: skip


def _dates(sheet: Sheet) -> dict[int, tuple[ReadDate, str]]:
    """Column index to its date and what holds it."""
    columns = sheet.columns.sessions
    found = {column.index: (sheet.date(column.header), "") for column in columns if column.week is None}
    for column in columns:  # "Week 3 (11/16)": the date is only part of the header
        if column.week is None and column.date and found[column.index][0].on is None:
            found[column.index] = (column.date, "")
    found |= _weeks(sheet, [column for column in columns if column.week is not None])
    return _held_if_day_first(sheet, found)


def _weeks(sheet: Sheet, columns: list[SessionColumn]) -> dict[int, tuple[ReadDate, str]]:
    if not columns:
        return {}
    first = _first_week(sheet)
    if first is None:
        sheet.questions.append(Note(HOLD_WEEK, columns[0].header))
        return {column.index: (ReadDate(), HOLD_WEEK) for column in columns}
    sheet.note("I-WEEKS-FROM-START")
    return {
        column.index: (ReadDate(first + timedelta(weeks=(column.week or 1) - 1)), "") for column in columns
    }  # fmt: skip


def _first_week(sheet: Sheet) -> date | None:
    if sheet.answers.week_one:
        return sheet.answers.week_one
    text = next((sheet.labels[label] for label in START if label in sheet.labels), "")
    return sheet.date(text).on if text else None


def _held_if_day_first(sheet: Sheet, found: dict[int, tuple[ReadDate, str]]) -> dict[int, tuple[ReadDate, str]]:
    """One header that can only be day/month holds every header that could be either."""
    telling = [column for column in sheet.columns.sessions if found[column.index][0].code == DAY_FIRST]
    if not telling or sheet.answers.day_first is not None:
        return found
    sheet.questions.append(Note(DAY_FIRST, telling[0].header))
    return {
        index: (read, DAY_FIRST if read.code == DAY_FIRST or read.ambiguous else hold)
        for index, (read, hold) in found.items()
    }
