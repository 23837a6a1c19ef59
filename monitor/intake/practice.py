"""A practice run: a made-up roster, a sheet of theirs to try, and what the check would say. Nothing is kept of it.

No record is read or written, so that nobody's real person can be found by it: whoever is not made up is not on this
roster. The sheet has what first sheets have: a title, days without a year, a sign that needs a question, a name that is
only close, a change of what is on record, a line of sums.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import msgspec

from monitor.intake.cells.statuses import LABELS
from monitor.intake.check import Check, Stored
from monitor.intake.examine import Desk, Examined, examine
from monitor.intake.long_sheets import CELLS, ROWS, cells_of, is_long, rows_of
from monitor.intake.problems import Download
from monitor.intake.reading.tables import Reading
from monitor.intake.roster import Meeting, Member, Roster
from monitor.intake.uploads import Sheet
from monitor.wording import short_day

NAME: Final = "practice-sheet.csv"
GROUP: Final = "MONDAY"
PEOPLE: Final = (("Placeholder", "Alex"), ("Example", "Robert"), ("Sample", "Kim"), ("Specimen", "Jo"))
BECOMES: Final = {
    "new": "Would be saved", "same": "Already here", "changed": "Would change", "held": "Waits for an answer",
    "error": "Needs you", "skipped": "Not used",
}  # fmt: skip


class Line(msgspec.Struct, frozen=True):
    """One cell of the sheet and what would become of it, in words."""

    row: int
    name: str
    day: str
    says: str
    becomes: str


class Practice(msgspec.Struct, frozen=True):
    """The check of a practice sheet."""

    file: str
    check: Check
    lines: tuple[Line, ...]


def people(today: date) -> tuple[Member, ...]:
    """The made-up roster: in the group for three months."""
    since = today - timedelta(days=90)
    return tuple(
        Member(number, number, f"X{number:03d}", last, first, "", None, f"00-XX-{number:04d}", GROUP, since)
        for number, (last, first) in enumerate(PEOPLE, 1)
    )


def days(today: date) -> tuple[date, date]:
    """The last two Mondays that are over."""
    last = today - timedelta(days=today.weekday() or 7)
    return last - timedelta(days=7), last


def sample(today: date) -> Download:
    """The sheet to try, as a program might keep it."""
    before, last = days(today)
    lines = (
        "Practice program - Monday group,,,",
        f"Client Name,Case #,{before.month}/{before.day},{last.month}/{last.day}",
        '"Placeholder, Alex",00-XX-0001,P,P',
        '"Example, Robert",00-XX-0002,E,No show',
        '"Sample, Kim",00-XX-0003,L 10 min,A',
        "Joe Specimen,,P,P",
        "TOTAL PRESENT,,3,2",
    )
    return Download(NAME, "text/csv; charset=utf-8", ("\r\n".join(lines) + "\r\n").encode())


def run(sheet: Sheet, today: date) -> Practice:
    """Judge a sheet against the made-up roster, on which one class is on record."""
    before, _ = days(today)
    stored = {(1, before, 1): Stored(1, "P"), (2, before, 1): Stored(2, "U")}
    roster = Roster(people(today), {GROUP: Meeting(0, 18 * 60)})
    reading = _too_long(sheet.reading) if is_long(sheet.reading) else sheet.reading
    examined = examine(reading, Desk(file=sheet.file_name, today=today, roster=roster, stored=stored))
    return Practice(sheet.file_name, examined.check, _lines(examined))


def _too_long(reading: Reading) -> Reading:
    """A refusal that says which of the two it is."""
    if rows_of(reading) > ROWS:
        return Reading(refused="F-ROWS", detail=f"{rows_of(reading):,} rows|{ROWS:,}")
    return Reading(refused="F-SIZE", detail=f"cells|{cells_of(reading):,}|{CELLS:,}")


def _lines(examined: Examined) -> tuple[Line, ...]:
    return tuple(
        Line(one.row, one.member.name if one.member else one.written, short_day(one.on) if one.on else "",
             LABELS.get(one.says, one.found), BECOMES.get(one.outcome, one.outcome))
        for one in examined.rows
    )  # fmt: skip
