"""What one version of the matrix says: classes with their clocks, a cell for each level and step, and incentives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

CLASSES: Final = ("A", "B", "C", "D", "E")
# the columns; which level that an assessor enters belongs to which is the team's to say
LEVELS: Final = {"STANDARD": "Standard", "ELEVATED": "Elevated", "HIGH": "High"}
STEPS: Final = {1: "1st", 2: "2nd", 3: "3rd or later"}
# the hand-offs that have a clock, in their order
CLOCKS: Final = {
    "source": "Source tells probation", "open": "Probation opens the flag", "respond": "Response recorded",
    "report": "Report to the court, if going", "decide": "The prosecutor decides", "hearing": "Hearing",
}  # fmt: skip
NO_CLOCK: Final = "none"
MOST_LINES: Final = 8
MOST_LENGTH: Final = 160
CLOCK_HINT: Final = (
    "For instance: same day, 5 court days, 14 days, next review within 30 days, next report, first available, none"
)
_CLOCK: Final = re.compile(
    r"none|same day|next report|first available|\d{1,3} (?:court )?days?|next review within \d{1,3} days"
)


class Cell(msgspec.Struct, frozen=True):
    """The menu of one class, level and step, mild to strong. ``here``: the office's own; ``court``: with the court.

    ``becomes``: this step is answered as one of another class.
    """

    here: tuple[str, ...] = ()
    court: tuple[str, ...] = ()
    becomes: str = ""


class ClassText(msgspec.Struct, frozen=True):
    """A class in words, with its clocks by name of `CLOCKS`."""

    meaning: str
    examples: str
    clocks: Mapping[str, str]


class Content(msgspec.Struct, frozen=True):
    """One version. ``cells`` by "B.ELEVATED.2". ``steps_met`` and ``incentives``: what is recorded on
    the good side. ``columns``: by level as assessors enter it; one that has none drives nothing."""

    classes: Mapping[str, ClassText]
    cells: Mapping[str, Cell]
    steps_met: tuple[str, ...]
    incentives: tuple[str, ...]
    columns: Mapping[str, str] = {}

    def cell(self, response_class: str, level: str, step: int) -> tuple[str, Cell]:
        """The class under which it is answered, and its menu."""
        found = self.cells.get(key_of(response_class, level, step), Cell())
        if found.becomes:
            return found.becomes, self.cells.get(key_of(found.becomes, level, step), Cell())
        return response_class, found


def key_of(response_class: str, level: str, step: int) -> str:
    """B.ELEVATED.2"""
    return f"{response_class}.{level}.{step}"


def keys(response_class: str) -> Iterator[tuple[str, int, str]]:
    """Level, step and key of each cell of a class."""
    for level in LEVELS:
        for step in STEPS:
            yield level, step, key_of(response_class, level, step)


def read(stored: Mapping[str, Any]) -> Content:
    """From a row of the record. A clock that its team never wrote is none."""
    content, none = msgspec.convert(stored, Content), dict.fromkeys(CLOCKS, NO_CLOCK)
    whole = {
        name: msgspec.structs.replace(one, clocks={**none, **one.clocks}) for name, one in content.classes.items()
    }
    return msgspec.structs.replace(content, classes=whole)


def stored(content: Content) -> dict[str, Any]:
    """As a row of the record keeps it."""
    found: dict[str, Any] = msgspec.to_builtins(content)
    return found


def clock_days(clock: str) -> tuple[int, bool] | None:
    """How many days, and whether they are court days; None: the clock has no day of its own."""
    if clock == "same day":
        return 0, False
    number = re.search(r"\d+", clock)
    return (int(number.group()), "court" in clock) if number else None


def clock_fault(text: str) -> str:
    """What is wrong with a clock as typed; "" for nothing."""
    return "" if _CLOCK.fullmatch(text) else f"Write the time like one of these. {CLOCK_HINT}."


def lines_of(text: str) -> tuple[str, ...]:
    """One response a line, without empty ones."""
    return tuple(line for one in text.splitlines() if (line := " ".join(one.split())))


def lines_fault(lines: tuple[str, ...]) -> str:
    """What is wrong with a menu as typed."""
    if len(lines) > MOST_LINES:
        return f"At most {MOST_LINES} lines: a menu that nobody can read is no menu."
    if any(len(line) > MOST_LENGTH for line in lines):
        return f"At most {MOST_LENGTH} characters a line."
    return ""
