"""A site's pack with one rule, one order of March, and what the engine says of it: what tests of terms share."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rules.evaluate import evaluate
from rules.frames import FactFrames, build
from rules.pack_files import OURS, Packs
from rules.packs import load

ORDER, PERSON, COURT = 1, 2, 3
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
MARCH, JULY, AUGUST = date(2026, 3, 2), date(2026, 7, 1), date(2026, 8, 3)
WEAKER = "POLICY_WEAKER_THAN_LAW"
CITE = "cite: {{text: {text}, confidence: secondary, checked: 2026-11-01}}"
REVIEW = "hearing.review_within_days"
HEAD = "title: Ours\ninherits: base\nzone: America/Chicago\n"
CHOSEN = "chosen: {by: J. Ortiz, day: 2026-10-01, text: county counsel's letter}"


def pack(folder: Path, code: str, term: str, *values: str, head: str = HEAD, term_says: str = "") -> Packs:
    """A site's pack with one rule; `values`: YAML of each value without its citation."""
    place = folder / "site/zz_state"
    place.mkdir(parents=True, exist_ok=True)
    (place / "pack.yaml").write_text(head)
    lines = [f"    - {{{value}, {CITE.format(text=f'Rule {n}')}}}" for n, value in enumerate(values, 1)]
    told = (term_says or "unit: days; governed_by: order_date").replace("; ", "\n    ")
    text = f"code: {code}\nprovision: Rule\nterms:\n  {term}:\n    {told}\n"
    (place / f"{code.lower()}.yaml").write_text(text + "    values:\n" + "\n".join(lines) + "\n" if lines else text)
    packs = laid(folder)
    assert packs.faults == []
    return packs


def laid(folder: Path) -> Packs:
    """Base and the site's own packs alone: the states' are not needed here, and take longest to read."""
    base = folder / "site/base"
    if not base.exists():
        base.symlink_to(OURS / "base")
    return load(folder / "site", ours=False)


def reviewed(
    packs: Packs, *terms: dict[str, Any], ordered_on: date = MARCH, known_at: datetime = NOW,
    code: str = "REVIEW_HEARING_OVERDUE", facts: dict[str, list[dict[str, Any]]] | None = None, both: bool = False,
    **anchors: Any,
) -> list[dict[str, Any]]:  # fmt: skip
    """The spans of one code for one order on which these terms were set; `both`: with all rules of the pack."""
    order = {
        "order": ORDER, "person": PERSON, "pack": "zz_state", "zone": "America/Chicago", "court": COURT,
        "court_code": "north-3", "county": "Lake", "recorded_at": LONG_AGO, "ordered_on": ordered_on, **anchors,
    }  # fmt: skip
    rows = {"orders": [order], "terms": [{"order": ORDER, "recorded_at": LONG_AGO, **term} for term in terms]}
    frames = {name: build(name, found) for name, found in {**rows, **(facts or {})}.items()}
    asked = {code} if code != WEAKER else {WEAKER, "ENROLLMENT_OVERDUE", "CONTACT_OVERDUE"}
    few = [rule for rule in packs.rules["zz_state"] if both or rule.code in asked]
    alone = replace(packs, rules={"zz_state": few})
    return evaluate(FactFrames.of(frames), alone, known_at).filter(code=code).to_dicts()


def days(span: dict[str, Any], since: date = MARCH) -> int:
    """How many days the deadline of a span was."""
    return int((span["due_on"] - since).days)


def sets(source: str, number: int | None, **more: Any) -> dict[str, Any]:
    """A number that a level sets for the review, under its own name."""
    return {"source": source, "term": REVIEW, "number": number, "cite": f"{source} text", **more}


STATE, COUNTY, OFFICE, BENCH, THIS = (
    "value: 90", sets("county_policy", 60), sets("local_policy", 50), sets("court_policy", 45), sets("order", 30),
)  # fmt: skip


def absence(number: int, on: date) -> dict[str, Any]:
    recorded = datetime(on.year, on.month, on.day, 18, tzinfo=UTC)
    return {
        "id": number, "person": PERSON, "on": on, "recorded_at": recorded, "program": 9, "outcome": "absent",
        "kind": "group", "source": "provider",
    }  # fmt: skip
