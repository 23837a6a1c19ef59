"""What each story does to a run of weekly classes, as marks counted back from the newest class."""

from __future__ import annotations

from random import Random

# E excused by the officer, U unexcused, A absent and undecided, L late, X struck through: was recorded absent by
# mistake, C cancelled by the program, S sent away by the program; "-" nothing recorded.
Marks = dict[int, str]

PLOTS: dict[str, Marks] = {
    "excused_once": {6: "E"},
    "excused_at_limit": {4: "E", 11: "E", 19: "E"},
    "excused_over_limit": {2: "E", 7: "E", 12: "E", 20: "E"},
    "unexcused_recent": {1: "U"},
    "absences_pending": {0: "A"},
    "adjudication_overdue": {2: "A"},
    "hospital": {1: "E", 2: "E", 3: "E", 4: "E"},
    "custody": {3: "-", 4: "-", 5: "-", 6: "-"},
    "silent_program": {0: "-", 1: "-", 2: "-"},
    "corrected": {3: "X"},
    "conflict": {2: "!"},
    "contested": {1: "U"},
    "weaker_policy": {2: "E", 5: "E", 9: "E", 14: "E"},
    "late_fourth": {1: "L", 5: "E", 9: "U", 13: "E"},
    "restarted": {2: "U", 14: "E", 17: "U", 20: "E", 23: "U"},
    "discharged": {2: "U", 3: "U", 5: "U"},
    "progress_overdue": {8: "E"},
    "review_overdue": {4: "L"},
}
SHORTEST = {"excused_at_limit": 24, "excused_over_limit": 26, "weaker_policy": 20, "restarted": 28, "late_fourth": 18}


def marks_of(story: str, rng: Random) -> Marks:
    """The marks of one person; steady people are now and then late, and a class is now and then cancelled."""
    marks = dict(PLOTS.get(story, {}))
    if story == "unexcused_recent" and rng.random() < 0.5:
        marks[4] = "U"
    if story == "steady" and rng.random() < 0.4:
        marks[rng.randrange(2, 12)] = "L"
    return marks


def weeks_of(story: str, rng: Random) -> int:
    """How many weeks ago the order was made; a year and two months at most."""
    if story == "new_case":
        return 1
    if story in ("not_enrolled", "waitlist"):
        return 6
    return rng.randrange(max(10, SHORTEST.get(story, 10)), 58)
