"""The person's page as frozen Structs. Four words for compliance and a sentence, never a score."""

from __future__ import annotations

from datetime import date, datetime

import msgspec


class Matter(msgspec.Struct, frozen=True):
    """One thing that waits: a flag or an absence to decide. ``path`` leads to it; ``more``: to others just like it."""

    path: str
    title: str
    sentence: str
    since: date
    due_on: date | None
    owner: str
    response_class: str | None
    seen: bool
    contested: bool
    more: tuple[tuple[str, str], ...] = ()


class ConditionLine(msgspec.Struct, frozen=True):
    """One duty. ``status``: met, partly_met, not_met, not_reported, not_yet_due, or "" with ``instead`` in words."""

    title: str
    due: str
    status: str
    instead: str
    facts: tuple[str, ...]


class Strip(msgspec.Struct, frozen=True):
    """The classes of one place in a program: (kind, day) marks, oldest first, ending with those to come."""

    id: str
    title: str
    marks: tuple[tuple[str, str], ...]


class Coming(msgspec.Struct, frozen=True):
    """A date ahead. ``at`` where there is an hour. ``who``: whose it is to do."""

    on: date
    what: str
    at: datetime | None = None
    who: str = ""


class Held(msgspec.Struct, frozen=True):
    """A date before the court; ``outcome`` "" while it lies ahead or was not entered."""

    id: int
    starts_at: datetime
    kind: str
    room: str
    outcome: str
    past: bool


class Happened(msgspec.Struct, frozen=True):
    """One line of the last weeks."""

    on: date
    text: str
    source: str
    path: str = ""


class CaseLink(msgspec.Struct, frozen=True):
    """Another case of the same person that this office shares."""

    id: int
    number: str


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """Who and which case."""

    person_id: int
    name: str
    born_on: date
    age: int
    language: str
    case_id: int
    number: str
    court: str
    judge: str
    zone: str
    officer: str
    closed_on: date | None
    others: tuple[CaseLink, ...]


class TookPart(msgspec.Struct, frozen=True):
    """How somebody took part in a program's newest classes, in its own words."""

    program: str
    classes: tuple[str, ...]


class PersonPage(msgspec.Struct, frozen=True, kw_only=True):
    """The overview: heading, order in force, what waits, what comes, the duties, classes, hearings, last weeks.

    ``unsure``: what the rules cannot tell for certain, with counts as ranges; nobody's flag, and no status.
    ``level``: what an assessor found, until when or since when it is out of date; "" where nobody entered one.
    ``stops``: what stops time today.
    """

    heading: Heading
    custody: str
    stops: tuple[str, ...]
    level: str
    orders: tuple[str, ...]
    counts: dict[str, int]
    needs: tuple[Matter, ...]
    elsewhere: tuple[Matter, ...]
    unsure: tuple[str, ...]
    coming: tuple[Coming, ...]
    conditions: tuple[ConditionLine, ...]
    strips: tuple[Strip, ...]
    took_part: tuple[TookPart, ...]
    hearings: tuple[Held, ...]
    happened: tuple[Happened, ...]
    as_of: tuple[str, ...]
