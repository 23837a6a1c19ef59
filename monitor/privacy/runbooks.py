"""The two runbooks as data: a subpoena or records request (safeguard C12), and a breach (C13). Steps, and by when.

Not legal advice: counsel decides what is answered. What the system knows of who looked at what, `accesses` tells.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

RUN: Final = "privacy.runbook"
A_DAY: Final = timedelta(days=1)
KINDS: Final = {"SUBPOENA": "A subpoena or a request for records", "BREACH": "A breach, or the fear of one"}
WHY: Final = {"DRILL": "A drill", "REAL": "It has happened"}
STEPS: Final = {
    "SUBPOENA": (
        ("Stop", "Give nothing, confirm nothing, delete nothing. Not even that there is a record.", "now"),
        ("Tell counsel", "The agency's counsel decides what is answered, and by when.", "now"),
        (
            "Tell the advocacy agencies", "All that are named below, not one: to tell one alone would say whose client "
            "somebody is. Give the number of the request, never a name.", "business day",
        ),
        ("See who looked", "The list below: who of this agency looked at the case in the period.", "business day"),
        ("Say what there is not", "No address, no phone, no statement and no advocate's file is in this system.", ""),
        ("Log", "This run is in the trail. Keep the paper with counsel's answer.", ""),
    ),
    "BREACH": (
        ("Stop it", "Disable the account and end its sessions: ask an administrator to.", "now"),
        ("See what was looked at", "The list below: which cases the account looked at in the period.", "now"),
        ("Tell counsel and the agency's head", "They decide what the law asks for, and toward whom.", "24 hours"),
        ("Tell the other agencies", "The privacy officers of the agencies that are named below.", "24 hours"),
        (
            "Survivors are told by a person", "By an advocate, or by victim/witness staff in the way she chose. Never "
            "by letter, e-mail or text: somebody else may open it.", "24 hours",
        ),
        ("Log", "This run is in the trail. Afterwards: which wall, rule or habit would have stopped it?", ""),
    ),
}  # fmt: skip


class Step(msgspec.Struct, frozen=True):
    """One step; ``by`` None: no clock of its own. Steps that are due at once are due when the run begins."""

    title: str
    words: str
    by: datetime | None


def steps(kind: str, zone: str, now: datetime) -> tuple[Step, ...]:
    """The steps of a run that begins now. A business day ends with the next weekday; court holidays are not known."""
    ends = {"now": now, "24 hours": now + A_DAY, "business day": _next_weekday(zone, now)}
    return tuple(Step(title, words, ends.get(clock)) for title, words, clock in STEPS[kind])


def _next_weekday(zone: str, now: datetime) -> datetime:
    day = now.astimezone(ZoneInfo(zone)).date() + A_DAY
    while day.weekday() >= 5:
        day += A_DAY
    return datetime.combine(day, time(17), ZoneInfo(zone)).astimezone(UTC)
