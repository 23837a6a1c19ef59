"""Which agencies sit in the team and when it meets, from one file (`MONITOR_CONSULTATION_FILE`); without it: none.

    name = "High-risk team"
    agencies = ["riverbend-probation", "riverbend-prosecutor"]
    first = 2026-12-01
    every_days = 14
    closes_days = 2
    advocates_bring = false

Whether such a team may meet, who of whom may be told what, and whether an advocate may bring a case are questions of
local law: the file is the site's answer, and without it there is no such page (docs/consultation.md).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import msgspec

from monitor.config import SettingsError

KEPT: Final = timedelta(days=30)  # after the meeting


class TeamError(SettingsError):
    """The file cannot be read; one sentence for the person who wrote it."""


class Team(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file. ``agencies``: their codes. ``closes_days``: so long before a meeting its agenda is drawn.

    ``advocates_bring``: an advocate whose agency holds the survivor's written consent may bring a case.
    """

    name: str
    agencies: tuple[str, ...]
    first: date
    every_days: int = 14
    closes_days: int = 2
    advocates_bring: bool = False

    def __post_init__(self) -> None:
        if not (self.name.strip() and self.agencies):
            raise ValueError("a team has a `name` and `agencies`")
        if not 7 <= self.every_days <= 28 or not 1 <= self.closes_days <= 6:
            raise ValueError("a team meets every 7 to 28 days, and its agenda is drawn 1 to 6 days before")

    def days(self, today: date) -> Iterator[date]:
        """Meetings of which something may still be kept, the oldest first, and then those to come, without end."""
        gone = (today - KEPT - self.first).days // self.every_days + 1
        day = self.first + timedelta(days=max(gone, 0) * self.every_days)
        while True:
            yield day
            day += timedelta(days=self.every_days)

    def drawn_on(self, meets: date) -> date:
        """From this day on the agenda stands, and shows."""
        return meets - timedelta(days=self.closes_days)

    def open_for(self, today: date) -> date:
        """The meeting for which a case can still be brought."""
        return next(day for day in self.days(today) if today < self.drawn_on(day))

    def drawn(self, today: date) -> tuple[date, ...]:
        """Meetings whose agenda stands, the newest first."""
        found: list[date] = []
        for day in self.days(today):
            if today < self.drawn_on(day):
                return tuple(reversed(found))
            found.append(day)
        return ()


def gone_on(meets: date) -> date:
    """The first day on which nothing of a meeting is kept."""
    return meets + KEPT


def site_team(file: str, keys_file: str) -> Team | None:
    """Read the site's file; an empty name is a site without a team. Raises `TeamError`."""
    if not file:
        return None
    if not keys_file:
        raise TeamError("A team needs MONITOR_CONSULTATION_KEYS_FILE: where the keys of its list lie.")
    try:
        return msgspec.convert(tomllib.loads(Path(file).read_text(encoding="utf-8")), Team)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise TeamError(f"The file of the team cannot be read: {error}.") from None
