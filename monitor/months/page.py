"""A month of a program as frozen Structs, and the words of the report's questions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

import msgspec

RESPONSIBILITY: Final = {"TAKES": "Takes responsibility", "PARTLY": "Partly", "NOT_YET": "Not yet"}
RECOMMENDATIONS: Final = {
    "CONTINUE": "Continue", "REVIEW": "Talk about it at the next court date", "RETURN_TO_COURT": "Return to court",
}  # fmt: skip
MANY_ABSENCES: Final = 3
# what a signed report says of the record, in the words of its page
FACTS: Final = {
    "attended": "Attended", "held": "Of classes", "late": "Late", "excused": "Excused", "no_credit": "No credit",
    "no_reason": "Reason not given", "no_show": "No show", "custody": "In custody", "total": "In all",
}  # fmt: skip


class ReportLine(msgspec.Struct, frozen=True, kw_only=True):
    """One person and month, from the record. ``missing``: class days without a word about the person.

    ``held``: classes that the person could have come to, so neither custody nor an intake. ``no_credit``: came late or
    was sent away, without credit. ``no_reason``: absent, and why is not known; that is no ``no_show``.

    ``released``: whom the participant's release lets the program tell; ``ended``: its last day, once it is over.
    ``closed``: the day on which the court closed the case; no report is signed in it then.
    ``sent``: what the signed report says.
    """

    place_id: int
    name: str
    number: str
    held: int
    attended: int
    late: int
    excused: int
    no_show: int
    no_reason: int
    no_credit: int
    custody: int
    intakes: int
    total: int
    rating: str
    missing: tuple[date, ...]
    signed_at: datetime | None
    recommendation: str
    released: tuple[str, ...] = ("probation", "court")
    ended: date | None = None
    closed: date | None = None
    sent: dict[str, Any] = {}

    @property
    def changed(self) -> tuple[str, ...]:
        """What the record says otherwise by now than the signed report did, in words."""
        pairs = ((said, self.sent.get(name), getattr(self, name)) for name, said in FACTS.items())
        return tuple(f"{said}: {then} then, {now} now" for said, then, now in pairs if then is not None and then != now)

    @property
    def plain(self) -> bool:
        """Nothing special: everything recorded, each class attended for credit, and somebody may be told."""
        special = self.missed or self.no_credit or self.custody or self.intakes or self.closed
        return not self.missing and not special and not self.ended and bool(self.told)

    @property
    def missed(self) -> int:
        """Classes that the person could have come to and did not."""
        return self.excused + self.no_show + self.no_reason

    @property
    def apart(self) -> tuple[str, ...]:
        """What was not plainly a class attended in time and for credit, in words."""
        counted = (
            (self.late, "late"), (self.no_credit, "without credit"), (self.excused, "excused"),
            (self.no_reason, "reason not given"), (self.no_show, "no show"), (self.custody, "in custody"),
            (self.intakes, "intake"),
        )  # fmt: skip
        return tuple(f"{number} {said}" for number, said in counted if number)

    @property
    def told(self) -> tuple[str, ...]:
        """Whom a report goes to."""
        return tuple(one for one in ("probation", "court") if one in self.released) if not self.ended else ()


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """One month of the agency's programs. ``signed_as``: who signed it, "" while nobody has."""

    first: date
    last: date
    lines: tuple[ReportLine, ...]
    totals: tuple[tuple[str, int], ...]
    signed_as: str
    signed_at: datetime | None
    over: bool

    @property
    def title(self) -> str:
        """February 2026."""
        return f"{self.first:%B %Y}"

    @property
    def unsigned(self) -> tuple[ReportLine, ...]:
        """Whose report is not signed, and can be."""
        return tuple(one for one in self.lines if one.signed_at is None and one.closed is None)

    @property
    def plain(self) -> tuple[ReportLine, ...]:
        """Reports without anything special, to sign at once; none while the month goes on."""
        return tuple(one for one in self.unsigned if one.plain and self.over)

    @property
    def gaps(self) -> int:
        """Class days without a word about somebody."""
        return sum(len(one.missing) for one in self.lines)


class Owed(msgspec.Struct, frozen=True):
    """What the program has to do: what, about whom, by when. ``late``: the day is over. ``at_once``: no day is set.

    ``about``: the absence that the program has to tell of, where it is that, and ``of`` the day of its class.
    """

    what: str
    place_id: int
    name: str
    due_on: date
    late: bool
    at_once: bool = False
    about: int | None = None
    of: date | None = None


class Wanted(msgspec.Struct, frozen=True, order=True):
    """How many reports that nobody has signed yet are wanted by one day, and who says so, as a sentence."""

    on: date
    source: str
    people: int


class MonthLine(msgspec.Struct, frozen=True):
    """A month in the list. ``wanted``: by when its open reports are, first day first; ``places``: each with its day."""

    first: date
    title: str
    people: int
    signed: int
    certified: bool
    wanted: tuple[Wanted, ...] = ()
    places: tuple[tuple[int, date], ...] = ()

    @property
    def due_on(self) -> date | None:
        """The first day on which one of them is; None: none is open."""
        return self.wanted[0].on if self.wanted else None

    @property
    def open(self) -> int:
        """Reports that nobody has signed yet."""
        return self.people - self.signed

    def late(self, today: date) -> int:
        """How many of them are over their day."""
        return sum(one.people for one in self.wanted if one.on < today)
