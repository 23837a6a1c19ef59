"""STATE_GAP: what should be and is not, and what the record itself lacks."""

from __future__ import annotations

import pytest

from rules.scenarios.matching import Reading
from tests.rules.kinds.situations import Situation, check, read, session

PENDING, GAP, SEATS, AGAIN, EXTEND, WARRANT, ALERT, ORDERS, DECIDABLE, CONFLICT, VERSION, POLICY, INPUT = (
    "ABSENCE_PENDING", "ENROLLMENT_GAP", "PROGRAM_CAPACITY", "COMPLETION_REOPENED", "EXTENSION_DECISION_MISSING",
    "WARRANT_ACTIVE", "DEVICE_ALERT_TO_CHECK", "ORDERS_CONFLICT", "VIOLATION_ADJUDICABLE", "DATA_CONFLICT",
    "RULE_VERSION_CHOICE_NEEDED", "POLICY_WEAKER_THAN_LAW", "INPUT_MISSING",
)  # fmt: skip
CODES = {PENDING, GAP, SEATS, AGAIN, EXTEND, WARRANT, ALERT, ORDERS, DECIDABLE, CONFLICT, VERSION, POLICY, INPUT}
ABSENT = session(1, "absent", "2026-03-04")
LEFT = {
    "type": "enrollment",
    "id": "x",
    "event": "discharged",
    "date": "2026-03-04",
    "reason": "absences",
    "program": "a",
}
HELD = {"type": "pause", "kind": "custody", "event": "start", "date": "2026-02-01"}
TABLE = [
    Situation(
        "recorded and not decided",
        "base",
        "2026-03-04",
        [ABSENT],
        {PENDING: {"about": "s1", "owner": "probation", "severity": "info", "first_on": "2026-03-04"}},
    ),
    Situation(
        "decided",
        "base",
        "2026-03-05",
        [ABSENT, {"type": "adjudication", "id": "j", "of": "s1", "date": "2026-03-05", "decision": "excused"}],
    ),
    Situation(
        "decided, and evidence asked for on the same day: what was entered last stands",
        "base",
        "2026-03-05",
        [
            ABSENT,
            {"type": "adjudication", "id": "j", "of": "s1", "date": "2026-03-05", "decision": "excused"},
            {"type": "adjudication", "id": "k", "of": "s1", "date": "2026-03-05", "decision": "pending_evidence"},
        ],
        {PENDING: {"about": "s1"}},
    ),
    Situation(
        "evidence asked for, and decided on the same day",
        "base",
        "2026-03-05",
        [
            ABSENT,
            {"type": "adjudication", "id": "j", "of": "s1", "date": "2026-03-05", "decision": "pending_evidence"},
            {"type": "adjudication", "id": "k", "of": "s1", "date": "2026-03-05", "decision": "excused"},
        ],
    ),
    Situation(
        "a decision on the old version does not decide the new one",
        "base",
        "2026-03-12",
        [
            ABSENT,
            {"type": "adjudication", "id": "j", "of": "s1", "date": "2026-03-05", "decision": "excused"},
            session(2, "absent", "2026-03-04", supersedes="s1", recorded_on="2026-03-10"),
        ],
        {PENDING: {"about": "s2", "first_on": "2026-03-10"}},
    ),
    Situation(
        "two records that disagree",
        "base",
        "2026-03-06",
        [ABSENT, session(2, "attended", "2026-03-04", recorded_on="2026-03-06")],
        {CONFLICT: {"evidence": ["s1", "s2"], "first_on": "2026-03-06"}},
    ),
    Situation(
        "the same record sent twice is one",
        "base",
        "2026-03-06",
        [ABSENT, session(2, "absent", "2026-03-04", recorded_on="2026-03-06")],
        {PENDING: {"about": "s1"}},
    ),
    Situation(
        "discharged and not placed anywhere",
        "base",
        "2026-03-05",
        [LEFT],
        {GAP: {"first_on": "2026-03-05", "owner": "probation"}},
    ),
    Situation(
        "placed again",
        "base",
        "2026-03-20",
        [LEFT, {"type": "enrollment", "event": "enrolled", "date": "2026-03-10", "program": "b"}],
    ),
    Situation(
        "another enrollment stands",
        "base",
        "2026-03-20",
        [LEFT, {"type": "enrollment", "event": "enrolled", "date": "2026-02-10", "program": "b"}],
    ),
    Situation("completed is no gap", "base", "2026-03-20", [{**LEFT, "reason": "completed"}]),
    Situation(
        "a warrant stands for all the missed duties",
        "base",
        "2026-03-20",
        [{"type": "pause", "kind": "warrant", "event": "start", "date": "2026-03-10"}],
        {WARRANT: {"first_on": "2026-03-10"}},
    ),
    Situation(
        "no seat was free",
        "base",
        "2026-02-20",
        [{"type": "letter", "id": "w", "kind": "waitlist", "by": "provider", "date": "2026-01-09"}],
        {SEATS: {"owner": "system", "first_on": "2026-02-05"}},
        terms={"order": {"bip.enroll_deadline": 30}},
    ),
    Situation(
        "where the law forbids waiting lists the letter is none",
        "us_me",
        "2026-02-20",
        [{"type": "letter", "id": "w", "kind": "waitlist", "by": "provider", "date": "2026-01-09"}],
        terms={"order": {"bip.enroll_deadline": 30}},
    ),
    Situation(
        "the window ended, jail is on record, nobody decided",
        "us_az",
        "2027-01-06",
        [HELD],
        {EXTEND: {"owner": "provider", "first_on": "2027-01-06"}},
        {"treatment_started_on": "2026-01-05", "offense_number": 1, "time_zone": "America/Phoenix"},
    ),
    Situation(
        "a denial is a decision too",
        "us_az",
        "2027-01-09",
        [HELD, {"type": "decision", "kind": "extension_denied", "by": "provider", "date": "2027-01-08"}],
        case={"treatment_started_on": "2026-01-05", "offense_number": 1, "time_zone": "America/Phoenix"},
    ),
    Situation(
        "without the offense number nobody can tell",
        "us_az",
        "2026-02-01",
        [],
        {INPUT: {"of_code": "COMPLETION_WINDOW_EXCEEDED", "first_on": "2026-01-05"}},
        {"treatment_started_on": "2026-01-05", "time_zone": "America/Phoenix"},
    ),
    Situation(
        "a policy weaker than the law",
        "us_ca",
        "2026-02-01",
        [],
        {POLICY: {"of_code": "EXCUSED_ABSENCE_LIMIT_EXCEEDED", "first_on": "2026-01-05"}},
        terms={"provider_policy": {"bip.excused_absences_max": 7}},
    ),
    Situation(
        "an alert that nobody checked",
        "base",
        "2026-03-02",
        [
            {
                "type": "incident",
                "id": "i",
                "kind": "stay_away_entry",
                "at": "2026-03-01T20:00-06:00",
                "source": "device",
            }
        ],
        {ALERT: {"about": "i", "owner": "probation"}},
    ),
    Situation(
        "the rule changed while the case ran",
        "us_wa",
        "2018-09-01",
        [],
        {VERSION: {"first_on": "2018-06-29"}},
        {
            "ordered_on": "2018-02-12",
            "treatment_started_on": "2018-03-01",
            "levels": [{"from": "2018-07-05", "level": "1"}],
        },
    ),
    Situation(
        "a later order permits what the first forbids",
        "base",
        "2026-03-02",
        [
            {
                "type": "order",
                "order": "a",
                "kind": "criminal_no_contact",
                "event": "issued",
                "at": "2026-02-01T10:00-06:00",
                "contact_terms": "no_contact",
            },
            {
                "type": "order",
                "order": "b",
                "kind": "family_custody",
                "event": "issued",
                "at": "2026-02-20T10:00-06:00",
                "contact_terms": "peaceful_contact",
            },
        ],
        {ORDERS: {"about": "b", "first_on": "2026-02-20", "owner": "court"}},
    ),
    Situation(
        "attendance taken back after the certificate",
        "base",
        "2026-03-20",
        [
            session(7, "attended", "2026-02-04"),
            {"type": "certificate", "id": "k", "date": "2026-03-01"},
            session(8, "absent_unexcused", "2026-02-04", supersedes="s7", recorded_on="2026-03-12"),
        ],
        {AGAIN: {"about": "s8", "first_on": "2026-03-12", "severity": "high"}},
    ),
]


@pytest.fixture(scope="module")
def found() -> list[Reading]:
    return read(TABLE)


@pytest.mark.parametrize("number", range(len(TABLE)), ids=[one.says for one in TABLE])
def test_gaps_are_told_and_whose_they_are(number: int, found: list[Reading]) -> None:
    check(TABLE[number], found[number], CODES)
