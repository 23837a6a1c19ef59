"""Writes the demo county's rows: ids from the seed, and every fact recorded a little after it happened."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from monitor.models import Base, Fact

Row = TypeVar("Row", bound=Base)
# Some tables refer to themselves or to rows written a moment ago, so rows go in by batches, in the order written.
BATCH = 500


class Scribe:
    """Adds rows to one session. ``today`` is the county's present day; nothing is recorded after ``now``."""

    def __init__(self, session: Session, rng: Random, now: datetime, today: date) -> None:
        self.session, self.rng, self.now, self.today = session, rng, now, today
        self._waiting: list[Base] = []
        self._drawn: set[tuple[str, int]] = set()

    def draw(self, what: str, below: int) -> int:
        """A number that this county has not given to another ``what`` yet."""
        while (drawn := (what, self.rng.randrange(below))) in self._drawn:
            pass
        self._drawn.add(drawn)
        return drawn[1]

    def add(self, entity: type[Row], **values: Any) -> Row:
        """A row of anything but a fact."""
        row = entity(id=self._id(), **values)
        self._waiting.append(row)
        if len(self._waiting) >= BATCH:
            self.flush()
        return row

    def fact(self, entity: type[Row], *, recorded_on: date, zone: str, hour: int = 9, **values: Any) -> Row:
        """A fact, recorded at ``hour`` local time of ``recorded_on``, but never later than now."""
        if not issubclass(entity, Fact):
            raise TypeError(f"{entity.__name__} is not a fact")
        at = min(self.instant(recorded_on, zone, hour, self.rng.randrange(60)), self.now)
        return self.add(entity, recorded_at=at, **values)

    def instant(self, day: date, zone: str, hour: int, minute: int = 0) -> datetime:
        """A local wall-clock time as an instant."""
        return datetime.combine(day, time(hour, minute), ZoneInfo(zone))

    def flush(self) -> None:
        """Send what waits."""
        self.session.add_all(self._waiting)
        self.session.flush()
        self._waiting.clear()

    def _id(self) -> int:
        return self.rng.getrandbits(63) or 1


def next_weekday(day: date, weekday: int) -> date:
    """The first day on or after ``day`` that falls on ``weekday`` (0 is Monday)."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def next_court_day(day: date, closed: frozenset[date]) -> date:
    """The first open court day after ``day``."""
    day += timedelta(days=1)
    while day.weekday() >= 5 or day in closed:
        day += timedelta(days=1)
    return day
