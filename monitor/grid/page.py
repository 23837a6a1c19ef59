"""The attendance grid as frozen Structs, and the words of its three questions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

import msgspec

# letter on the keyboard, code of the sheet vocabulary, word on the page
CHOICES: Final = (("P", "P", "Present"), ("L", "L", "Late"), ("E", "E", "Excused"), ("N", "U", "No show"),
                  ("D", "D", "Sent away"))  # fmt: skip
OTHERS: Final = (
    ("LN", "Left early or too late, no credit"), ("ABS", "Absent, reason not given"), ("SX", "Sent home, our reason"),
    ("J", "In custody"), ("C", "Class cancelled by us"),
)  # fmt: skip
MADE_UP: Final = (("M", "M", "Made up a class"),)
RATINGS: Final = {
    "ENGAGED": "Took part", "PASSIVE": "Passive", "DISRUPTIVE": "Disruptive",
    "DENIED_OR_BLAMED": "Denied or blamed others", "UNDER_INFLUENCE": "Seemed under the influence",
}  # fmt: skip
CONCERNS: Final = {
    "THREAT": "A threat", "WEAPON": "A weapon", "CONTACT": "Contact that an order may forbid",
    "SELF_HARM": "Harm to himself or herself", "OTHER": "Something else that cannot wait",
}  # fmt: skip
GROUNDS: Final = {
    "SAID_IN_CLASS": "The participant said it in class", "SEEN_IN_CLASS": "Staff saw it",
    "TOLD_STAFF": "The participant told staff outside class",
}  # fmt: skip


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody entered about one person: attendance, participation and concern are three questions."""

    says: str = ""
    other: str = ""
    late: str = ""
    note: str = ""
    makes_up: str = ""
    rating: str = ""
    concern: str = ""
    ground: str = ""
    reason: str = ""

    @property
    def code(self) -> str:
        """The code of the sheet vocabulary, from whichever control it was chosen in; empty: not marked."""
        return self.says or self.other


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One person on the grid. ``stands``: the code on record; ``missed``: days that a visit may make up.

    ``ended``: the last day of the participant's release, once it is over: nothing more is taken.
    ``closed``: the day on which the court closed the case, where the class was later; nor is it then. ``closing``: the
    same where the class was held by then: what happened at it is still taken, and nobody has to tell it.
    """

    key: int
    code: str
    name: str
    visits: bool
    stands: str = ""
    stands_late: int | None = None
    rated: str = ""
    told: tuple[str, ...] = ()
    missed: tuple[date, ...] = ()
    mark: Mark = Mark()
    error: str = ""
    ended: date | None = None
    closed: date | None = None
    closing: date | None = None

    @property
    def owed(self) -> bool:
        """Whether the class is not whole without this person."""
        return not (self.shut or self.closing)

    @property
    def shut(self) -> bool:
        """Whether nothing more is taken for this person: the release has ended, or the court has closed the case."""
        return bool(self.ended or self.closed)

    @property
    def choices(self) -> tuple[tuple[str, str, str], ...]:
        """Letter, code and word of each radio button."""
        return MADE_UP if self.visits else CHOICES


class Choice(msgspec.Struct, frozen=True):
    """Somebody of another group who may come to make up a class."""

    key: int
    name: str


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    """One class. ``token`` stands for what is on record; a save with another one is refused.

    ``certified``: its month is signed, so every change needs a reason.
    """

    group_id: int
    program_id: int
    group: str
    program: str
    on: date
    minutes: int
    rows: tuple[Row, ...]
    others: tuple[Choice, ...]
    token: str
    draft_at: datetime | None = None
    certified: bool = False

    @property
    def unmarked(self) -> tuple[Row, ...]:
        """Who has no mark yet."""
        return tuple(row for row in self.rows if not row.mark.code and row.owed)

    @property
    def on_record(self) -> int:
        """Of how many people something is on record."""
        return sum(bool(row.stands) for row in self.rows)

    @property
    def errors(self) -> dict[str, str]:
        """By the row's anchor: what needs another look, each with the person's name."""
        return {f"row-{row.key}": row.error for row in self.rows if row.error}


class ClassLine(msgspec.Struct, frozen=True):
    """One class of a group in the list: of how many people something is on record, of how many it could be."""

    group_id: int
    group: str
    on: date
    recorded: int
    people: int
    missing: tuple[Choice, ...] = ()
    cancelled: bool = False

    @property
    def due_on(self) -> date:
        """A class is due by the morning after it; from the day behind that on it is late."""
        return self.on + timedelta(days=1)

    @property
    def complete(self) -> bool:
        """Whether everybody of the group is on record, or the class did not take place."""
        return self.recorded >= self.people
