"""What the desk's pages show and what its form said: frozen, without models."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

from monitor.local_law import LocalLaw
from monitor.orders.templates import Template


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an order. ``allowed``: its exceptions as data; ``exceptions``: the same in words."""

    code: str
    coded: str
    title: str
    text: str
    says: str
    must: bool = False
    allowed: tuple[dict[str, Any], ...] = ()
    exceptions: tuple[str, ...] = ()


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What the form said; days that could not be read are None, and ``unread`` has them as they were typed.

    ``given`` and ``family`` are opaque in text.
    """

    number: str = ""
    judge: int | None = None
    party: str = ""
    given: str = ""
    family: str = ""
    terms: tuple[str, ...] = ()
    yards: str = ""
    places: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    words: str = ""
    issued_on: date | None = None
    ends_on: date | None = None
    endless: bool = False
    firearm: tuple[str, str, str] = ("", "", "")
    flag: str = ""
    notice: str = ""
    program: int | None = None
    review_on: date | None = None
    review_at: str = ""
    no_review: str = ""
    unread: dict[str, str] = {}

    def __repr__(self) -> str:
        return "<what was typed of an order>"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One version of an order, as the desk tells it. ``notice``: a word of `NOTICES`; "": no sheet of it is here."""

    number: int
    change: str
    ordered_on: date
    at: datetime
    until: datetime | None
    differs: tuple[str, ...]
    notice: str


class OrderLine(msgspec.Struct, frozen=True, kw_only=True):
    """One order of the person, as it stands now. ``template``: "" for one that was not made here.

    ``details``: of its newest sheet the judge, the distance and the classes of places.
    """

    id: int
    case_id: int
    case_number: str
    kind: str
    kind_words: str
    number: str
    stands: str
    in_force: bool
    template: str
    party: int | None
    lines: tuple[Line, ...]
    issued_at: datetime | None
    expires_at: datetime | None
    versions: tuple[Standing, ...]
    served: str
    notice: str
    firearm: tuple[str, str, str, str]
    reads_as: str
    details: dict[str, Any] = {}

    @property
    def protects(self) -> bool:
        """Whether it forbids contact, places or threats, by its terms; never by whether a name is on record."""
        return any(line.coded in ("01", "02", "03", "04", "05") for line in self.lines)

    @property
    def called(self) -> str:
        """How a sentence names it."""
        return f"{self.kind_words} {self.number}".strip()


class Overlap(msgspec.Struct, frozen=True):
    """Orders in force at once. ``said``: which prevails, by what; or that no law on record says it."""

    orders: tuple[str, ...]
    said: str
    open_question: bool


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """The orders of one case, and what a new one may be made of. ``review``: a date that is set already.

    ``unconfirmed``: templates from memory that the site has not confirmed, so that no order is made of them.
    ``warned``: the site has confirmed the warnings of protective orders.
    """

    hearing_id: int
    case_id: int
    court_id: int
    number: str
    respondent: str
    called: str
    born_on: date
    court: str
    room: str
    zone: str
    pack: str
    closed: bool
    judge: int | None
    judges: tuple[tuple[int, str], ...]
    programs: tuple[tuple[int, str], ...]
    closed_days: frozenset[date]
    review: datetime | None
    orders: tuple[OrderLine, ...]
    overlaps: tuple[Overlap, ...]
    templates: tuple[Template, ...]
    unconfirmed: tuple[Template, ...]
    law: LocalLaw
    warned: bool

    def template(self, code: str) -> Template | None:
        """One of those offered."""
        return next((one for one in self.templates if one.code == code), None)

    @property
    def parties(self) -> tuple[tuple[str, str], ...]:
        """Protected persons that orders of this case name already; each by its order, never by a name."""
        known = {one.party: one for one in self.orders if one.party and one.case_id == self.case_id}
        return tuple((str(party), f"The one on {order.called}") for party, order in known.items())


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """What is printed, signed and handed over. ``protected`` is opaque in text."""

    title: str
    court: str
    case_number: str
    order_number: str
    respondent: str
    born_on: date
    protected: str
    judge: str
    change: str
    issued_on: date
    ends_on: date | None
    lines: tuple[Line, ...]
    differs: tuple[str, ...]
    firearm: tuple[str, str, str, str]
    review: str
    notice: str
    reads_as: str
    signed: bool
    template: str
    warned: bool

    def __repr__(self) -> str:
        return f"<paper of {self.order_number}>"
