"""PROHIBITION: one event, where the order was in force and served, and who may be the source."""

from __future__ import annotations

import pytest

from rules.scenarios.matching import Reading
from tests.rules.kinds.situations import Situation, check, read, session

CONTACT, THREAT, AWAY, VIOLENCE, SERVICE, TEST, FEE, OUT, ABSENCE = (
    "NO_CONTACT_ALLEGED", "PEACEFUL_CONTACT_BREACH_ALLEGED", "STAY_AWAY_ALLEGED", "NEW_VIOLENCE_REPORTED",
    "SERVICE_NOT_SHOWN", "TEST_NONCOMPLIANT", "FEE_REVIEW_NEEDED", "OUTSIDE_SUPERVISION_TERM", "ABSENCE_UNEXCUSED",
)  # fmt: skip
CODES = {CONTACT, THREAT, AWAY, VIOLENCE, SERVICE, TEST, FEE, OUT, ABSENCE}
ORDER = {"type": "order", "order": "po", "kind": "civil_protection", "event": "issued", "at": "2026-02-01T10:00-06:00"}
NONE, PEACEFUL = {**ORDER, "contact_terms": "no_contact"}, {**ORDER, "contact_terms": "peaceful_contact"}
SERVED = {"type": "order", "order": "po", "event": "served", "at": "2026-02-02T10:00-06:00", "method": "personal"}


EVENING = "2026-03-01T20:00-06:00"


def act(kind: str, at: str = EVENING, source: str = "law_enforcement", **more: object) -> dict[str, object]:
    return {"type": "incident", "id": "i", "kind": kind, "at": at, "source": source, **more}


TABLE = [
    Situation(
        "a call under a served order",
        "base",
        "2026-03-02",
        [NONE, SERVED, act("contact", channel="call")],
        {CONTACT: {"about": "i", "order": "po", "first_on": "2026-03-01"}},
    ),
    Situation(
        "the same before service",
        "base",
        "2026-03-02",
        [NONE, SERVED, act("contact", "2026-02-01T20:00-06:00")],
        {SERVICE: {"about": "i", "owner": "court"}},
    ),
    Situation("a call where peaceful contact is allowed", "base", "2026-03-02", [PEACEFUL, SERVED, act("contact")]),
    Situation(
        "a threat is not peaceful",
        "base",
        "2026-03-02",
        [PEACEFUL, SERVED, act("threat")],
        {THREAT: {"order": "po", "severity": "high"}},
    ),
    Situation(
        "an exchange that the order excepts",
        "base",
        "2026-03-02",
        [{**NONE, "exceptions": ["child_exchange"]}, SERVED, act("contact", channel="exchange")],
    ),
    Situation(
        "after the order ended",
        "base",
        "2026-03-02",
        [
            NONE,
            SERVED,
            {"type": "order", "order": "po", "event": "vacated", "at": "2026-02-20T09:00-06:00"},
            act("contact"),
        ],
    ),
    Situation(
        "what she told without her consent does not exist",
        "base",
        "2026-03-02",
        [NONE, SERVED, act("new_violence", source="victim", consent=False)],
    ),
    Situation(
        "with her consent it does",
        "base",
        "2026-03-02",
        [act("new_violence", source="victim", consent=True)],
        {VIOLENCE: {"about": "i", "severity": "high"}},
    ),
    Situation(
        "a device's alert alleges nothing",
        "base",
        "2026-03-02",
        [{**NONE, "stay_away": True}, SERVED, act("stay_away_entry", source="device")],
    ),
    Situation(
        "confirmed by a person it does",
        "base",
        "2026-03-02",
        [
            {**NONE, "stay_away": True},
            SERVED,
            act("stay_away_entry", source="device"),
            {"type": "adjudication", "id": "j", "of": "i", "date": "2026-03-02", "decision": "confirmed"},
        ],
        {AWAY: {"order": "po"}},
    ),
    Situation(
        "a diluted test where testing is ordered",
        "base",
        "2026-03-02",
        [{"type": "test", "id": "t", "date": "2026-03-01", "result": "diluted"}],
        {TEST: {"about": "t"}},
        {"conditions": ["testing"]},
    ),
    Situation(
        "no testing was ordered", "base", "2026-03-02", [{"type": "test", "date": "2026-03-01", "result": "positive"}]
    ),
    Situation(
        "money unpaid is a question about means",
        "base",
        "2026-03-02",
        [{"type": "fee", "event": "unpaid", "date": "2026-02-20"}],
        {FEE: {"owner": "court", "severity": "info"}},
    ),
    Situation(
        "it weighs more once a program ended over it",
        "base",
        "2026-03-02",
        [
            {"type": "fee", "event": "unpaid", "date": "2026-02-20"},
            {"type": "enrollment", "id": "x", "event": "discharged", "reason": "non_payment", "date": "2026-03-01"},
        ],
        {FEE: {"severity": "high", "first_on": "2026-02-20"}},
    ),
    Situation(
        "paid",
        "base",
        "2026-03-02",
        [
            {"type": "fee", "event": "unpaid", "date": "2026-02-20"},
            {"type": "fee", "event": "paid", "date": "2026-02-25"},
        ],
    ),
    Situation(
        "the day after the last day of the term",
        "base",
        "2026-04-10",
        [session(1, "absent_unexcused", "2026-04-06")],
        {OUT: {"about": "s1", "owner": "system"}},
        {"granted_on": "2026-01-05", "term_months": 3},
    ),
    Situation(
        "the last day itself is inside",
        "base",
        "2026-04-10",
        [session(1, "absent_unexcused", "2026-04-05")],
        {ABSENCE: {"count": 1}},
        {"granted_on": "2026-01-05", "term_months": 3},
    ),
    Situation(
        "nothing while the court had suspended the order",
        "base",
        "2026-04-10",
        [
            session(1, "absent_unexcused", "2026-03-05"),
            {"type": "order", "order": "main", "event": "suspended", "date": "2026-03-01"},
            {"type": "order", "order": "main", "event": "reinstated", "date": "2026-03-20"},
        ],
    ),
]


@pytest.fixture(scope="module")
def found() -> list[Reading]:
    return read(TABLE)


@pytest.mark.parametrize("number", range(len(TABLE)), ids=[one.says for one in TABLE])
def test_acts_are_judged_by_the_order_in_force(number: int, found: list[Reading]) -> None:
    check(TABLE[number], found[number], CODES)
