"""What the engine still gets wrong, each with its case; a mended one fails here, so that it is taken off the list."""

from __future__ import annotations

from typing import Any

import pytest

from rules.packs import load
from rules.scenarios.matching import failures
from tests.rules.agreement import engine_reads, wanted

# Two classes were planned; on 16 May the program says that only the first ever was. What was outstanding on the 15th
# was outstanding on the 15th (rules/CODES.md, rules about the record itself).
PLAN_CORRECTED_LATER: dict[str, Any] = {
    "id": "BASE-99", "title": "A class that was never planned", "edge": ["correction_replay"], "pack": "base",
    "provision": "record axis", "provision_confidence": "engine_policy", "why": "Later records rewrite nothing.",
    "evaluate": [{"as_of": "2026-05-15", "expect": []}],
    "case": {"time_zone": "America/Denver", "ordered_on": "2026-01-05"},
    "facts": [
        {"type": "schedule", "id": "p1", "of": "session", "date": "2026-05-01", "dates": ["2026-05-06", "2026-05-13"]},
        {"type": "schedule", "id": "p2", "supersedes": "p1", "of": "session", "date": "2026-05-01",
         "recorded_on": "2026-05-16", "dates": ["2026-05-06"]},
    ],
}  # fmt: skip


@pytest.mark.xfail(strict=True, reason="the engine lays outstanding sheets by the newest plan only")
def test_a_plan_corrected_later_leaves_what_was_outstanding_before() -> None:
    moment = ("2026-05-15", "2026-05-16")
    [reading] = engine_reads([PLAN_CORRECTED_LATER], moment, load())
    said = wanted(PLAN_CORRECTED_LATER, moment)
    assert list(failures(said.scenario, said.evaluation, reading)) == []


def test_at_the_moment_itself_both_say_the_same() -> None:
    moment = ("2026-05-15", None)
    [reading] = engine_reads([PLAN_CORRECTED_LATER], moment, load())
    said = wanted(PLAN_CORRECTED_LATER, moment)
    assert list(failures(said.scenario, said.evaluation, reading)) == []
