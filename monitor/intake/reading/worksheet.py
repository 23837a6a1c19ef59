"""One sheet of a workbook: cells, hidden rows, merged ranges."""

from __future__ import annotations

import re

import msgspec

from monitor.intake.reading.delimited import clean
from monitor.intake.reading.formats import (
    Styles,
    as_date,
    as_measure,
    as_month,
    as_number,
    as_time,
    as_worded,
    as_words,
    is_strike,
)
from monitor.intake.reading.package import Attributes, Package
from monitor.intake.reading.symbols import FONTS, drawn
from monitor.intake.reading.tables import Limits, Refused, Table

ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})\Z")
MOST_MERGES = 2_000
MOST_FILLED = 50_000
TRUTH = {"1": "TRUE", "0": "FALSE"}


class Book(msgspec.Struct):
    """What all sheets of a workbook share; ``characters`` counts what has been kept so far.

    ``struck``: numbers of the strings of which a part is struck through. ``uncounted``: whoever wrote the file left the
    calculating to Excel, so a zero beside a formula is no result.
    """

    limits: Limits
    styles: Styles
    strings: list[str]
    since_1904: bool
    characters: int = 0
    struck: set[int] = msgspec.field(default_factory=set)
    uncounted: bool = False


def column_number(letters: str) -> int:
    """A is 1, XFD is 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def address(text: str) -> tuple[int, int]:
    """(row, column) of "B7"."""
    match = ADDRESS.match(text)
    if not match:
        raise Refused("F-CORRUPT")
    return int(match[2]), column_number(match[1])


def read_sheet(package: Package, part: str, name: str, book: Book) -> Table:
    """Raises `Refused` for anything outside the limits; cells without content cost nothing and do not count."""
    sheet = _Sheet(book)
    package.scan(part, sheet.start, sheet.text, sheet.end)
    filled = sheet.fill_merged()
    return Table(
        rows=sheet.rows(), sheet=name, hidden=sheet.hidden,
        hidden_columns=sheet.hidden_in_use(), filled_down=filled, uncomputed=sheet.uncomputed,
        coloured=sheet.coloured, typed_dates=sheet.typed_dates, struck=sorted(sheet.struck),
        since_1904=book.since_1904,
    )  # fmt: skip


class _Sheet:
    """Collects one sheet while expat walks it."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.hidden: list[int] = []
        self.hidden_columns: set[int] = set()
        self.uncomputed: list[tuple[int, int]] = []
        self.coloured = 0
        self.typed_dates = False
        self.struck: set[tuple[int, int]] = set()
        self._cells: dict[int, dict[int, str]] = {}
        self._merges: list[str] = []
        self._row = self._column = 0
        self._kind, self._style = "n", 0
        self._formula = self._strike = self._valued = self._spoken = self._drawn = self._unseen = False
        self._zeros = True
        self._wanted = ""
        self._text: list[str] = []

    def start(self, tag: str, given: Attributes) -> None:
        if tag == "c":
            self._start_cell(given)
        elif tag in ("v", "t", "f"):
            self._wanted = tag
            self._formula, self._valued = self._formula or tag == "f", self._valued or tag == "v"
        elif tag == "row":
            self._start_row(given)
        elif is_strike(tag, given):
            self._strike = True
        else:
            self._start_other(tag, given)

    def _start_other(self, tag: str, given: Attributes) -> None:
        if tag == "rPh":  # how it is spoken, beside how it is written
            self._spoken = True
        elif tag == "rFont":
            self._drawn = given.get("val", "").lower() in FONTS
        elif tag == "sheetView" and given.get("showZeros") in ("0", "false"):
            self._zeros = False
        elif tag == "col" and given.get("hidden") in ("1", "true"):
            self._hide(given)
        elif tag == "mergeCell" and len(self._merges) < MOST_MERGES:
            self._merges.append(given.get("ref", ""))

    def text(self, data: str) -> None:
        if self._wanted in ("v", "t") and not self._spoken:
            self._text.append(drawn(data) if self._drawn else data)
            if len(data) > self.book.limits.cell:
                raise Refused("F-SIZE", f"cell|{self.book.limits.cell:,}")

    def end(self, tag: str) -> None:
        if tag == "c":
            self._end_cell()
        elif tag == "rPh":
            self._spoken = False
        elif tag == "r":
            self._drawn = False
        elif tag == self._wanted:
            self._wanted = ""

    def _start_row(self, given: Attributes) -> None:
        self._row = int(given["r"]) if "r" in given else self._row + 1
        self._column = 0
        if given.get("hidden") in ("1", "true"):
            self.hidden.append(self._row)
            if len(self.hidden) > self.book.limits.rows:
                self.hidden.pop()

    def _hide(self, given: Attributes) -> None:
        last = min(int(given.get("max", "0")), self.book.limits.columns)
        self.hidden_columns |= set(range(max(1, int(given.get("min", "1"))), last + 1))

    def _start_cell(self, given: Attributes) -> None:
        if "r" in given:
            self._row, self._column = address(given["r"])
        else:
            self._column += 1
        self._kind, self._style = given.get("t", "n"), int(given.get("s", "0"))
        self._text.clear()
        self._formula, self._strike = False, self._style in self.book.styles.struck
        self._valued = self._spoken = self._drawn = self._unseen = False

    def _end_cell(self) -> None:
        raw = "".join(self._text)
        value = clean(self._value(raw)) if raw and not self._is_uncounted(raw) else ""
        if value and self._style in self.book.styles.pictures and not value.endswith("(symbol)"):
            value = drawn(value)
        if value:
            self._keep(value)
            if self._strike:
                self.struck.add((self._row, self._column))
        # the saved value may be an empty text, or a number that is not shown
        elif self._formula and not self._unseen and not (self._kind == "str" and self._valued):
            self._place()
            self.uncomputed.append((self._row, self._column))
        elif self._style in self.book.styles.fills:
            self.coloured += 1

    def _is_uncounted(self, raw: str) -> bool:
        return self.book.uncounted and self._formula and self._kind == "n" and raw.strip() == "0"

    def _value(self, raw: str) -> str:
        if self._kind == "s":
            return self._shared(raw)
        if self._kind in ("str", "inlineStr", "e", "d"):
            return raw
        return TRUTH.get(raw.strip(), raw) if self._kind == "b" else self._number(raw)

    def _shared(self, raw: str) -> str:
        try:
            index = int(raw)
            if index < 0:
                raise IndexError
            self._strike = self._strike or index in self.book.struck
            return self.book.strings[index]
        except (ValueError, IndexError):
            raise Refused("F-CORRUPT") from None

    def _number(self, raw: str) -> str:
        try:
            number = float(raw)
        except ValueError:
            return raw
        if number != number or number in (float("inf"), float("-inf")):
            return ""
        return self._typed(number)

    def _typed(self, number: float) -> str:
        styles, is_date = self.book.styles, self._style in self.book.styles.dates
        worded = styles.worded.get(self._style, "")
        shown = as_words(number, worded) if worded else "" if number == 0 and not self._zeros else None
        if shown is not None:
            self._unseen = not shown
            return shown
        if self._style in styles.months and number >= 1 and (month := as_month(number, self.book.since_1904)):
            return month
        if is_date and number >= 1:
            self.typed_dates = True
            return as_date(number, self.book.since_1904)
        if (is_date or self._style in styles.times) and 0 <= number < 1:
            return as_time(number)
        if self._style in styles.measures:
            return as_measure(number, styles.measures[self._style])
        return (as_worded(number, worded) if worded else "") or as_number(number)

    def _place(self) -> None:
        limits = self.book.limits
        if self._row > limits.rows + 15:
            raise Refused("F-ROWS", f"Row {self._row:,} is in use|{limits.rows:,}")
        if self._column > limits.columns:
            raise Refused("F-SIZE", f"columns|{self._column:,}|{limits.columns}")

    def _keep(self, value: str) -> None:
        self._place()
        self.book.characters += len(value)
        if len(value) > self.book.limits.cell:
            raise Refused("F-SIZE", f"cell|{self.book.limits.cell:,}")
        if self.book.characters > self.book.limits.characters:
            raise Refused("F-SIZE", f"unpacked|{self.book.limits.characters >> 20}")
        self._cells.setdefault(self._row, {})[self._column] = value

    def fill_merged(self) -> bool:
        """Copy each merged cell's value over its range; True if one reached below its own row."""
        down, left_over = False, MOST_FILLED
        for merge in self._merges:
            first, _, last = merge.partition(":")
            (top, left), (bottom, right) = address(first), address(last or first)
            value = self._cells.get(top, {}).get(left)
            size = max(0, bottom - top + 1) * max(0, right - left + 1)
            if value is None or size > left_over:
                continue
            left_over -= size
            down = down or bottom > top
            self._fill(value, range(top, bottom + 1), range(left, right + 1), (top, left) in self.struck)
        return down

    def _fill(self, value: str, rows: range, columns: range, struck: bool) -> None:
        for row in rows:
            for column in columns:
                self._row, self._column, self._style = row, column, -1
                if column not in self._cells.get(row, {}):
                    self._keep(value)
                    self.struck |= {(row, column)} if struck else set()

    def hidden_in_use(self) -> list[int]:
        """Hidden columns that hold something."""
        used = {column for cells in self._cells.values() for column in cells} if self.hidden_columns else set()
        return sorted(self.hidden_columns & used)

    def rows(self) -> list[list[str]]:
        """Rows from the first of the file, each as long as its last cell that holds something."""
        last = max(self._cells, default=0)
        return [self._line(self._cells.get(row, {})) for row in range(1, last + 1)]

    def _line(self, cells: dict[int, str]) -> list[str]:
        return [cells.get(column, "") for column in range(1, max(cells, default=0) + 1)]
