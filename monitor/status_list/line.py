"""One case of the list, in words, and the list as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec

from monitor.intake.problems import safe_cell
from monitor.wording import moment

HEADS: Final = (
    "Case", "Name", "Court", "Order", "Conditions", "Program", "Next hearing", "Last outcome", "Warrant",
)  # fmt: skip
STAMP: Final = "Status list of all courts, for community advocates, as of {at}"


class Line(msgspec.Struct, frozen=True):
    """A case as the list shows it. All words: what a page prints, a file holds and a browser compares are the same."""

    number: str
    name: str
    court: str
    order: str
    codes: str
    program: str
    next_hearing: str
    last_outcome: str
    warrant: str


class StatusList(msgspec.Struct, frozen=True):
    """``lines`` by name, then number. ``zone``: whose clock the stamp is in, the same for every reader."""

    lines: tuple[Line, ...]
    as_of: datetime
    zone: str

    @property
    def stamp(self) -> str:
        """For whom and as of when (safeguard B11)."""
        return STAMP.format(at=moment(self.as_of, self.zone))


def as_file(found: StatusList) -> bytes:
    """The list as CSV: no reader's name on it, so that it is the same file for everybody."""
    out = io.StringIO()
    rows: Iterable[tuple[str, ...]] = [(found.stamp,), HEADS, *(msgspec.structs.astuple(one) for one in found.lines)]
    csv.writer(out, lineterminator="\r\n").writerows([safe_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")
