"""Quarters: fixed, one after another, never overlapping; drawn up from the 31st day after their end on.

By then everything that began in the quarter has been followed for longer than the longest starting target.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import msgspec

FOLLOWED = timedelta(days=31)


class Quarter(msgspec.Struct, frozen=True, order=True):
    """2026, 3: July to September."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """2026-Q3"""
        return f"{self.year}-Q{self.number}"

    @property
    def words(self) -> str:
        """July to September 2026"""
        months = ("January to March", "April to June", "July to September", "October to December")
        return f"{months[self.number - 1]} {self.year}"

    @property
    def first_on(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end_on(self) -> date:
        """The first day after it."""
        return self.later(1).first_on

    @property
    def as_of(self) -> datetime:
        """The instant as of which it is drawn up, whenever somebody does."""
        return datetime.combine(self.end_on + FOLLOWED, time(12), UTC)

    def later(self, by: int) -> Quarter:
        """The quarter ``by`` after this one; before it where negative."""
        place = self.year * 4 + self.number - 1 + by
        return Quarter(place // 4, place % 4 + 1)

    def holds(self, day: date) -> bool:
        """Whether the day is in it."""
        return self.first_on <= day < self.end_on


def quarter_of(text: str) -> Quarter | None:
    """From 2026-Q3; None: not a quarter."""
    found = re.fullmatch(r"(20\d\d)-Q([1-4])", text)
    return Quarter(int(found[1]), int(found[2])) if found else None


def newest(now: datetime) -> Quarter:
    """The newest quarter that can be drawn up."""
    found = Quarter(now.year, (now.month - 1) // 3 + 1)
    while found.as_of > now:
        found = found.later(-1)
    return found
