"""Comments that somebody put on cells: offered as the row's reason, never kept unasked."""

from __future__ import annotations

import re

from monitor.intake.reading.delimited import clean
from monitor.intake.reading.package import Attributes, OnEnd, OnStart, OnText, Package
from monitor.intake.reading.tables import Limits, Refused
from monitor.intake.reading.worksheet import ADDRESS, column_number

COMMENTS_PART = re.compile(r"xl/(?:worksheets/)?comments/?[A-Za-z0-9_.-]*\.xml\Z")
# what Excel writes into the comment that stands for a conversation, for readers that know none
THREADED = re.compile(r"\[Threaded comment\].{0,400}?(?:Comment|Comentario):\s*", re.IGNORECASE | re.DOTALL)
MOST = 2_000
LONGEST = 300


def read_remarks(package: Package, sheet_part: str, limits: Limits) -> list[tuple[int, int, str]]:
    """(row, column, text) of the comments that belong to ``sheet_part``."""
    found: list[tuple[int, int, str]] = []
    for part in _comment_parts(package, sheet_part):
        package.scan(part, *_collector(found, limits))
    return found


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


def _collector(found: list[tuple[int, int, str]], limits: Limits) -> tuple[OnStart, OnText, OnEnd]:
    place = [(0, 0)]
    pieces: list[str] = []

    def start(tag: str, given: Attributes) -> None:
        if tag == "comment":
            pieces.clear()
            match = ADDRESS.match(given.get("ref", ""))
            place[0] = (int(match[2]), column_number(match[1])) if match else (0, 0)

    def text(data: str) -> None:
        if len(pieces) < limits.cell:
            pieces.append(data[: 3 * LONGEST])

    def end(tag: str) -> None:
        words = clean(THREADED.sub("", "".join(pieces), count=1))[:LONGEST]
        if tag == "comment" and place[0][0] and words:
            if len(found) >= MOST:
                raise Refused("F-SIZE", f"comments|{MOST:,}")
            found.append((*place[0], words))

    return start, text, end

