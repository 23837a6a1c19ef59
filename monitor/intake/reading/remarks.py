"""Comments that somebody put on cells: offered as the row's reason, never kept unasked."""

from __future__ import annotations

import re

from monitor.intake.reading.delimited import clean
from monitor.intake.reading.package import Attributes, Package
from monitor.intake.reading.tables import Limits, Refused
from monitor.intake.reading.worksheet import ADDRESS, column_number

COMMENTS_PART = re.compile(r"xl/(?:worksheets/)?comments/?[A-Za-z0-9_.-]*\.xml\Z")
# what Excel writes into the comment that stands for a conversation, for readers that know none
THREADED = re.compile(r"\[Threaded comment\].{0,400}?(?:Comment|Comentario):\s*", re.IGNORECASE | re.DOTALL)
MOST = 2_000
LONGEST = 300


def read_remarks(package: Package, sheet_part: str, limits: Limits) -> list[tuple[int, int, str]]:
    """(row, column, text) of the comments that belong to ``sheet_part``."""
    comments = _Comments(limits.cell)
    for part in _comment_parts(package, sheet_part):
        package.scan(part, comments.start, comments.text, comments.end)
    return comments.found


def _comment_parts(package: Package, sheet_part: str) -> list[str]:
    relations = sheet_part.replace("worksheets/", "worksheets/_rels/") + ".rels"
    if relations not in package.names:
        return []
    parts: list[str] = []

    def relation(tag: str, given: Attributes) -> None:
        if tag == "Relationship" and given.get("Type", "").rpartition("/")[2] == "comments":
            target = given.get("Target", "")
            name = target.lstrip("/") if target.startswith("/") else "xl/" + target.removeprefix("../")
            if COMMENTS_PART.fullmatch(name) and name in package.names:
                parts.append(name)

    package.scan(relations, relation)
    return parts


class _Comments:
    """Gathers the comments of one sheet: row, column and words."""

    def __init__(self, most: int) -> None:
        self.found: list[tuple[int, int, str]] = []
        self._most, self._place, self._pieces = most, (0, 0), [""]

    def start(self, tag: str, given: Attributes) -> None:
        if tag == "comment":
            match = ADDRESS.match(given.get("ref", ""))
            self._pieces, self._place = [], (int(match[2]), column_number(match[1])) if match else (0, 0)

    def text(self, data: str) -> None:
        if len(self._pieces) < self._most:
            self._pieces.append(data[: 3 * LONGEST])

    def end(self, tag: str) -> None:
        if tag != "comment":
            return
        words = clean(THREADED.sub("", "".join(self._pieces), count=1))[:LONGEST]
        if self._place[0] and words:
            if len(self.found) >= MOST:
                raise Refused("F-SIZE", f"comments|{MOST:,}")
            self.found.append((*self._place, words))
