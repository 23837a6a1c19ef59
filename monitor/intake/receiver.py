"""For whom something is taken in: said once by the door, and asked for by whatever is then written."""

from __future__ import annotations

from datetime import date, datetime

import msgspec


class Receiver(msgspec.Struct, frozen=True):
    """For whom a file comes in, and when: the agency's program, the person, the instant and the agency's own day.

    ``line_by_line``: each record is corrected by itself, with a reason; only so does a signed month change.
    ``reports``: the file is a table of monthly reports.
    """

    agency_id: int
    program_id: int
    user_id: int | None
    now: datetime
    today: date
    group_id: int | None = None
    line_by_line: bool = False
    reports: bool = False
