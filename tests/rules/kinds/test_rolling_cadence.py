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


HIGH = at_level(("2026-01-05", "high"))
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
]


@pytest.fixture(scope="module")
def found() -> list[Reading]:
    return read(TABLE)


@pytest.mark.parametrize("number", range(len(TABLE)), ids=[one.says for one in TABLE])
def test_cadences_roll(number: int, found: list[Reading]) -> None:
    check(TABLE[number], found[number], CODES)
