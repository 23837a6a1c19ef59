"""ROLLING_CADENCE: contacts that roll from the last ones, pauses, levels; breaks."""

from __future__ import annotations

import pytest

from rules.scenarios.matching import Reading
from tests.rules.kinds.situations import Situation, check, read, session

CONTACT, OTHERS, BREAK = "CONTACT_OVERDUE", "COLLATERAL_CONTACT_OVERDUE", "BREAK_TOO_LONG"
CODES = {CONTACT, OTHERS, BREAK}


def at_level(*levels: tuple[str, str]) -> dict[str, object]:
    return {"supervision_started_on": "2026-01-05", "levels": [{"from": day, "level": level} for day, level in levels]}


def seen(on: str, **more: str) -> dict[str, str]:
    return {"type": "contact", "kind": "direct", "date": on, "state": "completed", "method": "in_person", **more}


def held(event: str, on: str, kind: str = "custody") -> dict[str, str]:
    return {"type": "pause", "kind": kind, "event": event, "date": on}


HIGH = at_level(("2026-01-05", "high"))
TALK = seen("2026-01-25", kind="collateral")
ONCE, TWICE = at_level(("2026-01-05", "medium")), at_level(("2026-01-05", "maximum"))
TABLE = [
    Situation("fifteen days are not over", "us_id", "2026-01-21", [seen("2026-01-06")], case=HIGH),
    Situation(
        "the sixteenth",
        "us_id",
        "2026-01-22",
        [seen("2026-01-06")],
        {CONTACT: {"due": "2026-01-21", "owner": "probation", "first_on": "2026-01-22"}},
        HIGH,
    ),
    Situation(
        "a try is no contact, nor is a call",
        "us_id",
        "2026-01-22",
        [seen("2026-01-06"), seen("2026-01-15", state="attempted"), seen("2026-01-16", method="phone")],
        {CONTACT: {"due": "2026-01-21"}},
        HIGH,
    ),
    Situation(
        "the first contact has its own clock",
        "us_id",
        "2026-01-09",
        [],
        {CONTACT: {"due": "2026-01-08"}},
        HIGH,
    ),
    Situation(
        "local policy sets another number",
        "us_id",
        "2026-01-22",
        [seen("2026-01-06")],
        case=HIGH,
        terms={"local_policy": {"contact.face_to_face": {"count": 1, "period_days": 30}}},
    ),
    Situation(
        "custody stops it",
        "us_id",
        "2026-02-10",
        [seen("2026-01-06"), {"type": "pause", "kind": "custody", "event": "start", "date": "2026-01-10"}],
        case=HIGH,
    ),
    Situation(
        "and it starts afresh at the end",
        "us_id",
        "2026-02-17",
        [
            seen("2026-01-06"),
            {"type": "pause", "kind": "custody", "event": "start", "date": "2026-01-10"},
            {"type": "pause", "kind": "custody", "event": "end", "date": "2026-02-01"},
        ],
        {CONTACT: {"due": "2026-02-16"}},
        HIGH,
    ),
    Situation(
        "a level raised asks for more from that day on",
        "us_id",
        "2026-02-10",
        [seen("2026-01-08")],
        {CONTACT: {"due": "2026-01-23"}},
        at_level(("2026-01-05", "medium"), ("2026-02-09", "high")),
    ),
    Situation(
        "in Missouri a level change is a fresh start",
        "us_mo",
        "2026-03-01",
        [seen("2026-01-08")],
        {},
        at_level(("2026-01-05", "medium"), ("2026-02-09", "high")),
        {"local_policy": {"contact.face_to_face": {"count": 1, "period_calendar_months": 1}}},
    ),
    Situation("no level, no answer", "us_id", "2026-03-01", [], case={"supervision_started_on": "2026-01-05"}),
    Situation(
        "a break of more than thirty days stays told",
        "us_wa",
        "2026-03-01",
        [session(1, "attended", "2026-01-07"), session(2, "attended", "2026-02-20")],
        {BREAK: {"limit": 30, "due": "2026-02-06", "owner": "provider"}},
    ),
    Situation(
        "one approved before",
        "us_wa",
        "2026-03-01",
        [
            session(1, "attended", "2026-01-07"),
            session(2, "attended", "2026-02-20"),
            {
                "type": "decision",
                "kind": "break_approved",
                "by": "provider",
                "date": "2026-01-20",
                "until": "2026-02-20",
            },
        ],
    ),
    # --- Pennsylvania's parole standard: so many in thirty days, a first meeting within two court days
    Situation(
        "two in thirty days: after two meetings the next is due thirty days after the first of them", "us_pa",
        "2026-02-10", [seen("2026-01-10"), seen("2026-01-20"), TALK], {CONTACT: {"due": "2026-02-09"}}, TWICE,
    ),
    Situation(
        "two in thirty days: on that day it is in time", "us_pa", "2026-02-09",
        [seen("2026-01-06"), seen("2026-01-10"), seen("2026-01-20"), TALK], {}, TWICE,
    ),
    Situation(
        "two in thirty days: after only one the thirty days run from the first day of supervision", "us_pa",
        "2026-02-05", [seen("2026-01-06"), TALK], {CONTACT: {"due": "2026-02-04"}}, TWICE,
    ),
    Situation(
        "the first meeting is due before the cadence asks for one", "us_pa", "2026-01-08", [],
        {CONTACT: {"due": "2026-01-07"}}, ONCE,
    ),
    Situation(
        "after jail there is a fresh start, without a second first meeting", "us_pa", "2026-02-19",
        [seen("2026-01-06"), held("start", "2026-01-08"), held("end", "2026-01-20")], {}, ONCE,
    ),
    Situation(
        "after jail: thirty days from the release", "us_pa", "2026-02-20",
        [seen("2026-01-06"), held("start", "2026-01-08"), held("end", "2026-01-20")],
        {CONTACT: {"due": "2026-02-19"}}, ONCE,
    ),
    Situation(
        "a warrant that outlasts the jail stay: the clock starts when both are over", "us_pa", "2026-02-25",
        [seen("2026-01-06"), held("start", "2026-01-08"), held("end", "2026-01-20"),
         held("start", "2026-01-15", "warrant"), held("end", "2026-01-26", "warrant")],
        {OTHERS: {"due": "2026-02-19"}}, at_level(("2026-01-05", "maximum")),
    ),
    Situation(
        "in jail since before supervision: it starts at the release", "us_pa", "2026-02-11",
        [held("start", "2026-01-02"), held("end", "2026-01-12"), seen("2026-01-13")], {}, ONCE,
    ),
    Situation(
        "still in jail: nothing is due", "us_pa", "2026-06-01",
        [seen("2026-01-06"), held("start", "2026-01-08")], {}, ONCE,
    ),
    Situation(
        "a meeting in jail is none of the new stretch", "us_pa", "2026-02-20",
        [seen("2026-01-06"), held("start", "2026-01-08"), seen("2026-01-15"), held("end", "2026-01-20")],
        {CONTACT: {"due": "2026-02-19"}}, ONCE,
    ),
    Situation(
        "the order ended: what was overdue ends with it", "us_pa", "2026-03-01",
        [seen("2026-01-06"), {"type": "order", "order": "main", "event": "vacated", "date": "2026-02-20"}], {}, ONCE,
    ),
    Situation(
        "the order ended: a day before it still stood", "us_pa", "2026-02-19",
        [seen("2026-01-06"), {"type": "order", "order": "main", "event": "vacated", "date": "2026-02-20"}],
        {CONTACT: {"due": "2026-02-05"}}, ONCE,
    ),
    Situation(
        "a meeting on the first late day ends it that day", "us_pa", "2026-02-06",
        [seen("2026-01-06"), seen("2026-02-06")], {}, ONCE,
    ),
    Situation(
        "in Missouri a level that is only said again is no fresh start", "us_mo", "2026-03-01",
        [seen("2026-01-15")], {CONTACT: {"due": "2026-02-28"}},
        at_level(("2026-01-05", "high"), ("2026-02-20", "high")),
        {"local_policy": {"contact.face_to_face": {"count": 1, "period_calendar_months": 1}}},
    ),
    Situation(
        "in Missouri a level of the first day is the start, not a second one", "us_mo", "2026-02-28",
        [], {}, at_level(("2026-01-05", "high")),
        {"local_policy": {"contact.face_to_face": {"count": 1, "period_calendar_months": 1}}},
    ),
    Situation(
        "before any level is told there is no cadence", "us_pa", "2026-01-31", [], {},
        at_level(("2026-02-01", "medium")),
    ),
]


@pytest.fixture(scope="module")
def found() -> list[Reading]:
    return read(TABLE)


@pytest.mark.parametrize("number", range(len(TABLE)), ids=[one.says for one in TABLE])
def test_cadences_roll(number: int, found: list[Reading]) -> None:
    check(TABLE[number], found[number], CODES)
