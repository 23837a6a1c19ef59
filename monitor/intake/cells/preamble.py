"""The lines above the table, and the sheet's own key to its signs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from monitor.intake.cells.statuses import fold_word
from monitor.intake.vocabulary import status_codes

LABELS = "group|grupo|program|session date|class date|date|week of|month|facilitator|start date|first session|provider"
LABELLED = re.compile(
    rf"({LABELS})\s*[:=]\s*([^;|]+?)(?=\s{{2,}}|$|\s(?:{LABELS})\s*[:=])",
    re.IGNORECASE,
)
KEY = re.compile(
    r"(?:^|[\s,;:(|])([A-Za-z0-9/✓✔✗✘]{1,4})\s*=\s*"
    r"(present|absent|excused|unexcused|late|make-?up|no show|attended|presente|ausente|justificada)",
    re.IGNORECASE,
)
# a person may be called Key, Count or Summers: a comma or a longer word is no footer
FOOTER = re.compile(
    r"(?:(?:total|totals|grand total|present|absent|count|sum|facilitator|signature|prepared by|# ?present|legend)\b"
    r"(?!\s*,)|(?:notes?|key)\s*[:=]|p ?=|page \d)",
    re.IGNORECASE,
)
START = ("first session", "start date", "week of")
HELD_ON = ("session date", "class date", "date")


def joined(row: Sequence[str]) -> str:
    """A line in words; a merged title, repeated over its cells, is said once."""
    cells: list[str] = []
    for cell in row:
        if cell and (not cells or cells[-1] != cell):
            cells.append(cell)
    return "  ".join(cells)


def labelled(rows: Iterable[Sequence[str]]) -> dict[str, str]:
    """"Group: MON-6PM" and the like, by label in lower case."""
    found: dict[str, str] = {}
    for row in rows:
        for label, value in LABELLED.findall(joined(row)):
            found[label.lower()] = value.strip(" ,")
    if "grupo" in found:
        found.setdefault("group", found["grupo"])
    return found


def read_key(rows: Iterable[Sequence[str]]) -> dict[str, str]:
    """Sign in lower case to status code, from a line like "X = present  O = absent"."""
    found: dict[str, str] = {}
    for row in rows:
        for sign, word in KEY.findall(" ; ".join(cell for cell in row if cell)):
            if code := status_codes().get(fold_word(word)):
                found[sign.lower()] = code
    return found


def is_footer(row: Sequence[str]) -> bool:
    """Totals, signatures and keys below the table."""
    return bool(FOOTER.match(next((cell for cell in row if cell), "")))
