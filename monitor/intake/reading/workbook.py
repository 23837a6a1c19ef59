"""An .xlsx workbook, read part by part with expat under the limits.

No library parser sees the file: calamine (0.21 of fastexcel) aborts the whole process on two cells a mile apart and
unfolds a shared text thousands of times. Formulas are never evaluated; the value that Excel saved beside one is read.
"""

from __future__ import annotations

import re

import msgspec

from monitor.intake.reading.delimited import clean
from monitor.intake.reading.formats import is_strike, read_styles
from monitor.intake.reading.package import Attributes, Package, sheet_parts
from monitor.intake.reading.remarks import read_remarks
from monitor.intake.reading.symbols import FONTS, drawn
from monitor.intake.reading.tables import Limits, Note, Refused, Table
from monitor.intake.reading.worksheet import Book, read_sheet

CONTROL_PART = re.compile(r"xl/ctrlProps/[A-Za-z0-9_.-]+\.xml")


class _Listed(msgspec.Struct):
    name: str
    relation: str
    visible: bool


def read_workbook(content: bytes, limits: Limits) -> tuple[list[Table], list[Note]]:
    """All visible sheets that hold anything. Raises `Refused`."""
    package = Package(content, limits)
    listed, since_1904, uncounted = _workbook(package)
    if len(listed) > limits.sheets:
        raise Refused("F-SIZE", f"sheets|{len(listed):,}|{limits.sheets}")
    strings = _shared_strings(package, limits)
    book = Book(limits, read_styles(package), strings.found, since_1904, struck=strings.struck,
                uncounted=uncounted)  # fmt: skip
    parts = sheet_parts(package)
    tables: list[Table] = []
    notes: list[Note] = []
    for sheet in listed:
        if not sheet.visible:
            notes.append(Note("W-HIDDEN-SHEET", clean(sheet.name)[:60]))
        elif sheet.relation in parts:
            tables.append(_table(package, parts[sheet.relation], clean(sheet.name)[:60], book))
    kept = [table for table in tables if any(any(row) for row in table.rows) or table.coloured or table.uncomputed]
    if boxes := drawn_boxes(package):
        notes.append(Note("W-TICK-BOXES", str(boxes)))
    if not kept:
        raise Refused("F-EMPTY")
    return kept, notes


def drawn_boxes(package: Package) -> int:
    """How many tick boxes are drawn over the cells and write their answer into none: nobody can say whose they are."""
    found = 0

    def control(tag: str, given: Attributes) -> None:
        nonlocal found
        linked = given.get("fmlaLink", "")
        found += tag == "formControlPr" and given.get("objectType") in ("CheckBox", "Radio") and not linked

    for name in sorted(package.names):
        if CONTROL_PART.fullmatch(name):
            package.scan(name, control)
    return found


def _table(package: Package, part: str, name: str, book: Book) -> Table:
    table = read_sheet(package, part, name, book)
    return msgspec.structs.replace(table, remarks=read_remarks(package, part, book.limits))


def _workbook(package: Package) -> tuple[list[_Listed], bool, bool]:
    """Its sheets, whether its days count from 1904, and whether it asks Excel to calculate everything first."""
    listed: list[_Listed] = []
    since_1904 = uncounted = False

    def start(tag: str, given: Attributes) -> None:
        nonlocal since_1904, uncounted
        if tag == "sheet":
            relation = next((value for key, value in given.items() if key.rpartition(":")[2] == "id"), "")
            listed.append(_Listed(given.get("name", ""), relation, given.get("state", "visible") == "visible"))
        elif tag == "workbookPr":
            since_1904 = given.get("date1904", "0") in ("1", "true")
        elif tag == "calcPr":
            uncounted = given.get("fullCalcOnLoad", "0") in ("1", "true")

    package.scan("xl/workbook.xml", start)
    return listed, since_1904, uncounted


class _Strings:
    """The texts that cells refer to by number; ``struck``: those of which a part is struck through."""

    def __init__(self, most: int) -> None:
        self.found: list[str] = []
        self.struck: set[int] = set()
        self._most, self._wanted, self._pieces, self._length = most, False, [""], 0
        self._spoken = self._drawn = False

    def start(self, tag: str, given: Attributes) -> None:
        if tag == "si":
            self._pieces, self._length = [], 0
        elif tag == "rPh":
            self._spoken = True
        elif tag == "rFont":
            self._drawn = given.get("val", "").lower() in FONTS
        elif is_strike(tag, given):
            self.struck.add(len(self.found))
        self._wanted = tag == "t"

    def text(self, data: str) -> None:
        if self._wanted and not self._spoken:
            self._pieces.append(drawn(data) if self._drawn else data)
            self._length += len(data)
            if self._length > self._most:
                raise Refused("F-SIZE", f"cell|{self._most:,}")

    def end(self, tag: str) -> None:
        self._wanted = self._wanted and tag != "t"
        self._spoken = self._spoken and tag != "rPh"
        self._drawn = self._drawn and tag != "r"
        if tag == "si":
            self.found.append(clean("".join(self._pieces)))


def _shared_strings(package: Package, limits: Limits) -> _Strings:
    strings = _Strings(limits.cell)
    if "xl/sharedStrings.xml" in package.names:
        package.scan("xl/sharedStrings.xml", strings.start, strings.text, strings.end)
    return strings
