"""A person's contacts as frozen Structs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import msgspec

from monitor.contact_log.closing import Due
from monitor.person_page.page import Heading

ONLY: Final = {"MADE": "Made", "NOT_MADE": "Attempted or did not show", "OPEN": "Planned, no outcome yet"}
NOT_MADE: Final = ("attempted", "did not show", "cancelled")  # how the result of such a one begins


class Logged(msgspec.Struct, frozen=True, kw_only=True):
    """One contact, check-in or test. ``counts``: toward which duties it counts, or why it counts toward none.

    ``day_only``: a test, of which only the day is kept; ``at`` is its noon.
    ``taken_back``: it was, and stands here so that nothing vanishes. ``mine``: the reader may take it back.
    """

    id: int
    at: datetime
    how: str
    result: str
    planned: bool
    note: str
    by: str
    counts: str
    taken_back: bool
    mine: bool
    day_only: bool = False

    @property
    def ended(self) -> str:
        """Of `ONLY`, as which it is found: made, not made, or without an outcome still."""
        if self.planned:
            return "OPEN"
        return "NOT_MADE" if self.result.startswith(NOT_MADE) else "MADE"


class ContactsPage(msgspec.Struct, frozen=True, kw_only=True):
    """What to log and what was logged, the newest first. ``first_way``: with which way the form begins; ``again_on``:
    with which day a new try does, for somebody who did not show. ``only``: of `ONLY`, what alone is listed; "" all."""

    heading: Heading
    due: tuple[Due, ...]
    first_way: str
    again_on: date
    planned: tuple[Logged, ...]
    logged: tuple[Logged, ...]
    more: bool
    only: str = ""
