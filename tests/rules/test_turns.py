"""The turns of time and of the record at which rules go wrong, each as a case that a lawyer can check."""

from __future__ import annotations

from typing import Any

import pytest

from rules.scenarios.matching import Reading
from tests.rules.kinds.situations import Situation, check, read, session

PACIFIC, CENTRAL, EASTERN = "America/Los_Angeles", "America/Chicago", "America/New_York"
CONTACT, QUARTER, MISSED, LIMIT, ABSENT, NOTICE, PENDING, SHORT = (
    "CONTACT_OVERDUE", "COLLATERAL_CONTACT_OVERDUE", "CHECKIN_MISSED", "EXCUSED_ABSENCE_LIMIT_REACHED",
    "ABSENCE_UNEXCUSED", "DISCHARGE_REPORT_OVERDUE", "ABSENCE_PENDING", "ABSENCE_TERMINATION_THRESHOLD",
)  # fmt: skip
CODES = {CONTACT, QUARTER, MISSED, LIMIT, ABSENT, NOTICE, SHORT}


def watched(pack_zone: str, since: str, *levels: tuple[str, str]) -> dict[str, Any]:
    """An order under supervision since a day, at these levels."""
    told = [{"from": day, "level": level} for day, level in levels]
    return {"time_zone": pack_zone, "ordered_on": since, "supervision_started_on": since, "levels": told}


def met(on: str, **more: Any) -> dict[str, Any]:
    made = {"state": "completed", "method": "in_person", "place": "office"}
    return {"type": "contact", "kind": "direct", "date": on, **made, **more}


def seen_at(at: str, number: int, outcome: str = "absent_excused") -> dict[str, Any]:
    return {"type": "session", "id": f"s{number}", "outcome": outcome, "at": at}


HERE = {"time_zone": PACIFIC, "ordered_on": "2026-01-05", "conditions": ["bip", "check_in"]}
NORTH = watched(CENTRAL, "2028-01-03", ("2028-01-03", "maximum"))
PLAN = {"type": "schedule", "of": "check_in", "dates": ["2026-11-01"], "date": "2026-10-20"}
OUT = {"type": "enrollment", "id": "x", "event": "discharged", "reason": "absences", "date": "2026-12-30"}
CLOSED = {"time_zone": EASTERN, "ordered_on": "2026-01-05", "holidays": ["2027-01-01"]}
FIXED = [
    session(1, "attended", "2026-03-04"),
    {**session(2, "absent", "2026-03-04"), "supersedes": "s1", "recorded_at": "2026-03-09T10:00-07:00"},
    {**session(3, "attended", "2026-03-04"), "supersedes": "s2", "recorded_at": "2026-03-09T15:00-07:00"},
]
FIXED[0] |= {"recorded_at": "2026-03-04T20:00-08:00"}
FOUR = [session(n, "absent_unexcused", f"2026-0{n}-10") for n in (1, 2, 3, 4)]
SINCE_MARCH = {"type": "decision", "id": "d", "kind": "breach_resolved", "by": "court", "found": False,
               "date": "2026-03-20", "recorded_on": "2026-05-04"}  # fmt: skip
