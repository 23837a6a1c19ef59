"""Places as a program sees them: frozen, cut to what the access matrix gives a program."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from monitor.enrollment.moves import TITLES, Move, State
from monitor.group_days import Turn, turn_on
from monitor.releases import Released


class PlaceLine(msgspec.Struct, frozen=True, kw_only=True):
    """One place in the list. ``contact_by``: the third day after the referral, while nobody reached the person.

    ``group`` is today's; ``next_group`` and ``next_on`` a move that is entered and still to come.
    """

    id: int
    code: str
    name: str
    number: str
    group: str
    state: State
    since: date
    referred_at: datetime
    contact_by: date | None
    court_on: date | None
    next_group: str = ""
    next_on: date | None = None

    @property
    def title(self) -> str:
        """The state in words."""
        return TITLES[self.state]


class PlacesPage(msgspec.Struct, frozen=True):
    """The agency's places: new referrals first, then whoever waits, then the groups, then those who left."""

    referrals: tuple[PlaceLine, ...]
    waiting: tuple[PlaceLine, ...]
    enrolled: tuple[PlaceLine, ...]
    left: tuple[PlaceLine, ...]


class EventLine(msgspec.Struct, frozen=True):
    """Something that happened to the place."""

    said: str
    on: date
    known_at: datetime
    words: str = ""


class Lack(msgspec.Struct, frozen=True):
    """What a certificate would lack: have and need, in words of the duty; and the provision that asks for it."""

    said: str
    provision: str


class LastEntry(msgspec.Struct, frozen=True):
    """The newest entry of a place. ``why_not`` says why it cannot be taken back; empty while it can."""

    entered_at: datetime
    entered_by: int | None
    why_not: str = ""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One place. ``moves``: what can be done now; ``lacks`` stands only where completion is one of them.

    ``seat_on`` only while the person waits; ``not_before``: no step lies before that day; ``away``: days of leave.
    """

    line: PlaceLine
    case_id: int
    program_id: int
    language: str
    events: tuple[EventLine, ...]
    moves: tuple[Move, ...]
    groups: tuple[tuple[int, str], ...]
    programs: tuple[tuple[int, str], ...]
    lacks: tuple[Lack, ...] = ()
    seat_on: date | None = None
    release: Released | None = None
    token: str = ""
    last: LastEntry | None = None
    turns: tuple[Turn, ...] = ()
    not_before: date | None = None
    away: frozenset[date] = frozenset()

    def group_on(self, day: date) -> int | None:
        """The group that is on record for a day."""
        return turn_on(self.turns, day).group_id if self.turns else None
