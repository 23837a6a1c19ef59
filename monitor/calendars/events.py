"""From hearings that a person may see to the lines of their calendar: a count a day, or initials and a case number.

What was ever on a day keeps its line: a day from which everything was moved away is CANCELLED, so that the person's own
program takes it off. A hearing that this person may not see is in no line, count or sequence (safeguard B7).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec

from monitor.calendars.text import LENGTH, Event
from monitor.clock import local_day

OFF: Final = "OFF_CALENDAR"
BENCH: Final = ("COURT", "JUDGE")


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """A hearing as one version of its row says: ``stands`` now, or what it said until it was changed.

    ``away``: how often its case went from this calendar's officer to somebody else and came back, before this.
    """

    hearing_id: int
    court_id: int
    court_code: str
    zone: str
    judge_id: int | None
    room: str
    starts_at: datetime
    outcome: str | None
    known_at: datetime
    stands: bool
    number: str
    initials: str
    away: int = 0

    @property
    def day(self) -> date:
        """The court's own day of it."""
        return local_day(self.starts_at, self.zone)

    @property
    def steps(self) -> int:
        """What it adds to a line's sequence: that it was said, and, of an earlier version, that it was replaced.

        Where the hearing left this calendar the line is cancelled by the second alone.
        """
        return (1 if self.stands else 2) + 2 * self.away

    @property
    def is_on(self) -> bool:
        """Whether somebody is to be there, or was."""
        return self.stands and self.outcome != OFF


def events_of(sights: Sequence[Sight], kind: str, style: str, site: str) -> list[Event]:
    """The lines of a calendar, by time. ``site``: where the link leads; it asks for a sign-in."""
    found = _counted(sights, kind, site) if style == "COUNT" else _named(sights, kind, site)
    return sorted(found, key=lambda one: (one.starts_at, one.uid))


def _counted(sights: Sequence[Sight], kind: str, site: str) -> list[Event]:
    days: dict[tuple[Any, ...], list[Sight]] = {}
    for one in sights:
        days.setdefault((one.court_id, one.day, one.room), []).append(one)
    return [_day_event(key, group, kind, site) for key, group in days.items()]


def _day_event(key: tuple[Any, ...], group: list[Sight], kind: str, site: str) -> Event:
    on = [one for one in group if one.is_on]
    shown = on or group
    return Event(
        uid=_uid("day", kind, *key), sequence=sum(one.steps for one in group),
        stamp=max(one.known_at for one in group), starts_at=min(one.starts_at for one in shown),
        ends_at=max(one.starts_at for one in shown) + LENGTH, zone=group[0].zone,
        summary=f"DV review ×{len(on)}", place=key[2], link=_link(group[0], kind, site, True), cancelled=not on,
    )  # fmt: skip


def _named(sights: Sequence[Sight], kind: str, site: str) -> list[Event]:
    hearings: dict[int, list[Sight]] = {}
    for one in sights:
        hearings.setdefault(one.hearing_id, []).append(one)
    found = []
    for number, group in hearings.items():
        newest = next((one for one in group if one.stands), group[-1])
        found.append(
            Event(
                uid=_uid("hearing", kind, number), sequence=sum(one.steps for one in group),
                stamp=max(one.known_at for one in group),
                starts_at=newest.starts_at, ends_at=newest.starts_at + LENGTH, zone=newest.zone,
                summary=f"{newest.initials} {newest.number}", place=newest.room,
                link=_link(newest, kind, site, False), cancelled=not newest.is_on,
            )
        )  # fmt: skip
    return found


def _uid(*parts: Any) -> str:
    """Stable, and says nothing: not even the id that it is made of."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32] + "@accountability-monitor"


def _link(one: Sight, kind: str, site: str, day: bool) -> str:
    if kind in BENCH:
        return f"{site}/dockets/{one.court_code}/{one.day}" if day else f"{site}/hearings/{one.hearing_id}"
    return f"{site}/today" if kind == "OFFICER" else f"{site}/enrollments"
