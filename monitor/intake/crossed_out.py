"""Lines above and between those of people whose words are struck through: they say nothing of what stands below."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import msgspec

from monitor.intake.reading.tables import Table

BY_LINE = "#struck"  # a label of the lines below one that is struck through and told of their day or group


def standing(cells: Sequence[str], row: int, struck: Collection[tuple[int, int]]) -> list[str]:
    """The cells of a row, counted from 1, without those that are struck through."""
    return ["" if (row, at) in struck else cell for at, cell in enumerate(cells, 1)]


def without(table: Table, rows: Iterable[int]) -> Table:
    """The table with what is struck through left out of these rows, counted from 0."""
    if not table.struck:
        return table
    said, struck = list(table.rows), frozenset(table.struck)
    for index in rows:
        said[index] = standing(said[index], index + 1, struck)
    return msgspec.structs.replace(table, rows=said)
