"""Where one order stands at an instant, from its versions and the proof of its service. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

# what an officer can see broken at a door; duties of supervision and programs are no business of a call (matrix, 5-8)
PROTECTIVE = (
    "01", "02", "03", "04", "05", "06", "07", "08", "09", "NO_CONTACT", "STAY_AWAY", "FIREARM_SURRENDER",
    "FIREARM_PROHIBITION",
)  # fmt: skip
FIREARMS_ALONE = ("07", "FIREARM_SURRENDER", "FIREARM_PROHIBITION")
TERMINATING, EXPIRING, UNSURE = ("TERMINATED", "VACATED"), ("EXPIRED",), ("SUSPENDED",)


class Verdict(StrEnum):
    """The first word. Ordered: of several orders that guard somebody alike (`guards`) the first one here leads."""

    ACTIVE = "ACTIVE"
    NOT_SERVED = "ACTIVE, NOT SERVED"
    CANNOT_CONFIRM = "CANNOT CONFIRM"
    PENDING = "PENDING"
    POSSIBLE = "POSSIBLE"
    EXPIRED = "EXPIRED"
    TERMINATED = "TERMINATED"
    NO_MATCH = "NO MATCH"


LIVE = (Verdict.ACTIVE, Verdict.NOT_SERVED, Verdict.CANNOT_CONFIRM, Verdict.PENDING)


class Line(msgspec.Struct, frozen=True):
    """One condition, by its code; ``exceptions`` are what the court allows nevertheless."""

    code: str
    exceptions: tuple[str, ...] = ()


class Version(msgspec.Struct, frozen=True):
    """What an order says from one instant to another, half-open."""

    id: int
    change: str
    effective_from: datetime
    effective_to: datetime | None
    expires_at: datetime | None
    lines: tuple[Line, ...]


class Standing(msgspec.Struct, frozen=True):
    """The verdict on one order, the version that it comes from, and the last service before now."""

    verdict: Verdict
    version: Version | None = None
    served_at: datetime | None = None


def standing(versions: Sequence[Version], served: Sequence[datetime], now: datetime) -> Standing:
    """Where an order stands at ``now``; at the very instant of its expiry it has expired."""
    known = sorted(versions, key=lambda one: one.effective_from)
    begun = [one for one in known if one.effective_from <= now]
    inside = [one for one in begun if one.effective_to is None or now < one.effective_to]
    ahead = [one for one in known if one.effective_from > now]
    last = max((at for at in served if at <= now), default=None)
    verdict = _of(inside[-1], last, now) if inside else None
    if verdict in LIVE:
        return Standing(verdict, inside[-1], last)
    if ahead and ahead[0].change not in TERMINATING + EXPIRING:
        return Standing(Verdict.PENDING, ahead[0], last)
    if verdict is not None:
        return Standing(verdict)
    ended = bool(known) and known[-1].change in TERMINATING
    return Standing(Verdict.TERMINATED if ended else Verdict.EXPIRED if known else Verdict.NO_MATCH)


def _of(version: Version, served: datetime | None, now: datetime) -> Verdict:
    if version.change in TERMINATING:
        return Verdict.TERMINATED
    if version.change in EXPIRING or (version.expires_at is not None and version.expires_at <= now):
        return Verdict.EXPIRED
    if version.change in UNSURE:
        return Verdict.CANNOT_CONFIRM
    return Verdict.ACTIVE if served is not None else Verdict.NOT_SERVED


def protects(version: Version) -> bool:
    """Whether it forbids anything that an officer enforces on scene."""
    return any(line.code in PROTECTIVE for line in version.lines)


def guards(version: Version | None) -> bool:
    """Whether it keeps the person away from somebody, and not from firearms alone: such an order leads."""
    return version is not None and any(
        line.code in PROTECTIVE and line.code not in FIREARMS_ALONE for line in version.lines
    )
