"""Delimited text: four encodings, four separators, strict about quotes and sizes."""

from __future__ import annotations

import csv
import io
import re
import unicodedata

from monitor.intake.reading.symbols import pasted
from monitor.intake.reading.tables import Limits, Note, Refused, Table

SEPARATORS = ",\t;|"
LOOKED_AT = 12
UNUSED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
QUOTED = re.compile(r'"[^"]*"')
SAID = re.compile(r"\"?sep=([,;\t|])\"?\1*(?:\r\n?|\n)", re.IGNORECASE)
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# ="00123": how exports keep Excel from taking a text for a number; it is that text and calculates nothing
AS_TEXT = re.compile(r'="([^"=]*)"')
# kinds of dashes within a date or a number, and marks that only choose a picture for the sign before
ONE_WAY = {"\u2010": "-", "\u2011": "-", "\ufe0e": "", "\ufe0f": ""}


def read_text(content: bytes, limits: Limits) -> tuple[list[Table], list[Note]]:
    """One table. Raises `Refused`."""
    text, notes = _decode(content)
    if not text.strip():
        raise Refused("F-EMPTY")
    if match := SAID.match(text):  # Excel's own first line; it shows no such row
        text = text[match.end() :]
    separator = match[1] if match else _separator(text)
    if separator != ",":
        notes.append(Note("I-DELIMITER", {"\t": "tab", ";": "semicolon", "|": "bar"}[separator]))
    rows = _rows(text, separator, limits)
    if not any(cell for row in rows for cell in row):
        raise Refused("F-EMPTY")
    return [Table(rows)], notes


def clean(text: str) -> str:
    """Composed form, without control and invisible characters, and without spaces around."""
    if text.isascii() and text.isprintable():
        return text.strip()
    composed = unicodedata.normalize("NFC", text)
    return pasted(composed.strip()) or "".join(map(_plain, composed)).strip()


def _plain(character: str) -> str:
    """A sign as it is compared: every space is one, and what cannot be seen is left out."""
    if character in "\t\r\n":
        return " "
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    return "" if category in ("Cf", "Cc", "Co", "Cn") else ONE_WAY.get(character, character)


def _decode(content: bytes) -> tuple[str, list[Note]]:
    notes: list[Note] = []
    try:
        if content.startswith(UTF16_MARKS):
            text = content.decode("utf-16")
            notes.append(Note("I-ENCODING-UTF16"))
        else:
            text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _old_windows(content)
        notes = [Note("I-ENCODING-CP1252")]
    if "\0" in text:
        raise Refused("F-CORRUPT", "binary")
    return text, notes


def _old_windows(content: bytes) -> str:
    if content.startswith(UTF16_MARKS) or UNUSED_IN_CP1252.search(content):
        raise Refused("F-CORRUPT", "encoding")
    return content.decode("cp1252")


def _separator(text: str) -> str:
    """The mark that no line with another lacks, outside quotation marks: names, dates and notes hold commas, too.

    Where each is lacking somewhere (a title above the table), the one that stands in many lines and often.
    """
    head = [QUOTED.sub("", line) for line in text[:65_536].splitlines()[:LOOKED_AT]]
    counts = {mark: [line.count(mark) for line in head] for mark in SEPARATORS}
    most = [max(of_line) for of_line in zip(*counts.values(), strict=True)]

    def likely(mark: str) -> tuple[bool, int]:
        own = counts[mark]
        never_lacks = all(count > 0 for count, other in zip(own, most, strict=True) if other > 1)
        return never_lacks and any(own), sum(own) * (1 if never_lacks else sum(count > 0 for count in own))

    return max(SEPARATORS, key=likely)


def _rows(text: str, separator: str, limits: Limits) -> list[list[str]]:
    csv.field_size_limit(limits.cell)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            if len(row) > limits.columns:
                row = _narrow(row, limits)
            cells = [clean(AS_TEXT.sub(r"\1", cell) if AS_TEXT.fullmatch(cell) else cell) for cell in row]
            if len(rows) <= limits.rows + LOOKED_AT:
                rows.append(cells)
            elif any(cells):  # blank lines without end are not kept
                raise Refused("F-ROWS", f"More than {limits.rows:,}|{limits.rows:,}")
    except csv.Error as error:
        raise Refused("F-CORRUPT", "long" if "limit" in str(error) else "quotes") from None
    return rows


def _narrow(row: list[str], limits: Limits) -> list[str]:
    """Spreadsheets export long runs of empty cells; only what holds something counts."""
    while row and not row[-1].strip():
        row.pop()
    if len(row) > limits.columns:
        raise Refused("F-SIZE", f"columns|{len(row):,}|{limits.columns}")
    return row
