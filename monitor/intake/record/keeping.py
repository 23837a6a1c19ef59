"""What is kept of a file between upload and save: its tables, without what may not be stored. Never the file itself.

Columns of telephones, e-mails and addresses are emptied, and so is every cell of words that the safety lint stops;
a stranger's workbook can carry more than its cells show, so its bytes are not kept at all (safeguard A).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from datetime import date

import msgspec

from monitor.intake.cells.headers import field_of
from monitor.intake.reading.tables import Reading, Table
from monitor.intake.record.partners import NAMED_PARTNER, heading_rows, of_partners, without_names
from monitor.intake.stacks import Stack, find_stacks
from monitor.safety_lint import REMOVED, is_clean

WORDED = ("note", "reason")  # columns of people's own words: every cell is read, however short
# written with its separators; a bare row of digits may be a participant's number
TELEPHONE = re.compile(r"(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}|\d{3}-\d{4}")


def pack(reading: Reading) -> bytes:
    """Tables that went through `cleaned`, compressed."""
    return zlib.compress(msgspec.msgpack.encode(reading))


def unpack(content: bytes) -> Reading:
    """What `pack` was given."""
    return msgspec.msgpack.decode(zlib.decompress(content), type=Reading)


def cleaned(reading: Reading, today: date) -> Reading:
    """The same tables without what may not be stored; sheets and notes on them by a name of ours where theirs tells."""
    tables = [_clean_table(table, today) for table in reading.tables]
    named = [msgspec.structs.replace(table, sheet=name_of_ours(table.sheet, f"Sheet {number} of the file"))
             for number, table in enumerate(tables, 1)]  # fmt: skip
    notes = [msgspec.structs.replace(note, detail=name_of_ours(note.detail, "…")) for note in reading.notes]
    return msgspec.structs.replace(reading, tables=named, notes=notes)


def name_of_ours(name: str, ours: str) -> str:
    """The name of a file or a sheet, or ours where it seems to tell of a protected person."""
    plain = is_clean(name) and is_clean(re.sub(r"[_.-]+", " ", name)) and not NAMED_PARTNER.search(name)
    return name if plain else ours


class _Kept(msgspec.Struct, frozen=True):
    """A table: what of its columns is emptied, read in every word, or a protected person's."""

    heads: frozenset[int]
    below: range
    ignored: frozenset[int]
    worded: frozenset[int]
    theirs: frozenset[int]

    def clean(self, number: int, row: Sequence[str]) -> list[str]:
        """A row, counted from 0, that is the table's own."""
        if number in self.heads:
            return [_clean_cell(cell) for cell in without_names(row, self.theirs)]
        if number not in self.below:
            return list(row)
        kept = ((index, "" if index in self.ignored else cell) for index, cell in enumerate(row))
        return [REMOVED if cell and index in self.theirs else _clean_cell(cell, index in self.worded)
                for index, cell in kept]  # fmt: skip


def _clean_table(table: Table, today: date) -> Table:
    kept = [
        _Kept(frozenset(heading_rows(table.rows, stack)), range(stack.below, stack.end),
              _columns(stack, ("ignored",)), _columns(stack, WORDED), of_partners(table.rows, stack, today))
        for stack in find_stacks(table.rows, today)
    ]  # fmt: skip
    rows = []
    for number, cells in enumerate(table.rows):
        row = list(cells)
        for one in kept:
            row = one.clean(number, row)
        rows.append([_clean_cell(cell) for cell in row])
    remarks = [(row, column, text) for row, column, text in table.remarks if is_clean(text)]
    return msgspec.structs.replace(table, rows=rows, remarks=remarks)


def _columns(stack: Stack, fields: Sequence[str]) -> frozenset[int]:
    return frozenset(index for index, cell in enumerate(stack.header) if cell and field_of(cell) in fields)


def _clean_cell(cell: str, worded: bool = False) -> str:
    """A cell of one word is a name, a number or a mark, which the lint would take for something else."""
    if not cell:
        return ""
    if NAMED_PARTNER.search(cell):
        return REMOVED
    one_word = len(cell) < 8 or (" " not in cell and "@" not in cell)
    if one_word and not worded and not TELEPHONE.fullmatch(cell):
        return cell
    return cell if is_clean(cell) else REMOVED
