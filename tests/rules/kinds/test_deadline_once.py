"""DEADLINE_ONCE: on the last day, the day after, rolled, in hours, and by the order's own number."""

from __future__ import annotations

import pytest

from rules.scenarios.matching import Reading
from tests.rules.kinds.situations import Situation, check, read, session

PROOF, ENROLL, GUNS, FORM, BEGIN, REVIEW, SHORT = (
    "ENROLLMENT_PROOF_OVERDUE", "ENROLLMENT_OVERDUE", "FIREARM_RELINQUISH_OVERDUE", "FIREARM_FORM_OVERDUE",
    "BEGIN_ATTENDANCE_OVERDUE", "REVIEW_HEARING_OVERDUE", "CREDIT_SHORTFALL",
)  # fmt: skip
CODES = {PROOF, ENROLL, GUNS, FORM, BEGIN, REVIEW, SHORT}
CONVICTED = {"convicted_on": "2026-01-05", "time_zone": "America/Los_Angeles"}
GUN_CASE = {"served_at": "2026-03-02T10:00-08:00", "conditions": ["firearm_surrender"],
            "time_zone": "America/Los_Angeles"}  # fmt: skip
TABLE = [
    Situation("the last day is not late", "us_ca", "2026-02-04", [], case=CONVICTED),
    Situation(
        "the day after is",
        "us_ca",
        "2026-02-05",
        [],
        {PROOF: {"due": "2026-02-04", "first_on": "2026-02-05", "days_late": 1}},
        CONVICTED,
    ),
    Situation(
        "a closed day moves it to the next open one",
        "us_ca",
        "2026-02-10",
        [],
        {PROOF: {"due": "2026-02-09", "first_on": "2026-02-10"}},
        {**CONVICTED, "convicted_on": "2026-01-08"},
    ),
    Situation(
        "the court's own holiday too",
        "us_ca",
        "2026-02-10",
        [],
        case={**CONVICTED, "convicted_on": "2026-01-08", "holidays": ["2026-02-09"]},
    ),
    Situation("without a conviction there is no proof to file", "us_ca", "2026-06-01", []),
    Situation("no number, no duty", "base", "2026-06-01", []),
    Situation(
        "the order's own number",
        "base",
        "2026-01-20",
        [],
        {ENROLL: {"due": "2026-01-19", "basis": "order"}},
        terms={"order": {"bip.enroll_deadline": 14}},
    ),
    Situation(
        "enrolled, late: it ends that day",
        "base",
        "2026-01-21",
        [{"type": "enrollment", "event": "enrolled", "date": "2026-01-21"}],
        terms={"order": {"bip.enroll_deadline": 14}},
    ),
    Situation(
        "24 hours are 24 hours",
        "us_ca",
        "2026-03-03T10:01-08:00",
        [],
        {GUNS: {"due": "2026-03-03T18:00:00+00:00"}},
        GUN_CASE,
    ),
    Situation("a minute before they are not over", "us_ca", "2026-03-03T09:59-08:00", [], case=GUN_CASE),
    Situation(
        "no firearms declared answers it",
        "us_ca",
        "2026-03-05",
        [{"type": "firearm", "event": "no_firearms_declared", "date": "2026-03-02"}],
        case=GUN_CASE,
    ),
    Situation(
        "out of custody five days for the form",
        "us_ca",
        "2026-06-09",
        [],
        {FORM: {"due": "2026-06-08"}},
        {"convicted_on": "2026-06-01", "in_custody": False, "conditions": ["firearm_surrender"]},
    ),
    Situation(
        "a suspension moves the sixtieth day",
        "us_tx",
        "2026-03-20",
        [
            {"type": "order", "order": "main", "event": "suspended", "date": "2026-02-01", "condition": "bip"},
            {"type": "order", "order": "main", "event": "reinstated", "date": "2026-02-11", "condition": "bip"},
        ],
        {BEGIN: {"due": "2026-03-16"}},
        {"granted_on": "2026-01-05"},
    ),
    Situation(
        "a session begins attendance, an enrollment does not",
        "us_tx",
        "2026-03-20",
        [session(1, "attended", "2026-03-06")],
        case={"granted_on": "2026-01-05"},
    ),
    Situation(
        "no make-up in time",
        "base",
        "2026-03-01",
        [session(1, "absent_unexcused", "2026-02-10")],
        {SHORT: {"count": 1, "first_on": "2026-02-25", "basis": "order"}},
        terms={"order": {"bip.makeup_within_days": 14}},
    ),
    Situation(
        "a review that was held",
        "base",
        "2026-03-01",
        [{"type": "decision", "kind": "review_held", "by": "court", "date": "2026-02-03"}],
        terms={"order": {"hearing.review_within_days": 30}},
    ),
]


@pytest.fixture(scope="module")
def found() -> list[Reading]:
    return read(TABLE)


@pytest.mark.parametrize("number", range(len(TABLE)), ids=[one.says for one in TABLE])
def test_deadlines_are_kept_to_the_day(number: int, found: list[Reading]) -> None:
    check(TABLE[number], found[number], CODES)
