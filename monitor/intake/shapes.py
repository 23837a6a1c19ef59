"""What kind of sheet a file is: its column names and layout, whatever dates and people stand in it this week."""

from __future__ import annotations

import hashlib
from datetime import date

import msgspec

from monitor.intake.cells.headers import WHO, field_of, fold_header, session_header
from monitor.intake.reading.tables import Reading
from monitor.intake.roster import Finder
from monitor.intake.stacks import find_stacks
from monitor.safety_lint import is_clean

CLASSES, PEOPLE = "a column for each class", "a column for each person"
LONGEST = 300


class Shape(msgspec.Struct, frozen=True):
    """``signature``: SHA-256; empty where no table was found. ``columns``: for people, without anybody's name."""

    signature: str = ""
    columns: str = ""


def shape_of(reading: Reading, today: date, finder: Finder) -> Shape:
    """The same for next week's sheet of the same kind."""
    headers = [
        _normal(stack.header, today)
        for table in reading.tables
        for stack in find_stacks(table.rows, today, finder)
    ]  # fmt: skip
    if not headers:
        return Shape()
    once = list(dict.fromkeys(headers))
    signature = hashlib.sha256(msgspec.json.encode(sorted(once))).hexdigest()
    words = "; ".join(", ".join(cell for cell in header if is_clean(cell)) for header in once)
    return Shape(signature, words[:LONGEST])


def _normal(header: list[str], today: date) -> tuple[str, ...]:
    cells = [cell for cell in header if cell]
    across = not any(field_of(cell) in WHO for cell in cells)
    found: dict[str, None] = {}
    for cell in cells:
        field, session = field_of(cell), session_header(cell, today)
        if field == "ours":
            continue
        if session and field in ("", "session_number", "ignored", "group"):
            found[CLASSES] = None
        else:
            found[PEOPLE if across and not field else fold_header(cell)] = None
    return tuple(found)