GEORGIA = {"time_zone": EASTERN, "ordered_on": "2026-01-05"}
FORTNIGHT = watched(EASTERN, "2026-03-02", ("2026-03-02", "minimum"), ("2026-03-20", "medium"))
QUARTERLY = watched(EASTERN, "2026-01-05", ("2026-02-10", "high"))
LAST_QUARTER = watched(EASTERN, "2026-09-01", ("2026-09-01", "high"))
TABLE = [
    Situation("leap day: a month from 31 January 2028 runs to the 29th of February", "us_nd", "2028-02-29",
              [met("2028-01-31")], {}, NORTH),
    Situation("leap day: and on the first of March it is late", "us_nd", "2028-03-01", [met("2028-01-31")],
              {CONTACT: {"due": "2028-02-29"}}, NORTH),
    Situation("the day of 25 hours: a check-in in its last hour is of that day", "base", "2026-11-02",
              [PLAN, {"type": "check_in", "at": "2026-11-01T23:59-08:00"}], {}, HERE),
    Situation("the day of 25 hours: nobody is late while it lasts", "base", "2026-11-01T23:58-08:00", [PLAN], {}, HERE),
    Situation("the day of 25 hours: a minute after midnight is another day", "base", "2026-11-02",
              [PLAN, {"type": "check_in", "at": "2026-11-02T00:01-08:00"}], {MISSED: {"due": "2026-11-01"}}, HERE),
    Situation("year end: three business days from 30 December over New Year and a weekend", "us_fl", "2027-01-05",
              [OUT], {}, CLOSED),
    Situation("year end: late on the sixth of January", "us_fl", "2027-01-06", [OUT], {NOTICE: {"due": "2027-01-05"}},
              CLOSED),
    Situation("year end: the last quarter is read on New Year's Day", "us_ny", "2027-01-01", [],
              {QUARTER: {"window_from": "2026-10-01", "window_to": "2027-01-01"}}, LAST_QUARTER),
    Situation("equal dates: two classes of one day, at different hours, are two absences", "us_ca", "2026-03-04",
              [seen_at("2026-03-04T10:00-08:00", 1), seen_at("2026-03-04T18:00-08:00", 2),
               session(3, "absent_excused", "2026-02-25")], {LIMIT: {"count": 3}}, HERE),
    Situation("equal dates: two records of one class are one absence", "us_ca", "2026-03-04",
              [session(1, "absent_excused", "2026-03-04"), session(2, "absent_excused", "2026-03-04"),
               session(3, "absent_excused", "2026-02-25")], {}, HERE),
    Situation("stub period: a level that began in February asks nothing of the quarter it began in", "us_ny",
              "2026-06-30", [], {}, QUARTERLY),
    Situation("stub period: it asks for the next whole one", "us_ny", "2026-07-01", [],
              {QUARTER: {"window_from": "2026-04-01", "window_to": "2026-07-01", "have": 0, "need": 6}}, QUARTERLY),
    Situation("level change inside a period: thirty days from the last contact, not ninety", "us_pa", "2026-04-02",
              [met("2026-03-02")], {CONTACT: {"due": "2026-04-01"}}, FORTNIGHT),
    Situation("level change inside a period: not before the new level's own last day", "us_pa", "2026-04-01",
              [met("2026-03-02")], {}, FORTNIGHT),
    Situation("two corrections on one day: at noon the class was an absence", "us_ca", "2026-03-09T12:00-07:00",
              [*FIXED, {"type": "adjudication", "id": "j", "of": "s2", "decision": "unexcused",
                        "at": "2026-03-09T11:00-07:00"}], {ABSENT: {"about": "s2"}}, HERE),
    Situation("two corrections on one day: in the evening it was attended again", "us_ca", "2026-03-09",
              [*FIXED, {"type": "adjudication", "id": "j", "of": "s2", "decision": "unexcused",
                        "at": "2026-03-09T11:00-07:00"}], {}, HERE),
    Situation("the fact that raised the flag is taken back: known until then", "us_ca", "2026-03-08",
              [session(1, "absent_unexcused", "2026-03-04"), {"type": "retraction", "retracts": "s1",
               "reason": "wrong_person", "date": "2026-03-09"}], {ABSENT: {"about": "s1"}}, HERE),
    Situation("the fact that raised the flag is taken back: gone from every day of which it told", "us_ca",
              "2026-03-08", [session(1, "absent_unexcused", "2026-03-04"), {"type": "retraction", "retracts": "s1",
               "reason": "wrong_person", "date": "2026-03-09"}], {}, HERE, known_at="2026-03-09"),
    Situation("a reset recorded later: before it was recorded all four counted", "us_ga", "2026-05-03",
              [*FOUR, SINCE_MARCH], {SHORT: {"count": 4}}, GEORGIA),
    Situation("a reset recorded later: it acts from its own day, so one of four is left", "us_ga", "2026-05-03",
              [*FOUR, SINCE_MARCH], {}, GEORGIA, known_at="2026-05-04"),
]  # fmt: skip


@pytest.fixture(scope="module")
def seen() -> list[Reading]:
    return read(TABLE)


@pytest.mark.parametrize("number", range(len(TABLE)), ids=[one.says for one in TABLE])
def test_the_turn(number: int, seen: list[Reading]) -> None:
    situation = TABLE[number]
    check(situation, seen[number], {code for code in CODES if code != ABSENT or situation.pack == "us_ca"})
