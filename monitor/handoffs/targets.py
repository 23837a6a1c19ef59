"""The site's own targets of hand-offs, dated, from one file (`MONITOR_TARGETS_FILE`); without it the starting ones.

    [[target]]
    measure = "M4"
    amount = 3
    unit = "days"
    from = 2026-07-01
    decided_by = "Coordinating council, minutes of June 18, 2026"
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import msgspec

from monitor.config import SettingsError
from monitor.handoffs.arrows import BY_MEASURE, UNITS, Target
from monitor.wording import short_day


class OwnTarget(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_on": "from"}):
    """One target that the site's team decided, for what starts on ``from_on`` or later."""

    measure: str
    amount: int
    unit: str
    from_on: date
    decided_by: str

    def __post_init__(self) -> None:
        arrow = BY_MEASURE.get(self.measure)
        if arrow is None or arrow.matrix:
            raise ValueError(f"{self.measure} has no target of its own to set")
        if self.unit not in UNITS or self.amount < 0 or (not self.amount and self.unit != "days"):
            raise ValueError("a target is a number of hours, days or business_days; 0 days is the same day")
        if not self.decided_by.strip():
            raise ValueError("a target says who decided it: `decided_by` is not blank")


class Targets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file."""

    target: tuple[OwnTarget, ...] = ()

    def of(self, measure: str, day: date) -> Target | None:
        """What holds for a hand-off that starts on ``day``; None: it has no target of its own."""
        own = [one for one in self.target if one.measure == measure and one.from_on <= day]
        if not own:
            return BY_MEASURE[measure].target
        newest = max(own, key=lambda one: one.from_on)
        return Target(newest.amount, newest.unit, f"{newest.decided_by}; from {short_day(newest.from_on)}")


def site_targets(file: str) -> Targets:
    """Read the site's file; an empty name is a site that has set none. Raises `SettingsError`."""
    if not file:
        return Targets()
    try:
        return msgspec.convert(tomllib.loads(Path(file).read_text(encoding="utf-8")), Targets)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SettingsError(f"The file of targets cannot be read: {error}.") from None
