"""Running scenarios through the engine: their frames in, the open flags of each reading out.

One run of the engine takes all readings of all scenarios at once, each as a person of its own who has only the records
known at that reading: what is recorded later changes nothing. A run costs the same for one person as for thousands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from rules.calendar_table import instant_number
from rules.evaluate import evaluate, read_spans, set_up
from rules.frames import FactFrames, build
from rules.pack_files import Packs
from rules.refusals import sound
from rules.scenarios.laying import Laid, laid
from rules.scenarios.matching import Reading
from rules.scenarios.moments import reading_moment
from rules.scenarios.shape import Evaluation, Scenario
from rules.tallies import tally_of

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
IDS_APART = 100_000
CERTAIN, UNVERIFIED, BROKEN = "CERTAIN", "UNVERIFIED", "CANNOT_EVALUATE"
Outcome = list[Reading] | str


@dataclass(frozen=True)
class Plan:
    """One reading of one scenario, laid out as a person of its own."""

    laid: Laid
    at: datetime
    known_at: datetime
    counted: bool = True

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a frame that were recorded by then."""
        rows = self.laid.rows.get(name, [])
        return [row for row in rows if "recorded_at" not in row or row["recorded_at"] <= self.known_at]


def outcomes(scenarios: Sequence[Scenario], packs: Packs) -> list[Outcome]:
    """For each scenario its readings in order, or why it could not be run."""
    if not scenarios:
        return []
    try:
        read = iter(readings(planned(scenarios), packs))
        return [[next(read) for _ in scenario.evaluate] for scenario in scenarios]
    except Exception as error:  # whatever breaks on one scenario must not hide the others
        if len(scenarios) == 1:
            return [f"{type(error).__name__}: {error}"]
    half = len(scenarios) // 2
    return [*outcomes(scenarios[:half], packs), *outcomes(scenarios[half:], packs)]


def planned(scenarios: Sequence[Scenario]) -> list[Plan]:
    """Every reading of every scenario, in order."""
    pairs = [(scenario, evaluation) for scenario in scenarios for evaluation in scenario.evaluate]
    return [plan(scenario, evaluation, number) for number, (scenario, evaluation) in enumerate(pairs)]


def plan(scenario: Scenario, evaluation: Evaluation, number: int = 0) -> Plan:
    """One reading as the person with that number."""
    zone = scenario.case.time_zone
    known_at = reading_moment(evaluation.known_at or evaluation.as_of, zone)
    found = laid(scenario, person=number + 1, first_id=number * IDS_APART)
    return Plan(found, reading_moment(evaluation.as_of, zone), known_at, evaluation.tally is not None)


def readings(plans: Sequence[Plan], packs: Packs) -> list[Reading]:
    """What the engine shows at each of the planned readings, from one run."""
    return list(each_reading(plans, packs))


def each_reading(plans: Sequence[Plan], packs: Packs) -> Iterator[Reading]:
    """The same one by one, for whoever stops at the first that is wrong."""
    names = {name for one in plans for name in one.laid.rows}
    rows = {name: [row for one in plans for row in one.rows(name)] for name in names}
    facts = FactFrames.of({name: build(name, found) for name, found in rows.items()})
    known_at = max(one.known_at for one in plans)
    spans = evaluate(facts, packs, known_at, signed=False)
    scene, _ = set_up(sound(facts, packs, known_at)[0], packs, known_at, known_at.date())
    of_each = spans.partition_by("person", as_dict=True)
    for one in plans:
        counts = tally_of(scene, instant_number(one.at)) if one.counted else None
        yield reading_of(one, of_each.get((one.laid.person,), spans.clear()), counts)


def reading_of(one: Plan, spans: pl.DataFrame, counts: pl.DataFrame | None) -> Reading:
    """What one planned reading shows. `spans`: those of its person."""
    rows = read_spans(spans, one.at).to_dicts()
    return Reading(
        flags=[flag_of(one.laid, row) for row in rows if row["certainty"] == CERTAIN],
        unverified=frozenset(row["code"] for row in rows if row["certainty"] == UNVERIFIED),
        tally={} if counts is None else tally_in(one, counts),
        broken=frozenset(row["code"] for row in rows if row["certainty"] == BROKEN),
    )


def tally_in(one: Plan, counts: pl.DataFrame) -> dict[str, int]:
    """The counts of the first supervising order."""
    first = min(number for (sort, _), number in one.laid.ids.items() if sort == "order")
    rows = counts.filter(pl.col("order") == first).to_dicts()
    return {name: value for name, value in (rows[0] if rows else {}).items() if name != "order"}


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
