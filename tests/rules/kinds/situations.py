"""Situations in practitioners' words: facts in, open flags out. A whole table takes one run of the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from rules.pack_files import Packs
from rules.packs import load
from rules.scenarios.document import Document
from rules.scenarios.matching import Reading
from rules.scenarios.running import plan, readings
from rules.scenarios.shape import Evaluation
from rules.scenarios.validate import validated

ORDERED = "2026-01-05"


@dataclass(frozen=True)
class Situation:
    """`flags`: code -> what must be written in its flag; codes of the table that are not named must not be open."""

    says: str
    pack: str
    as_of: str
    facts: list[dict[str, Any]]
    flags: dict[str, dict[str, Any]] = field(default_factory=dict)
    case: dict[str, Any] = field(default_factory=dict)
    terms: dict[str, Any] = field(default_factory=dict)
    known_at: str | None = None
    unverified: tuple[str, ...] = ()


@cache
def packs() -> Packs:
    return load()


def read(table: Sequence[Situation]) -> list[Reading]:
    """The readings of a table, from one run."""
    moments = [Evaluation(as_of=one.as_of, expect=[], known_at=one.known_at) for one in table]
    plans = [plan(scenario_of(one), moment, n) for n, (one, moment) in enumerate(zip(table, moments, strict=True))]
    return readings(plans, packs())


def scenario_of(one: Situation) -> Any:
    """The situation in the form of a scenario."""
    case = {"time_zone": "America/Chicago", "ordered_on": ORDERED, **one.case}
    whole = {
        "id": "BASE-99", "title": "A situation", "edge": ["pending"], "pack": one.pack, "provision": "none",
        "provision_confidence": "engine_policy", "case": case, "facts": one.facts, "why": "A table of situations.",
        "evaluate": [{"as_of": one.as_of, "expect": []}],
    }  # fmt: skip
    scenario, problems = validated(Document(Path("table"), whole | ({"terms": one.terms} if one.terms else {}), {}))
    assert scenario is not None, problems
    return scenario


def check(one: Situation, reading: Reading, codes: set[str]) -> None:
    """Exactly the flags that the situation names are open, with what it says of them."""
    found = {flag["code"]: flag for flag in reading.flags if flag["code"] in codes}
    assert set(found) == set(one.flags), one.says
    for code, values in one.flags.items():
        seen = {name: _plain(found[code].get(name)) for name in values}
        assert seen == values, one.says
    assert set(one.unverified) <= reading.unverified, one.says
    assert not reading.broken


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def session(number: int, outcome: str, on: str, **more: Any) -> dict[str, Any]:
    """A session record with the id s<number>."""
    return {"type": "session", "id": f"s{number}", "outcome": outcome, "date": on, **more}


def weekly(outcome: str, first: str, count: int, start: int = 1, **more: Any) -> list[dict[str, Any]]:
    """One session a week."""
    begins = date.fromisoformat(first)
    return [session(start + n, outcome, (begins + timedelta(weeks=n)).isoformat(), **more) for n in range(count)]
