"""Where the tables on one sheet begin and end: one below the other, or side by side.

A program with two groups keeps them on one sheet. Whoever reads the second group under the first one's dates puts
people into classes that they were not in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from monitor.intake.cells.headers import (
    SEARCHED,
    WHO,
    field_of,
    find_header,
    fold_header,
    is_tagged,
    is_weekday,
    second_row,
    session_header,
    under_tags,
    upper_row,
)
from monitor.intake.cells.people import fold
from monitor.intake.cells.preamble import names_label
from monitor.intake.roster import Finder, Who

TELLS = frozenset({
    "session_date", "status", "signature", "time_in", "sessions_completed", "absences_total", "absences_unexcused",
})  # fmt: skip
ENOUGH = 2
# what may stand beside the code of a group whose days follow
OF_GROUP = frozenset("group grupo class clase night noche evening morning men mens women womens".split())


class Stack(msgspec.Struct, frozen=True):
    """One table: index of its header row, the header (empty where a column is another table's), and its rows.

    ``titles``: indices of lines below it that belong to the next table. ``joined``: read from two rows; ``first`` is
    the upper one's index. ``above``: the lines that stand over this table and no other, from 0.
    """

    row: int
    header: list[str]
    below: int
    end: int
    titles: frozenset[int] = frozenset()
    joined: bool = False
    columns: tuple[int, int] = (0, 0)
    first: int = 0
    above: range = range(0)

    @property
    def heads(self) -> range:
        """The rows that made the header, counted from 1 as in the file."""
        return range(self.first + 1, self.below + 1)

    @property
    def is_beside(self) -> bool:
        """Whether another table stands on the same lines."""
        return self.columns[0] > 0 or self.columns[1] < len(self.header)

    def own(self, cells: list[str]) -> list[str]:
        """The cells of a row that are this table's; those of a table beside it are emptied."""
        start, end = self.columns
        if start == 0 and end >= len(self.header):
            return cells
        last = len(cells) if end >= len(self.header) else end
        return [cell if start <= index < last else "" for index, cell in enumerate(cells)]


def find_stacks(rows: Sequence[list[str]], today: date, finder: Finder | None = None) -> list[Stack]:
    """In reading order; without ``finder`` sheets with people across are not recognised."""
    first = find_header(rows, today)
    if finder and (first is None or not any(field_of(cell) in WHO for cell in rows[first])):
        across = _names_across(rows, today, finder)
        first = first if across is None else across
    if first is None:
        return []
    if not is_tagged(rows[first]):
        first = next((index for index, row in enumerate(rows[:first]) if _heads(row, today)), first)
    heads = [first, *_further_heads(rows, first, today)]
    stacks: list[Stack] = []
    begins = 0
    for head, until in zip(heads, [*heads[1:], len(rows)], strict=True):
        header, below, joined = _header(rows, head, today)
        upper = below == head + 1 and header != rows[head]  # days that stand above the names or the tags
        anew = [] if finder is None else _dated_anew(rows, header, range(below, until), today, finder)
        own, over = header, range(begins, head)
        for at, end in zip([head, *(index for index, _ in anew)], [*(index for index, _ in anew), until], strict=True):
            header = dict(anew).get(at, header)
            below = below if at == head else at + 1
            titles = _titles(rows, below, end) if end < len(rows) else frozenset()
            titles |= {end} if end < until else frozenset()
            for start, last in _side_by_side(header, today):
                names = [cell if start <= index < last else "" for index, cell in enumerate(header)]
                # one that goes on under the first days is headed, and titled, as the first
                first, above = (head - upper, over) if header == own else (at, range(begins, at))
                stacks.append(Stack(at, names, below, end, titles, joined and at == head, columns=(start, last),
                                    first=first, above=above))  # fmt: skip
            begins = min(titles, default=end)
    return stacks


def _dated_anew(
    rows: Sequence[list[str]], header: list[str], below: range, today: date, finder: Finder
) -> list[tuple[int, list[str]]]:
    """Lines of a group, or of a weekday, with other days in all columns of the classes: those below them are under
    these days, until a group is named without days. Each with the header that it makes.

    Days behind anything else ("Homework due", "Moved to", nobody's name, nothing) are no header: whoever took them for
    one would record everybody below on days of something else.
    """
    classes = [index for index, cell in enumerate(header) if cell and session_header(cell, today)]
    first, found, blank = header, [], -1
    for at in below if len(classes) >= ENOUGH else ():
        row = rows[at]
        if not any(row):
            blank = at
            continue
        own = [header[index] for index in classes]
        if blank >= 0 and header != first and _meets_otherwise(row, own, today, finder):
            header = first
            found.append((blank, header))
        blank = -1
        days = {index: row[index] for index in classes if index < len(row) and row[index]}
        in_front = {cell for index, cell in enumerate(row) if cell and index not in days}
        if not days and header != first and _names_next(row, in_front, finder):
            header = first
            found.append((at, header))
        if len(days) < len(classes) or not are_days(days.values(), today):
            continue
        if len(in_front) == 1 and _heads_days(in_front.pop(), finder) and any(header[i] != days[i] for i in days):
            header = [days.get(index, cell) for index, cell in enumerate(header)]
            found.append((at, header))
    return found


def _meets_otherwise(row: Sequence[str], days: Sequence[str], today: date, finder: Finder) -> bool:
    """Whether a line is somebody's whose own group meets on none of the days: behind an empty line they are not of
    the group above it."""
    heads = [session_header(cell, today) for cell in days]
    held = {one.date.on.weekday() for one in heads if one and one.date and one.date.on}
    people = [Who(name=cell, case_number=cell, participant_id=cell) for cell in row if cell]
    known = [finder.weekdays_of_one("", who) for who in people if finder.find(who).member]
    return bool(known and held) and not any(held & own for own in known)


def _heads_days(cell: str, finder: Finder) -> bool:
    """Whether a cell is a weekday or the code of a group, with nothing else that the days could be of."""
    found = finder.find(Who(name=cell))
    if found.member or found.choices:
        return False
    named = [code for code in finder.groups if f" {fold(code)} " in f" {fold(cell)} "]
    rest = f" {fold(cell)} ".replace(f" {fold(named[0])} ", " ", 1) if len(named) == 1 else fold(cell)
    words = rest.split()
    return bool(named or words) and all(is_weekday(word) or (named and word in OF_GROUP) for word in words)


def _names_next(row: Sequence[str], told: set[str], finder: Finder) -> bool:
    """Whether a line without days says whose lines follow: "MON-6PM", "Group: MON-6PM", "Monday"."""
    said = fold(next(iter(told))) if len(told) == 1 else ""
    return names_label(row) or is_weekday(said) or any(f" {fold(code)} " in f" {said} " for code in finder.groups)


def are_days(cells: Iterable[str], today: date) -> bool:
    """Whether all that stands in these cells is days with their month; a bare number may be anything."""
    found = [session_header(cell, today) for cell in cells if cell]
    return bool(found) and all(one is not None and one.week is None for one in found)


def _header(rows: Sequence[list[str]], where: int, today: date) -> tuple[list[str], int, bool]:
    """The column names, the first row below them, and whether two rows made them."""
    if is_tagged(rows[where]):
        return under_tags(rows, where, today), where + 1, False
    if joined := second_row(rows, where, today):
        return joined, where + 2, True
    if joined := upper_row(rows, where, today):
        return joined, where + 1, True
    return list(rows[where]), where + 1, False


def _further_heads(rows: Sequence[list[str]], first: int, today: date) -> list[int]:
    known = [fold_header(cell) for cell in rows[first] if cell]
    found = []
    for index in range(first + 1, len(rows)):
        row = rows[index]
        if len(row) < ENOUGH or not _heads(row, today):
            continue
        names = [fold_header(cell) for cell in row if cell]
        if names != known or second_row(rows, index, today):
            found.append(index)
            known = names
    return found


def _heads(row: Sequence[str], today: date) -> bool:
    """Whether a row below the first header names columns again."""
    cells = [cell for cell in row if cell]
    fields = [field_of(cell) for cell in cells]
    if not any(field in WHO for field in fields):
        return False
    sessions = sum(session_header(cell, today) is not None for cell in cells)
    known = sum(bool(field) for field in fields) + sessions
    return (sessions >= 1 or any(field in TELLS for field in fields)) and 5 * known >= 3 * len(cells) > 3


def _titles(rows: Sequence[list[str]], below: int, until: int) -> frozenset[int]:
    """Lines of one cell, or with a label, directly above the next header."""
    found = []
    for index in range(until - 1, below - 1, -1):
        cells = [cell for cell in rows[index] if cell]
        if len(set(cells)) > 1 and not names_label(rows[index]):
            break
        found.append(index)
    return frozenset(found)


def _side_by_side(header: list[str], today: date) -> list[tuple[int, int]]:
    """The columns of each table that stands beside another: it begins where a field comes again after classes."""
    starts, seen, told = [0], set[str](), False
    for index, cell in enumerate(header):
        field = field_of(cell) if cell else ""
        if field in WHO and field in seen and told:
            starts.append(index)
            seen, told = set(), False
        seen |= {field} if field in WHO else set()
        told = told or field in TELLS or bool(cell and session_header(cell, today))
    # a name that only stands again at the end of the lines begins no table
    if not told:
        starts = starts[: max(1, len(starts) - 1)]
    return list(zip(starts, [*starts[1:], len(header)], strict=True))


def _names_across(rows: Sequence[list[str]], today: date, finder: Finder) -> int | None:
    """A row of names of the roster: dates down, people across, and nothing above the dates."""
    for index, row in enumerate(rows[:SEARCHED]):
        if sum(bool(cell) and finder.find(Who(name=cell)).member is not None for cell in row) >= ENOUGH:
            return index
    return None
