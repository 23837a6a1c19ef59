"""What reading a file gives: tables of text cells, or one refusal. Standard library and msgspec only."""

from __future__ import annotations

import msgspec

MEGABYTE = 1 << 20


class Limits(msgspec.Struct, frozen=True):
    """How much a file may hold. The command line may raise ``rows`` and, with it, the sizes."""

    file_bytes: int = 5 * MEGABYTE
    unpacked_bytes: int = 64 * MEGABYTE
    rows: int = 5_000
    columns: int = 400
    sheets: int = 40
    parts: int = 400
    cell: int = 4_096
    elements: int = 1_000_000  # of all parts of a workbook: more than half a second of processor
    characters: int = 16 * MEGABYTE
    memory_bytes: int = 1_024 * MEGABYTE
    cpu_seconds: int = 20

    def for_rows(self, rows: int) -> Limits:
        """The same limits for a longer file, every size grown in proportion."""
        more = max(1, -(-rows // self.rows))
        return msgspec.structs.replace(
            self, rows=max(rows, self.rows), file_bytes=self.file_bytes * more, cpu_seconds=self.cpu_seconds * more,
            unpacked_bytes=self.unpacked_bytes * more, characters=self.characters * more,
            elements=self.elements * more,
            memory_bytes=min(self.memory_bytes * more, 4 * self.memory_bytes),
        )  # fmt: skip


class Refused(Exception):
    """The file is not read. ``code`` is a file code of the message catalogue; ``detail`` never holds cell text."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


class Note(msgspec.Struct, frozen=True):
    """How the file was read: a code of the catalogue and what belongs to it."""

    code: str
    detail: str = ""


class Table(msgspec.Struct, frozen=True, omit_defaults=True):
    """One sheet. ``rows[0]`` is row 1 of the file; rows may differ in length.

    Positions are (row, column), counted from 1. ``uncomputed``: formulas without a saved value. ``coloured``: cells
    with a fill and no text. ``typed_dates``: some cells were dates, not text. ``remarks``: comments on cells.
    ``struck``: cells whose text, or a part of it, is struck through. ``since_1904``: bare numbers count days from then.
    """

    rows: list[list[str]]
    sheet: str = ""
    hidden: list[int] = []
    hidden_columns: list[int] = []
    filled_down: bool = False
    uncomputed: list[tuple[int, int]] = []
    coloured: int = 0
    typed_dates: bool = False
    remarks: list[tuple[int, int, str]] = []
    struck: list[tuple[int, int]] = []
    since_1904: bool = False


class Reading(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the child process answers: tables and notes, or ``refused`` with its detail."""

    tables: list[Table] = []
    notes: list[Note] = []
    refused: str = ""
    detail: str = ""
