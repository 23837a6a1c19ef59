"""Where the scenario files are, and how the naive reference reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rules.scenarios.document import Document, documents
from rules.scenarios.matching import Reading
from rules.scenarios.shape import Scenario
from rules.scenarios.validate import validated
from tests.rules.reference.reading import read

ROOT = Path(__file__).parents[2]
OURS = sorted((ROOT / "tests" / "scenarios").glob("*.yaml"))
# The wider collection lies beside the checkout where it is handed out; it is no part of the repository.
BESIDE = sorted((ROOT.parent / "shared" / "rules" / "scenarios").glob("*.yaml"))


def scenarios() -> Iterator[tuple[Document, Scenario]]:
    """Every valid scenario that there is."""
    for file in [*OURS, *BESIDE]:
        for document in documents(file):
            scenario, _ = validated(document)
            if scenario is not None:
                yield document, scenario


_read: dict[int, tuple[Document, list[Reading]]] = {}


def by_reference(document: Document, scenario: Scenario) -> list[Reading]:
    """What the naive reference shows at each reading; worked out once for all tests that compare with it."""
    if id(document) not in _read:
        found = [read(document.data, one.as_of, one.known_at) for one in scenario.evaluate]
        readings = [Reading(one["flags"], frozenset(one["unverified"]), one["tally"]) for one in found]
        _read[id(document)] = document, readings
    return _read[id(document)][1]
