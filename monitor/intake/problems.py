"""The rows that were not saved, as a file to correct and send back: the sheet as it was, and three columns more."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from unicodedata import category, normalize

import msgspec

from monitor.intake.cells.headers import OURS, field_of
from monitor.intake.cells.key import is_key
from monitor.intake.cells.preamble import names_label
from monitor.intake.check import Check, Message
from monitor.intake.reading.tables import Reading, Table
from monitor.intake.sheet import IDENTITY
from monitor.intake.stacks import Stack, find_stacks
from monitor.intake.workbook_out import write_workbook

FORMULA = ("=", "+", "-", "@", "\N{MINUS SIGN}")  # full-width, small and raised ones are the same when normalised
BEFORE = ("\0", "\t", "\n", "\r")  # with one of these a cell may begin a new one (ASVS 1.2.10)
# letters that nobody sees, beside spaces and what Unicode counts as controls: a program may not see them either
UNSEEN = "\u034f\u115f\u1160\u3164\uffa0"
QUESTION_HELD = "It waits for your answer on the check page."


class Download(msgspec.Struct, frozen=True):
    """A file for the browser."""

    file_name: str
    media_type: str
    content: bytes


def safe_cell(text: str) -> str:
    """Text that no spreadsheet program takes for a formula: an apostrophe goes in front."""
    first = next((letter for letter in text if not _unseen(letter)), "")
    return f"'{text}" if text.startswith(BEFORE) or normalize("NFKC", first).startswith(FORMULA) else text


def _unseen(letter: str) -> bool:
    return category(letter)[0] in "ZC" or letter in UNSEEN


def problem_file(reading: Reading, check: Check, held: Iterable[tuple[str, int, str]], today: date) -> Download:
    """Rows with errors, and ``held`` ones (sheet, row, code). One table comes back as CSV, several as a workbook,
    and a workbook that counts its days from 1904 as such a one: its bare numbers stay the same days.

    Its name is of ours and the day: the name of the sheet that came may be somebody's own.
    """
    told = _told(check, held)
    sheets = {table.sheet: _rows(table, told[table.sheet], today) for table in reading.tables if told[table.sheet]}
    stem = f"rows-to-correct-{today}"
    since_1904 = any(table.since_1904 for table in reading.tables)
    if len(sheets) > 1 or since_1904:
        return Download(f"{stem}.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                        write_workbook(sheets or {"Sheet 1": []}, since_1904=since_1904))  # fmt: skip
    return Download(f"{stem}.csv", "text/csv; charset=utf-8", _csv(next(iter(sheets.values()), [])))


def _told(check: Check, held: Iterable[tuple[str, int, str]]) -> dict[str, dict[int, list[tuple[str, str]]]]:
    """Sheet and row to (code, what to do)."""
    found: defaultdict[str, dict[int, list[tuple[str, str]]]] = defaultdict(dict)
    for message in check.errors:
        _add(found[message.sheet], message.row, message.code, _what_to_do(message))
    for sheet, row, code in held:
        _add(found[sheet], row, code, QUESTION_HELD)
    return found


def _add(rows: dict[int, list[tuple[str, str]]], row: int, code: str, words: str) -> None:
    told = rows.setdefault(row, [])
    if (code, words) not in told:
        told.append((code, words))


def _what_to_do(message: Message) -> str:
    column = f"“{message.column}”: " if message.column else ""
    if message.es:
        return column + message.es
    return column + " ".join(part for part in (message.what, message.how) if part)


def _rows(table: Table, told: Mapping[int, list[tuple[str, str]]], today: date) -> list[list[str]]:
    """Lines above the table, the header, and the problem rows; row order and columns untouched."""
    stacks = find_stacks(table.rows, today) or [Stack(0, [], 1, len(table.rows))]
    headers = {stack.row for stack in stacks}
    said = {index for stack in stacks for index in (*range(stack.row, stack.below), *stack.titles)}
    said |= {index for index, row in enumerate(table.rows) if names_label(row) or is_key(row)}
    first = stacks[0].below
    kept = [index for index in range(len(table.rows)) if index < first or index in said or index + 1 in told]
    filled = _with_names(table, kept, stacks)
    width = max((len(cells) for cells in filled), default=0)
    return [
        [*cells, *[""] * (width - len(cells)), *_added(index, headers, told)]
        for index, cells in zip(kept, filled, strict=True)
    ]


def _with_names(table: Table, kept: Sequence[int], stacks: Sequence[Stack]) -> list[list[str]]:
    """Rows as they are; one whose name stands in a row above that is not in the file gets it written out."""
    rows = []
    for index in kept:
        stack = next((one for one in reversed(stacks) if one.below <= index < one.end), None)
        rows.append(_named(table.rows, index, stack) if stack else table.rows[index])
    return rows


def _named(rows: Sequence[list[str]], index: int, stack: Stack) -> list[str]:
    columns = [at for at, cell in enumerate(stack.header) if cell and field_of(cell) in IDENTITY]
    cells = rows[index]
    if not columns or any(cells[at : at + 1] != [""] and at < len(cells) for at in columns) or names_label(cells):
        return cells
    above = next((rows[up] for up in range(index - 1, stack.below - 1, -1)
                  if any(rows[up][at : at + 1] not in ([], [""]) for at in columns)), None)  # fmt: skip
    if above is None:
        return cells
    filled = cells + [""] * (max(columns) + 1 - len(cells))
    for at in columns:
        filled[at] = above[at] if at < len(above) else ""
    return filled


def _added(index: int, headers: Collection[int], told: Mapping[int, list[tuple[str, str]]]) -> list[str]:
    if index in headers:
        return list(OURS)
    messages = told.get(index + 1, [])
    result = "not saved" if messages else ""
    return [result, ", ".join(dict.fromkeys(code for code, _ in messages)), " ".join(words for _, words in messages)]


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    """With a byte-order mark: without one, Excel garbles accents."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([safe_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")
