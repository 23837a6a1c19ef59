"""Running a scenario through the engine: its frames in, the open flags of each reading out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rules.evaluate import evaluate, read_spans, tally
from rules.packs import Packs
from rules.scenarios.laying import Laid, laid
from rules.scenarios.matching import Reading
from rules.scenarios.moments import reading_moment
from rules.scenarios.shape import Evaluation, Scenario

AS_THEY_ARE = (
    "code",
    "owner",
    "earliest",
    "clears_on",
    "window_from",
    "window_to",
    "count",
    "limit",
    "have",
    "need",
    "days_late",
    "unit",
    "severity",
    "basis",
    "route_to",
    "of_code",
    "mitigation",
    "remedy",
)
UNVERIFIED = "UNVERIFIED"


def readings(scenario: Scenario, packs: Packs) -> list[Reading]:
    """What the engine shows at each reading of a scenario, in its order."""
    found = laid(scenario)
    return [_reading(found, evaluation, packs, scenario.case.time_zone) for evaluation in scenario.evaluate]


def _reading(found: Laid, evaluation: Evaluation, packs: Packs, zone: str) -> Reading:
    at = reading_moment(evaluation.as_of, zone)
    known_at = reading_moment(evaluation.known_at or evaluation.as_of, zone)
    return read_at(found, packs, at, known_at, counted=evaluation.tally is not None)


def read_at(found: Laid, packs: Packs, at: datetime, known_at: datetime, *, counted: bool = True) -> Reading:
    """The open flags, the codes without an answer and, if asked for, the tally of the first order, at one moment."""
    facts = found.frames()
    rows = read_spans(evaluate(facts, packs, known_at, signed=False), at).to_dicts()
    counts = tally(facts, packs, known_at, at).sort("order").to_dicts() if counted else []
    return Reading(
        flags=[flag_of(found, row) for row in rows if row["certainty"] != UNVERIFIED],
        unverified=frozenset(row["code"] for row in rows if row["certainty"] == UNVERIFIED),
        tally={name: value for name, value in (counts[0] if counts else {}).items() if name != "order"},
    )


def flag_of(found: Laid, row: dict[str, Any]) -> dict[str, Any]:
    """A row of `read_spans` in the words of the format."""
    flag = {name: row[name] for name in AS_THEY_ARE}
    flag["order"] = found.names.get(row["order"])
    flag["about"] = found.names.get(row["about"])
    flag["first_on"] = row["first_at"] or row["first_on"]
    flag["due"] = row["due_at"] or row["due_on"]
    for name in ("evidence", "counter"):
        flag[name] = [found.names.get(number, str(number)) for number in row[name] or []]
    return flag
