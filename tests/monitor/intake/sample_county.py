"""The roster, record and day that the 28 sample sheets are written for; all people are invented."""

from __future__ import annotations

from datetime import date

from monitor.intake.check import Stored
from monitor.intake.examine import Desk
from monitor.intake.roster import Meeting, Member, Roster

TODAY = date(2026, 11, 22)
_MON, _WED, _SAT = "MON-6PM", "WED-6PM", "SAT-9AM"
MEMBERS = (
    Member(1, 1, "P1001", "Smith", "Robert", "J", date(1985, 3, 14), "24-CR-001872", _MON, date(2026, 8, 3)),
    Member(2, 2, "P1002", "García-Ortiz", "Luis", "", date(1990, 7, 2), "24-CR-002210", _MON, date(2026, 9, 14)),
    Member(3, 3, "P1003", "O'Neal", "Dwayne", "", date(1979, 12, 30), "25-CR-000044", _MON, date(2026, 6, 1)),
    Member(4, 4, "P1004", "Smith", "Robert", "", date(1992, 11, 5), "25-CR-000310", _WED, date(2026, 10, 7)),
    Member(5, 5, "P1005", "Tran", "Van Minh", "", date(1988, 1, 20), "25-CR-000977", _WED, date(2026, 7, 1)),
    Member(6, 6, "P1006", "Bell", "Marcus", "", date(1995, 5, 9), "25-CR-001101", _SAT, date(2026, 11, 7)),
    Member(
        7, 7, "P1007", "Petrov", "Aleksandr", "", date(1983, 9, 17), "23-CR-004410", _MON, date(2026, 1, 5),
        date(2026, 10, 26),
    ),
    Member(8, 8, "P1008", "Whitefeather", "James", "", date(1987, 2, 11), "25-CR-001220", _MON, date(2026, 9, 28)),
)  # fmt: skip
GROUPS = {_MON: Meeting(0, 18 * 60), _WED: Meeting(2, 18 * 60), _SAT: Meeting(5, 9 * 60)}
ROSTER = Roster(MEMBERS, GROUPS, zone="America/Los_Angeles")
STORED = {(1, date(2026, 11, 2), 1): Stored(101, "P"), (3, date(2026, 11, 2), 1): Stored(103, "U")}


def desk(file: str, **changes: object) -> Desk:
    """The desk on which every sample is examined."""
    return Desk(**{"file": file, "today": TODAY, "roster": ROSTER, "stored": STORED, **changes})  # type: ignore[arg-type]
