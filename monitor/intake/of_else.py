"""Sheets with people and days that are about something else: fees, homework, tests. A "P" there is no class."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.intake.cells.dates import DAYS
from monitor.intake.cells.preamble import GROUP_WORDS, JOINING, TITLE_MONTH
from monitor.intake.sheet import Sheet

CODE = "H-NOT-ATTENDANCE"
OF_ELSE = frozenset(
    "fee fees payment payments paid billing invoice invoices balance balances receipts copay copays pago pagos cuota"
    " cuotas homework assignment assignments tarea tareas drug alcohol ua uas urinalysis breathalyzer sobriety"
    " ratings rating scores score grades grade quiz quizzes phone telephone".split()
)
# what else such a title may hold
BESIDE = frozenset(
    "log logs tracker tracking results result received collected weekly check checkin checkins in ins call calls test"
    " tests testing scale participation and y e due sign chart list class classes session sessions".split()
)
OF_MARKS = frozenset("attendance asistencia".split())
LONGEST = 100
PLAIN = re.compile(r"[^:=$@]*")  # "Phone: …", "Fee $25" say something of the program
OF_CLASS = re.compile(rf"(?:{DAYS})[a-z]*|[ap]m")
WORD = re.compile(r"[^\W\d_]+")


def title_of_else(sheet: Sheet) -> str:
    """The title over the table, or else the name of the sheet, that says that it is no attendance; or empty."""
    lines = [list(dict.fromkeys(cell for cell in row if cell)) for row in sheet.above]
    titles = [row[0] for row in lines if len(row) == 1]
    if any(OF_MARKS & set(_words(title)) for title in (sheet.table.sheet, *(cell for row in lines for cell in row))):
        return ""
    return next((title for title in (*titles, sheet.table.sheet) if _is_of_else(title)), "")


def _is_of_else(title: str) -> bool:
    words = _words(title)
    told = OF_ELSE & set(words)
    known = OF_ELSE | BESIDE | GROUP_WORDS | JOINING
    plain = len(title) <= LONGEST and PLAIN.fullmatch(title) is not None
    return bool(told) and plain and all(
        word in known or TITLE_MONTH.fullmatch(word) or OF_CLASS.fullmatch(word) for word in words)


def _words(title: str) -> Sequence[str]:
    return WORD.findall(title[:LONGEST].lower())
