"""What a quarter's measures say: numbers that may be published, None where one is hidden. Nothing in it is an id."""

from __future__ import annotations

from typing import Any

import msgspec


class AgencyLine(msgspec.Struct, frozen=True):
    """One agency of one gap; ``percent``: in time."""

    name: str
    in_time: int
    missed: int
    percent: int | None


class GapLine(msgspec.Struct, frozen=True, kw_only=True):
    """One gap. ``many``: what began in the quarter and has a target. ``late``: done late; ``past``: open past it.

    ``median``, ``p90``: as words, or ``MORE`` where that many are not done within what was seen. ``loss``: M18.
    """

    measure: str
    title: str
    from_to: str
    start: str
    end: str
    target: str
    source: str
    many: int | None
    in_time: int | None
    missed: int | None
    late: int | None
    past: int | None
    percent: int | None
    median: str
    p90: str
    loss: int | None
    agencies: tuple[AgencyLine, ...] = ()


class Bands(msgspec.Struct, frozen=True):
    """Counts in bands, as words: exact of what was done in the quarter, "about 70" where two reports could be
    subtracted from each other."""

    measure: str
    title: str
    bands: tuple[tuple[str, str | None], ...]
    total: str | None


class Share(msgspec.Struct, frozen=True):
    """One share or rate in words; "" where it is hidden. ``means``: the definition that is printed beside it."""

    measure: str
    title: str
    value: str
    means: str


class NotHeld(msgspec.Struct, frozen=True):
    """A measure that the record has no facts for, and why."""

    measure: str
    title: str
    why: str


class Content(msgspec.Struct, frozen=True):
    """One quarter."""

    gaps: tuple[GapLine, ...] = ()
    waiting: tuple[Bands, ...] = ()
    cohort: tuple[Share, ...] = ()
    standing: tuple[Bands, ...] = ()
    consistency: tuple[Share, ...] = ()
    outside: tuple[Bands, ...] = ()
    rules: tuple[Share, ...] = ()
    burden: tuple[Share, ...] = ()
    not_held: tuple[NotHeld, ...] = ()


def stored(content: Content) -> dict[str, Any]:
    """As the record keeps it."""
    found: dict[str, Any] = msgspec.to_builtins(content)
    return found


def read(kept: dict[str, Any]) -> Content:
    """From the record."""
    return msgspec.convert(kept, Content)
