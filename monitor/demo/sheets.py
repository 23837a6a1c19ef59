"""The spreadsheets that the demo's programs keep: messy in the ways that real ones are."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from random import Random

import msgspec

# how North Star writes what happened
WORDS = {
    "P": "P", "L": "Late", "E": "E", "U": "NS", "A": "abs", "X": "NS", "!": "NS", "-": "", "C": "No group", "S": "SX",
}  # fmt: skip


class Member(msgspec.Struct, frozen=True):
    """One line of a sheet: how the program writes the person, the case, and a mark for each class."""

    family: str
    given: str
    case_number: str
    marks: dict[date, str]


def weekly_roster(group: str, days: Sequence[date], members: Sequence[Member], rng: Random) -> str:
    """A weekly roster: title lines, "Last, First", one column a class without a year, fees, and a line of totals."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    width = len(days) + 3
    for line in ([f"North Star BIP - {group} group"], [f"Group: {group}", "", "Facilitator: J. Doe"], []):
        writer.writerow(line + [""] * (width - len(line)))
    writer.writerow(["Client Name", "Case #", *(f"{day.month}/{day.day}" for day in days), "Balance"])
    for member in sorted(members, key=lambda one: one.family):
        marks = [WORDS[member.marks[day]] if day in member.marks else "" for day in days]
        balance = f"${rng.choice((0, 0, 25, 50, 125))}"
        writer.writerow([f"{member.family}, {member.given}", member.case_number, *marks, balance])
    came = [sum(member.marks.get(day) in ("P", "L") for member in members) for day in days]
    writer.writerow(["TOTAL PRESENT", "", *came, ""])
    return out.getvalue()
