"""The two times of a day in a wide table: "In" and "Out" under one date, or "11/9 In" and "11/9 Out" beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from monitor.intake.beside_days import UNKNOWN, Parts
from monitor.intake.cells.headers import SessionColumn, field_of
from monitor.intake.sheet import Line, Sheet

TIMES = ("time_in", "time_out")


class Times(msgspec.Struct, frozen=True):
    """The columns of the two times of one day."""

    came: int
    left: int

    def of(self, line: Line) -> tuple[str, str]:
        """What a line says of both."""
        return line.at(self.came), line.at(self.left)

    def says_less(self, line: Line, at: int) -> bool:
        """Whether a column is that of leaving, where the one of coming already makes the mark."""
        return at == self.left and bool(line.at(self.came))


def times_of_days(sheet: Sheet, parts: Parts) -> Mapping[int, Times]:
    """Column of a day to its two times; without days that have one of them only. Those beside a day are used."""
    found: dict[int, Times] = {}
    under = _named_under(sheet)
    for column in sheet.columns.sessions:
        beside = {field_of(name): at for at, name in parts[column.index].items()}
        named = {**under[column.index], **beside}
        if all(field in named for field in TIMES):
            found[column.index] = Times(*(named[field] for field in TIMES))
    used = {sheet.header[at] for one in found.values() for at in (one.came, one.left) if at < len(sheet.header)}
    sheet.notes = [note for note in sheet.notes if note.code != UNKNOWN or note.detail not in used]
    return found


def _named_under(sheet: Sheet) -> Mapping[int, Mapping[str, int]]:
    """The same of names that stand in another row than the days: of all columns up to the next day."""
    fields = sheet.columns.fields.values()
    rows = [sheet.table.rows[number - 1] for number in sheet.heads]
    below = sheet.table.rows[sheet.heads.stop - 1 : sheet.heads.stop]
    rows += [row for row in below if not any(row[at] for at in fields if at < len(row))]
    named = {at: field_of(cell) for row in rows for at, cell in enumerate(row) if at not in fields and cell}
    times = {at: field for at, field in named.items() if field in TIMES}
    return {
        column.index: {times[at]: at for at in reversed(span) if at in times}
        for span, columns in _spans(sheet.columns.sessions, max(times, default=-1) + 1) for column in columns
    }  # fmt: skip


def _spans(columns: Sequence[SessionColumn], end: int) -> list[tuple[range, list[SessionColumn]]]:
    """Columns of one day that stand next to one another, with all up to the next day."""
    found: list[list[SessionColumn]] = []
    for column in columns:
        if found and found[-1][0].header == column.header:
            found[-1].append(column)
        else:
            found.append([column])
    ends = [*(one[0].index for one in found[1:]), end]
    return [(range(one[0].index, until), one) for one, until in zip(found, ends, strict=True)]
