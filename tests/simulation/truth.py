"""What became true in one program, and the papers that tell it: two people, three Mondays, overlapping sheets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Final

import msgspec

from monitor.intake.reading.tables import Reading, Table
from tests.builders import weekly

MONDAYS: Final = tuple(weekly(date(2026, 1, 12), 3))
WORDS: Final = {"P": "Present", "ABS": "Absent"}
Cell = tuple[int, date]  # whose (0 or 1), and which Monday


class Paper(msgspec.Struct, frozen=True):
    """One sheet: what it says of each person and day. ``whole``: it is complete, and says so."""

    name: str
    says: dict[Cell, str]
    whole: bool = False

    def read(self, codes: list[str]) -> Reading:
        """As the child process would hand it over; the people are named by their participant codes."""
        rows = [["Client ID", "Date", "Status"]]
        rows += [[codes[who], day.isoformat(), WORDS[word]] for (who, day), word in self.says.items()]
        return Reading([Table(rows)])


class Truth(msgspec.Struct, frozen=True):
    """What is so in the end, the papers on the way there, and what the officer decides about each absence."""

    says: dict[Cell, str]
    papers: tuple[Paper, ...]
    decided: dict[Cell, str]

    @property
    def at_first(self) -> dict[Cell, str]:
        """What the first two sheets say, mistakes and all."""
        return self.papers[0].says | self.papers[1].says

    @property
    def ends_with_the_third(self) -> bool:
        """That sheet puts something right about somebody of whom nothing is left to be decided then."""
        first = self.at_first
        left = {who for who, day in self.decided if first[who, day] != "ABS"}
        return any(who not in left for (who, day), word in first.items() if word != self.says[who, day])


def truth_of(seed: int) -> Truth:
    """The same each time. The first two sheets hold up to two mistakes, which the third puts right."""
    random = Random(seed)
    cells = [(who, day) for day in MONDAYS for who in (0, 1)]
    says = {cell: random.choice(("P", "ABS")) for cell in cells}
    wrong = {cell: "ABS" if says[cell] == "P" else "P" for cell in random.sample(cells, random.randint(0, 2))}
    first = says | wrong
    papers = (
        Paper("a", _of(first, MONDAYS[:2])), Paper("b", _of(first, MONDAYS[1:])), Paper("c", dict(says), whole=True),
    )  # fmt: skip
    decided = {cell: random.choice(("EXCUSED", "UNEXCUSED")) for cell in _absences(says) if random.random() < 0.6}
    return Truth(says, papers, decided)


def _of(says: dict[Cell, str], days: tuple[date, ...]) -> dict[Cell, str]:
    return {cell: word for cell, word in says.items() if cell[1] in days}


def _absences(says: dict[Cell, str]) -> Iterator[Cell]:
    return (cell for cell, word in says.items() if word == "ABS")
