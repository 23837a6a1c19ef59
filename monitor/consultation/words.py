"""What a task of the minutes may be: a closed list about the order and the response, never about the protected person.

Each belongs to a row of the access matrix, and shows to nobody whose cell of that row is empty.
"""

from __future__ import annotations

from typing import Final

from monitor.access.matrix import Seen

KINDS: Final = {
    "SERVICE": ("Find out why the order is not served", Seen.ORDER_TERMS),
    "REGISTRY": ("Check that the order is in the registry as signed", Seen.ORDER_TERMS),
    "FIREARMS": ("Ask for proof that firearms were handed in", Seen.ORDER_TERMS),
    "CONDITIONS": ("Ask the court to look at the conditions", Seen.ORDER_TERMS),
    "PROGRAM": ("Ask the program for what it has not reported", Seen.ATTENDANCE),
    "LEVEL": ("Have the level assessed again by a trained assessor", Seen.RISK),
    "WARRANT": ("Try the warrant again", Seen.HEARINGS),
    "REVIEW": ("Ask for an earlier review hearing", Seen.HEARINGS),
    "SEE": ("See the person in person", Seen.IDENTITY),
    "AGAIN": ("Look at this case again at the next meeting", Seen.IDENTITY),
}  # fmt: skip
