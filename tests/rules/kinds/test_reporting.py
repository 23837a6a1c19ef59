"""REPORTING: the lapse of a program, an officer or a court is theirs, with its clock and its act."""

from __future__ import annotations

import pytest

from rules.scenarios.matching import Reading
from tests.rules.kinds.situations import Situation, check, read, session, weekly

LATE, DUE, DECIDE, SILENT, PROGRESS, OFFICER, ANSWER, NOTICE, SUMMARY = (
    "PROGRAM_REPORT_LATE", "PROGRAM_REPORT_DUE", "ADJUDICATION_OVERDUE", "ATTENDANCE_NOT_REPORTED",
    "PROGRESS_REPORT_OVERDUE", "OFFICER_REPORT_LATE", "REPORT_UNANSWERED", "VICTIM_NOTICE_OVERDUE",
    "SUMMARY_REPORT_OVERDUE",
)  # fmt: skip
CODES = {LATE, DUE, DECIDE, SILENT, PROGRESS, OFFICER, ANSWER, NOTICE, SUMMARY}
ABSENT = session(1, "absent", "2026-03-04")
DECIDED = {"type": "adjudication", "id": "j", "of": "s1", "date": "2026-03-05", "decision": "excused"}
UNEXCUSED = {**DECIDED, "decision": "unexcused"}


def told(on: str, **more: object) -> dict[str, object]:
    return {"type": "report", "id": "r", "kind": "noncompliance", "by": "provider", "to": "court", "about": "s1",
            "date": on, **more}  # fmt: skip


TABLE = [
    Situation("two court days to decide", "base", "2026-03-06", [ABSENT]),
    Situation(
        "then the officer is late, not the person",
        "base",
        "2026-03-07",
        [ABSENT],
        {DECIDE: {"owner": "probation", "due": "2026-03-06", "about": "s1"}},
    ),
    Situation("decided: done", "base", "2026-03-09", [ABSENT, DECIDED]),
    Situation(
        "evidence has a day of its own",
        "base",
        "2026-03-21",
        [ABSENT, {**DECIDED, "decision": "pending_evidence", "evidence_due": "2026-03-20"}],
        {DECIDE: {"due": "2026-03-20", "first_on": "2026-03-21"}},
    ),
    Situation(
        "seven days in Washington: running on the seventh",
        "us_wa",
        "2026-03-11",
        [ABSENT, UNEXCUSED],
        {DUE: {"due": "2026-03-11", "first_on": "2026-03-04", "owner": "provider"}},
    ),
    Situation(
        "late on the eighth, and late for ever",
        "us_wa",
        "2026-04-01",
        [ABSENT, UNEXCUSED, told("2026-03-14")],
        {LATE: {"days_late": 3, "due": "2026-03-11", "owner": "provider"}},
    ),
    Situation("in time", "us_wa", "2026-04-01", [ABSENT, UNEXCUSED, told("2026-03-11")]),
    Situation("excused: nothing to report", "us_wa", "2026-04-01", [ABSENT, DECIDED]),
    Situation(
        "a number that local policy gives to immediately",
        "us_ca",
        "2026-03-10",
        [ABSENT, UNEXCUSED],
        {LATE: {"due": "2026-03-06", "basis": "local_policy", "days_late": 4}},
        terms={"local_policy": {"report.immediately_means": 2}},
    ),
    Situation(
        "the officer's own clock",
        "base",
        "2026-03-10",
        [ABSENT, UNEXCUSED],
        {OFFICER: {"due": "2026-03-09", "owner": "probation"}},
        terms={"local_policy": {"report.officer_to_court": 2}},
    ),
    Situation(
        "the court's answer",
        "base",
        "2026-03-27",
        [ABSENT, UNEXCUSED, told("2026-03-12", by="probation")],
        {ANSWER: {"due": "2026-03-26", "owner": "court", "about": "s1"}},
        terms={"local_policy": {"hearing.response_within_days": 14}},
    ),
    Situation(
        "a month after the last report in New Mexico",
        "us_nm",
        "2026-03-03",
        [{"type": "report", "kind": "progress", "by": "provider", "to": "court", "date": "2026-01-31"}],
        {PROGRESS: {"due": "2026-03-02"}},
        {"treatment_started_on": "2026-01-05", "time_zone": "America/Denver"},
    ),
    Situation(
        "two scheduled sessions and not a word",
        "base",
        "2026-02-20",
        [{"type": "schedule", "of": "session", "date": "2026-02-01", "dates": ["2026-02-04", "2026-02-11"]}],
        {SILENT: {"count": 2, "first_on": "2026-02-05", "owner": "provider"}},
    ),
    Situation(
        "a roster that covers them answers it",
        "base",
        "2026-02-20",
        [
            {"type": "schedule", "of": "session", "date": "2026-02-01", "dates": ["2026-02-04", "2026-02-11"]},
            {"type": "submission", "date": "2026-02-12", "covers_from": "2026-02-01", "covers_to": "2026-02-12"},
        ],
    ),
    Situation(
        "what was silent then stays silent then",
        "base",
        "2026-02-10",
        [
            {"type": "schedule", "of": "session", "date": "2026-02-01", "dates": ["2026-02-04"]},
            {"type": "submission", "date": "2026-02-12", "covers_from": "2026-02-01", "covers_to": "2026-02-12"},
        ],
        {SILENT: {"count": 1}},
        known_at="2026-02-20",
    ),
    Situation(
        "a notice in 24 hours, weekend or not",
        "us_fl",
        "2026-10-11T09:01-04:00",
        [{"type": "enrollment", "id": "x", "event": "discharged", "at": "2026-10-10T09:00-04:00"}],
        {NOTICE: {"owner": "provider", "severity": "high"}},
        {"time_zone": "America/New_York"},
    ),
    Situation(
        "a summary at session 36 is too late without one from 32 on",
        "us_or",
        "2026-12-01",
        weekly("attended", "2026-01-07", 36),
        {SUMMARY: {"first_on": "2026-09-09", "owner": "provider"}},
    ),
]


@pytest.fixture(scope="module")
def found() -> list[Reading]:
    return read(TABLE)


@pytest.mark.parametrize("number", range(len(TABLE)), ids=[one.says for one in TABLE])
def test_reports_are_owed_by_those_who_owe_them(number: int, found: list[Reading]) -> None:
    check(TABLE[number], found[number], CODES)
