"""What was outstanding, or undecided, on a day stays true for that day whatever is recorded later (rules/CODES.md)."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from rules.packs import load
from rules.scenarios.matching import Reading, failures
from tests.rules.agreement import engine_reads, wanted

Fact = dict[str, Any]


def case(*facts: Fact, pack: str = "base", **anchors: Any) -> dict[str, Any]:
    return {
        "id": "BASE-99", "title": "The record as it stood", "edge": ["correction_replay"], "pack": pack,
        "provision": "record axis", "provision_confidence": "engine_policy", "why": "Later records rewrite nothing.",
        "evaluate": [{"as_of": "2026-05-15", "expect": []}],
        "case": {"time_zone": "America/Denver", "ordered_on": "2026-01-05", **anchors}, "facts": list(facts),
    }  # fmt: skip


def planned(*dates: str, **more: Any) -> Fact:
    return {"type": "schedule", "id": "p1", "of": "session", "date": "2026-05-01", "dates": list(dates), **more}


def attended(name: str, day: str, **more: Any) -> Fact:
    return {"type": "session", "id": name, "outcome": "attended", "date": day, **more}


TWICE = planned("2026-05-06", "2026-05-13")
CUSTODY = {"type": "pause", "id": "jail", "kind": "custody", "event": "start", "basis": "hold", "date": "2026-05-05"}
ROSTER = {
    "type": "submission", "id": "sheet", "date": "2026-05-14", "covers_from": "2026-05-01", "covers_to": "2026-05-14"
}
WRONG = {"type": "retraction", "id": "r", "date": "2026-05-20", "reason": "wrong_person"}
END = {"type": "order", "order": "main", "id": "end", "event": "terminated", "date": "2026-05-05"}
ABSENT = {"type": "session", "id": "a", "outcome": "absent", "date": "2026-05-06"}
LATER: dict[str, dict[str, Any]] = {
    "a plan is corrected": case(TWICE, planned("2026-05-06", id="p2", supersedes="p1", recorded_on="2026-05-16")),
    "custody becomes known": case(TWICE, {**CUSTODY, "recorded_on": "2026-05-17"}),
    "a roster is taken back": case(TWICE, ROSTER, {**WRONG, "retracts": "sheet"}),
    "a class is taken back": case(TWICE, attended("s", "2026-05-06"), {**WRONG, "retracts": "s"}),
    "a class turns out to have been on another day": case(
        TWICE, attended("s", "2026-05-06"), attended("s2", "2026-05-13", supersedes="s", recorded_on="2026-05-18")
    ),
    "an earlier first class comes to light": case(
        attended("s", "2026-04-20"), attended("first", "2026-04-17", recorded_on="2026-05-18"), pack="us_ca"
    ),
    "leave is approved afterwards": case(
        attended("s", "2026-04-20"),
        {"type": "leave", "id": "l", "date": "2026-05-18", "covers": ["2026-05-06"], "approved_by": ["probation"]},
        pack="us_ca",
    ),
    "a plan takes the place of weekly windows": case(
        attended("s", "2026-04-20"), planned("2026-06-01", recorded_on="2026-05-18"), pack="us_ca"
    ),
    "the end of the order is told late": case(TWICE, ABSENT, {**END, "recorded_on": "2026-05-18"}),
    "one of two records of an absence is taken back": case(
        ABSENT, {**ABSENT, "id": "b", "recorded_on": "2026-05-08"}, {**WRONG, "retracts": "a"}
    ),
}  # fmt: skip
NOTHING_THEN = {"a roster is taken back", "a class is taken back"}


DAYS = ("2026-05-05", "2026-05-15", "2026-05-19", "2026-05-25")
MOMENTS = [(as_of, known_at) for as_of in DAYS for known_at in (None, "2026-06-01")]
ON_RECORD = {"ATTENDANCE_NOT_REPORTED", "ABSENCE_PENDING", "ADJUDICATION_OVERDUE"}


@cache
def read_at(moment: tuple[str, str | None]) -> dict[str, Reading]:
    return dict(zip(LATER, engine_reads(list(LATER.values()), moment, load()), strict=True))


@pytest.mark.parametrize("what", LATER)
def test_later_word_rewrites_no_earlier_day(what: str) -> None:
    told = []
    for moment in MOMENTS:
        said = wanted(LATER[what], moment)
        told += [(moment, text) for text in failures(said.scenario, said.evaluation, read_at(moment)[what])]
    assert told == []


@pytest.mark.parametrize("what", LATER)
def test_what_is_read_of_a_day_is_what_was_read_on_it(what: str) -> None:
    then, now = (
        [flag for flag in read_at(("2026-05-15", known))[what].flags if flag["code"] in ON_RECORD]
        for known in (None, "2026-06-01")
    )
    assert now == then
    assert then or what in NOTHING_THEN
