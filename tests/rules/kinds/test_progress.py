"""PROGRESS: complete, overdue, no longer possible; certificates against the record."""

from __future__ import annotations

import pytest

from rules.scenarios.matching import Reading
from tests.rules.kinds.situations import Situation, check, read, session, weekly

OVERDUE, WINDOW, RISK, NOT_MET, EARLY = (
    "COMPLETION_OVERDUE", "COMPLETION_WINDOW_EXCEEDED", "COMPLETION_AT_RISK", "COMPLETION_NOT_MET",
    "COMPLETION_BEFORE_MINIMUM",
)  # fmt: skip
CODES = {OVERDUE, WINDOW, RISK, NOT_MET, EARLY}
DONE = {"type": "certificate", "id": "k", "date": "2026-07-15"}
GRANTED = {"granted_on": "2026-01-05"}
TABLE = [
    Situation("24 in 27 weeks", "us_ga", "2026-12-01", weekly("attended", "2026-01-06", 24)),
    Situation(
        "23 in 27 weeks",
        "us_ga",
        "2026-12-01",
        weekly("attended", "2026-01-06", 23),
        {WINDOW: {"have": 23, "need": 24, "due": "2026-07-14", "first_on": "2026-07-15", "unit": "sessions"}},
    ),
    Situation(
        "the 24th a week late does not undo it",
        "us_ga",
        "2026-12-01",
        [*weekly("attended", "2026-01-06", 23), session(40, "attended", "2026-07-21")],
        {WINDOW: {"have": 23, "need": 24}},
    ),
    Situation(
        "the order asks for 20",
        "us_ga",
        "2026-12-01",
        weekly("attended", "2026-01-06", 23),
        terms={"order": {"bip.sessions_min": 20}},
    ),
    Situation(
        "an outstanding sheet could hold the last one",
        "us_ga",
        "2026-07-20",
        [
            *weekly("attended", "2026-01-06", 23),
            {"type": "schedule", "of": "session", "date": "2026-06-01", "dates": ["2026-06-16"]},
        ],
        unverified=(WINDOW,),
    ),
    Situation(
        "nothing done by the last possible day",
        "us_ca",
        "2026-07-16",
        [],
        {RISK: {"have": 0, "need": 52, "due": "2027-07-06", "first_on": "2026-07-15"}},
        {**GRANTED, "holidays": ["2027-07-05"]},
    ),
    Situation(
        "on that day it is still possible", "us_ca", "2026-07-14", [], case={**GRANTED, "holidays": ["2027-07-05"]}
    ),
    Situation(
        "a court's extension moves the end",
        "us_ca",
        "2026-07-16",
        [{"type": "decision", "kind": "extension_granted", "by": "court", "date": "2026-07-01", "until": "2028-01-05"}],
        case=GRANTED,
    ),
    Situation(
        "sessions and hours are two tests in Illinois",
        "us_il",
        "2026-07-15",
        [*weekly("attended", "2026-01-06", 24, minutes=60), DONE],
        {NOT_MET: {"have": 1440, "need": 2160, "unit": "minutes"}},
    ),
    Situation(
        "one of them is enough in Minnesota",
        "us_mn",
        "2026-07-15",
        [*weekly("attended", "2026-01-06", 24, minutes=60), DONE],
    ),
    Situation(
        "intake is no session",
        "us_or",
        "2026-12-01",
        [
            *weekly("attended", "2026-01-06", 35, minutes=60),
            session(90, "attended", "2026-01-05", kind="intake"),
            {**DONE, "date": "2026-11-01"},
        ],
        {NOT_MET: {"have": 35, "need": 36}},
    ),
    Situation(
        "twelve months at level three",
        "us_wa",
        "2026-12-15",
        [{**DONE, "date": "2026-12-10"}],
        {EARLY: {"earliest": "2027-01-05", "owner": "provider"}},
        {"treatment_started_on": "2026-01-05", "levels": [{"from": "2026-01-05", "level": "3"}]},
    ),
    Situation(
        "on the day itself",
        "us_wa",
        "2027-01-15",
        [{**DONE, "date": "2027-01-05"}],
        case={"treatment_started_on": "2026-01-05", "levels": [{"from": "2026-01-05", "level": "3"}]},
    ),
    Situation(
        "a length from memory stays off",
        "us_ky",
        "2026-12-01",
        [{**DONE, "date": "2026-02-01"}],
        case={"treatment_started_on": "2026-01-05"},
    ),
]


@pytest.fixture(scope="module")
def found() -> list[Reading]:
    return read(TABLE)


@pytest.mark.parametrize("number", range(len(TABLE)), ids=[one.says for one in TABLE])
def test_progress_is_measured_against_law_and_order(number: int, found: list[Reading]) -> None:
    check(TABLE[number], found[number], CODES)
