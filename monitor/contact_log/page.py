"""A person's contacts as frozen Structs."""

from __future__ import annotations

from datetime import datetime

import msgspec

from monitor.contact_log.closing import Due
from monitor.person_page.page import Heading


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


class ContactsPage(msgspec.Struct, frozen=True, kw_only=True):
    """What to log and what was logged, the newest first. ``first_way``: with which way the form begins."""

    heading: Heading
    due: tuple[Due, ...]
    first_way: str
    planned: tuple[Logged, ...]
    logged: tuple[Logged, ...]
    more: bool
