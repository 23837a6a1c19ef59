"""An .xlsx workbook, read part by part with expat under the limits.

No library parser sees the file: calamine (0.21 of fastexcel) aborts the whole process on two cells a mile apart and
unfolds a shared text thousands of times. Formulas are never evaluated; the value that Excel saved beside one is read.
"""

from __future__ import annotations

import msgspec

from monitor.intake.reading.delimited import clean
from monitor.intake.reading.formats import read_styles
from monitor.intake.reading.package import Attributes, Package, sheet_parts
from monitor.intake.reading.remarks import read_remarks
from monitor.intake.reading.tables import Limits, Note, Refused, Table
from monitor.intake.reading.worksheet import Book, read_sheet


class _Listed(msgspec.Struct):
    name: str
    relation: str
    visible: bool


def read_workbook(content: bytes, limits: Limits) -> tuple[list[Table], list[Note]]:
    """All visible sheets that hold anything. Raises `Refused`."""
    package = Package(content, limits)
    listed, since_1904 = _workbook(package)
    if len(listed) > limits.sheets:
        raise Refused("F-SIZE", f"sheets|{len(listed):,}|{limits.sheets}")
    book = Book(limits, read_styles(package), _shared_strings(package, limits), since_1904)
    parts = sheet_parts(package)
    tables: list[Table] = []
    notes: list[Note] = []
    for sheet in listed:
        if not sheet.visible:
            notes.append(Note("W-HIDDEN-SHEET", clean(sheet.name)[:60]))
        elif sheet.relation in parts:
            tables.append(_table(package, parts[sheet.relation], clean(sheet.name)[:60], book))
    kept = [table for table in tables if any(any(row) for row in table.rows) or table.coloured or table.uncomputed]
    if not kept:
        raise Refused("F-EMPTY")
    return kept, notes


def _table(package: Package, part: str, name: str, book: Book) -> Table:
    table = read_sheet(package, part, name, book)
    return msgspec.structs.replace(table, remarks=read_remarks(package, part, book.limits))


def _workbook(package: Package) -> tuple[list[_Listed], bool]:
    listed: list[_Listed] = []
    since_1904 = False

    def start(tag: str, given: Attributes) -> None:
        nonlocal since_1904
        if tag == "sheet":
            relation = next((value for key, value in given.items() if key.rpartition(":")[2] == "id"), "")
            listed.append(_Listed(given.get("name", ""), relation, given.get("state", "visible") == "visible"))
        elif tag == "workbookPr":
            since_1904 = given.get("date1904", "0") in ("1", "true")

    package.scan("xl/workbook.xml", start)
    return listed, since_1904


def _shared_strings(package: Package, limits: Limits) -> list[str]:
    found: list[str] = []
    pieces: list[str] = []
    wanted = [False]

    def start(tag: str, _given: Attributes) -> None:
        if tag == "si":
            pieces.clear()
        wanted[0] = tag == "t"

    def text(data: str) -> None:
        if wanted[0]:
            pieces.append(data)
            if len(data) > limits.cell:
                raise Refused("F-SIZE", f"cell|{limits.cell:,}")

    def end(tag: str) -> None:
        if tag == "t":
            wanted[0] = False
        elif tag == "si":
            whole = "".join(pieces)
            if len(whole) > limits.cell:
                raise Refused("F-SIZE", f"cell|{limits.cell:,}")
            found.append(clean(whole))

    if "xl/sharedStrings.xml" in package.names:
        package.scan("xl/sharedStrings.xml", start, text, end)
    return found
