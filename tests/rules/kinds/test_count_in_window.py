"""COUNT_IN_WINDOW: below, at and above the number, an order that overrides it, a silence."""

from __future__ import annotations

import pytest

from rules.scenarios.matching import Reading
from tests.rules.kinds.situations import Situation, check, read, session, weekly

OVER, REACHED = "EXCUSED_ABSENCE_LIMIT_EXCEEDED", "EXCUSED_ABSENCE_LIMIT_REACHED"
ENDS, UNEXCUSED, CLOSE = (
    "ABSENCE_TERMINATION_THRESHOLD", "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED", "WINDOW_UNEXCUSED_LIMIT",
)  # fmt: skip
CODES = {OVER, REACHED, ENDS, UNEXCUSED, CLOSE}
TABLE = [
    Situation("two excused of three: nothing", "us_ca", "2026-06-01", weekly("absent_excused", "2026-02-04", 2)),
    Situation(
        "the third is the last one allowed",
        "us_ca",
        "2026-06-01",
        weekly("absent_excused", "2026-02-04", 3),
        {REACHED: {"count": 3, "limit": 3, "first_on": "2026-02-18", "severity": "info"}},
    ),
    Situation(
        "the fourth needs the court",
        "us_ca",
        "2026-06-01",
        weekly("absent_excused", "2026-02-04", 4),
        {OVER: {"count": 4, "limit": 3, "first_on": "2026-02-25", "evidence": ["s1", "s2", "s3", "s4"]}},
    ),
    Situation(
        "the order allows five",
        "us_ca",
        "2026-06-01",
        weekly("absent_excused", "2026-02-04", 4),
        terms={"order": {"bip.excused_absences_max": 5}},
    ),
    Situation(
        "the program's stricter policy counts",
        "us_ca",
        "2026-06-01",
        weekly("absent_excused", "2026-02-04", 3),
        {OVER: {"count": 3, "limit": 2, "basis": "provider_policy"}},
        terms={"provider_policy": {"bip.excused_absences_max": 2}},
    ),
    Situation(
        "good cause found by the court sets a new number",
        "us_ca",
        "2026-03-10",
        [
            *weekly("absent_excused", "2026-02-04", 4),
            {
                "type": "decision",
                "kind": "good_cause_found",
                "by": "court",
                "date": "2026-03-02",
                "param": "bip.excused_absences_max",
                "value": 4,
            },
        ],
        {REACHED: {"count": 4, "limit": 4, "first_on": "2026-02-25"}},
    ),
    Situation("silence is no absence", "us_ca", "2026-06-01", []),
    Situation("three absences in Georgia", "us_ga", "2026-06-01", weekly("absent", "2026-02-03", 3)),
    Situation(
        "the fourth, though it was a late arrival",
        "us_ga",
        "2026-06-01",
        [*weekly("absent", "2026-02-03", 3), session(9, "late", "2026-03-03")],
        {ENDS: {"count": 4, "limit": 4, "first_on": "2026-03-03"}},
    ),
    Situation(
        "a leave that all approved before the fourth",
        "us_ga",
        "2026-06-01",
        [
            *weekly("absent", "2026-02-03", 4),
            {
                "type": "leave",
                "id": "v",
                "date": "2026-02-20",
                "covers": ["2026-02-10"],
                "approved_by": ["referrer", "provider", "victim_liaison"],
            },
        ],
    ),
    Situation(
        "a leave that comes too late, or from too few",
        "us_ga",
        "2026-06-01",
        [
            *weekly("absent", "2026-02-03", 4),
            {
                "type": "leave",
                "id": "v",
                "date": "2026-02-25",
                "covers": ["2026-02-10"],
                "approved_by": ["referrer", "provider", "victim_liaison"],
            },
            {"type": "leave", "id": "u", "date": "2026-02-20", "covers": ["2026-02-17"], "approved_by": ["provider"]},
        ],
        {ENDS: {"count": 4, "first_on": "2026-02-24"}},
    ),
    Situation(
        "an absence put aside is told with why it does not count",
        "us_ga",
        "2026-06-01",
        [
            *weekly("absent", "2026-02-03", 5),
            {"type": "adjudication", "id": "j", "of": "s2", "date": "2026-02-12", "decision": "not_counted"},
        ],
        {ENDS: {"count": 4, "first_on": "2026-03-03", "counter": ["s2"]}},
    ),
    Situation(
        "pending ones could reach the number",
        "us_ok",
        "2026-06-01",
        [*weekly("absent_unexcused", "2026-01-12", 6), session(8, "absent", "2026-03-09")],
        {},
        unverified=(CLOSE,),
    ),
    Situation(
        "seven in 364 days",
        "us_ok",
        "2026-06-01",
        weekly("absent_unexcused", "2026-01-12", 7),
        {CLOSE: {"count": 7, "limit": 7, "first_on": "2026-02-23"}},
    ),
    Situation(
        "seven whose first and last are 364 days apart",
        "us_ok",
        "2026-06-01",
        [session(0, "absent_unexcused", "2025-03-03"), *weekly("absent_unexcused", "2026-01-19", 6)][:6]
        + [session(9, "absent_unexcused", "2026-03-02")],
        case={"ordered_on": "2025-01-06"},
    ),
    Situation(
        "the program's own number, where the law leaves it open",
        "us_fl",
        "2026-06-01",
        weekly("absent_unexcused", "2026-02-03", 4),
        {UNEXCUSED: {"count": 4, "limit": 3, "basis": "provider_policy"}},
        terms={"provider_policy": {"bip.unexcused_absences_max": 3}},
    ),
]


@pytest.fixture(scope="module")
def found() -> list[Reading]:
    return read(TABLE)


@pytest.mark.parametrize("number", range(len(TABLE)), ids=[one.says for one in TABLE])
def test_absences_are_counted(number: int, found: list[Reading]) -> None:
    check(TABLE[number], found[number], CODES)
