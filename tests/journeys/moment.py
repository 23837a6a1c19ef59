"""A clock that a test sets: every door of the site reads it, so a scenario of eight weeks runs in a minute."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import monitor.clock
from tests.builders import ZONE

ROOMS = ("monitor.", "web.", "jobs.")


class Moment:
    """The instant that the site believes in; each look at it is a thousandth of a second later than the last."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def set(self, day: date, hour: int, minute: int = 0) -> datetime:
        """Go on to a local time; never back."""
        then = datetime.combine(day, time(hour, minute), ZoneInfo(ZONE)).astimezone(UTC)
        assert then >= self.now, "time does not run backwards"
        self.now = then
        return then

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@contextmanager
def set_clock() -> Iterator[Moment]:
    """In the place of `monitor.clock.utc_now` in every module that was read so far; put back at the end."""
    moment, real = Moment(), monitor.clock.utc_now
    read = [one for name, one in list(sys.modules.items()) if name.startswith(ROOMS)]
    doors = [one for one in read if getattr(one, "utc_now", None) is real]
    for one in doors:
        one.utc_now = moment  # type: ignore[attr-defined]
    try:
        yield moment
    finally:
        for one in doors:
            one.utc_now = real  # type: ignore[attr-defined]
