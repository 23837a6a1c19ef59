"""FIXED_WINDOW: met, missed and not reported; calendar weeks and quarters; check-ins."""

from __future__ import annotations

import pytest

from rules.scenarios.matching import Reading
from tests.rules.kinds.situations import Situation, check, read, session

MISSED, WEEK, HOME, CHECK_IN = "ATTENDANCE_WINDOW_MISSED", "CONTACT_SHORTFALL", "HOME_CONTACT_OVERDUE", "CHECKIN_MISSED"
CODES = {MISSED, WEEK, HOME, CHECK_IN}
SHEET = {"type": "submission", "date": "2026-01-28", "covers_from": "2026-01-05", "covers_to": "2026-01-28"}
FIRST = [session(1, "attended", "2026-01-07"), session(2, "attended", "2026-01-21")]
HIGH = {
    "supervision_started_on": "2026-01-01",
    "ordered_on": "2025-12-01",
    "levels": [{"from": "2026-01-01", "level": "high"}],
}
GREATEST = {**HIGH, "levels": [{"from": "2026-01-05", "level": "greatest"}]}
CHECKED = {"conditions": ["check_in"]}
DAYS = {"type": "schedule", "of": "check_in", "date": "2026-02-01", "dates": ["2026-02-10"]}


def seen(on: str, state: str = "completed", place: str = "home") -> dict[str, str]:
    return {"type": "contact", "kind": "direct", "date": on, "state": state, "method": "in_person", "place": place}


TABLE = [
    Situation(
        "a covered week without him is a miss",
        "us_ca",
        "2026-01-28",
        [*FIRST, SHEET],
        {MISSED: {"window_from": "2026-01-14", "window_to": "2026-01-21", "first_on": "2026-01-21"}},
    ),
    Situation("a week that nobody reported is none", "us_ca", "2026-01-22", FIRST, unverified=(MISSED,)),
    Situation(
        "a class the program cancelled fills its week",
        "us_ca",
        "2026-01-28",
        [*FIRST, session(3, "cancelled_by_provider", "2026-01-14"), SHEET],
    ),
    Situation(
        "hospital: nothing was expected",
        "us_ca",
        "2026-01-28",
        [
            *FIRST,
            SHEET,
            {"type": "pause", "kind": "hospital", "event": "start", "date": "2026-01-15"},
            {"type": "pause", "kind": "hospital", "event": "end", "date": "2026-01-17"},
        ],
    ),
    Situation(
        "the order asks for every other week only",
        "us_ca",
        "2026-01-28",
        [*FIRST, SHEET],
        terms={"order": {"bip.attendance_every_days": 14}},
    ),
    Situation(
        "a week without a contact in person",
        "us_ny",
        "2026-01-12",
        [],
        {WEEK: {"have": 0, "need": 1, "window_from": "2026-01-05", "owner": "probation"}},
        GREATEST,
    ),
    Situation("with one", "us_ny", "2026-01-12", [seen("2026-01-07", place="office")], case=GREATEST),
    Situation(
        "three visits in the quarter, one of them met",
        "us_ny",
        "2026-04-01",
        [seen("2026-01-20"), seen("2026-02-17", "attempted"), seen("2026-03-17", "attempted")],
        {HOME: {"have": 1, "need": 2, "unit": "positive_home_contacts"}},
        HIGH,
    ),
    Situation("the quarter is not over", "us_ny", "2026-03-31", [], case=HIGH),
    Situation("no check-in on the day", "base", "2026-02-11", [DAYS], {CHECK_IN: {"due": "2026-02-10"}}, CHECKED),
    Situation(
        "a check-in on the day",
        "base",
        "2026-02-11",
        [DAYS, {"type": "check_in", "at": "2026-02-10T20:00-06:00"}],
        case=CHECKED,
    ),
    Situation(
        "our own system was down",
        "base",
        "2026-02-11",
        [
            DAYS,
            {"type": "pause", "kind": "system_outage", "event": "start", "at": "2026-02-10T08:00-06:00"},
            {"type": "pause", "kind": "system_outage", "event": "end", "at": "2026-02-10T09:00-06:00"},
        ],
        case=CHECKED,
        unverified=(CHECK_IN,),
    ),
    Situation("check-ins were not ordered", "base", "2026-02-11", [DAYS]),
]


@pytest.fixture(scope="module")
def found() -> list[Reading]:
    return read(TABLE)


@pytest.mark.parametrize("number", range(len(TABLE)), ids=[one.says for one in TABLE])
def test_windows_are_read_when_they_are_over(number: int, found: list[Reading]) -> None:
    check(TABLE[number], found[number], CODES)
