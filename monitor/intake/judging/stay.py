"""How long somebody stayed, by the times of a sign-in sheet: ten minutes of a class of two hours are no class attended.

Which mark that is, a person says. What the program has on record of the group is how long the class lasts.
"""

from __future__ import annotations

from monitor.intake.cells.dates import read_minutes
from monitor.intake.cells.statuses import Says
from monitor.intake.roster import Meeting
from monitor.intake.sheet import Entry

STAYED = frozenset({"P", "L", "M", "I"})
SHORTEST = 30  # minutes, where the length of the class is not known
HALF_A_DAY, LONGEST = 720, 480


def too_short(entry: Entry, says: Says | None, meeting: Meeting | None) -> str:
    """The two times, where they are less than half of the class apart or fit no class; else empty."""
    if says is None or says.code not in STAYED:
        return ""
    came, left = read_minutes(entry.time_in), read_minutes(entry.time_out)
    if came is None or left is None or not left:
        return ""
    stayed = left - came if left >= came else left + HALF_A_DAY - came  # "11:30", "1:00"; "6:00 PM", "8:00"
    least = meeting.minutes / 2 if meeting is not None and meeting.minutes else SHORTEST
    return f"{entry.time_in} to {entry.time_out}" if not least <= stayed <= LONGEST else ""
