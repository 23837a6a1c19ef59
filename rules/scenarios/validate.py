"""The checks that a shape cannot hold: references, zones, the order of events and records, and sane expectations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from rules.scenarios.document import Document, Problem
from rules.scenarios.shape import Scenario
from rules.scenarios.shaping import shaped
from rules.scenarios.validate_expectations import expectations_make_sense
from rules.scenarios.validate_facts import (
    facts_come_in_order,
    names_are_known,
    offsets_are_own,
    orders_are_whole,
    zone_exists,
)
from rules.scenarios.validate_terms import terms_have_their_unit

Check = Callable[[Document, Scenario], Iterable[Problem]]
CHECKS: list[Check] = [
    orders_are_whole,
    names_are_known,
    offsets_are_own,
    facts_come_in_order,
    terms_have_their_unit,
    expectations_make_sense,
]


def validated(document: Document) -> tuple[Scenario | None, list[Problem]]:
    """The scenario if it may be run, and otherwise None and every reason why not."""
    if not document.readable:
        return None, document.problems
    scenario, problems = shaped(document)
    problems = [*document.problems, *problems]
    if scenario is None:
        return None, problems
    problems.extend(zone_exists(document, scenario))
    if not problems:
        problems = [problem for check in CHECKS for problem in check(document, scenario)]
    return (None, problems) if problems else (scenario, [])


def ids_are_unique(documents: Iterable[Document]) -> Iterator[Problem]:
    """A scenario's id names it alone, across all files that are checked together."""
    seen: dict[object, Document] = {}
    for document in documents:
        name = document.data.get("id") if isinstance(document.data, dict) else None
        if not isinstance(name, str):
            continue
        if name in seen:
            first = seen[name]
            yield document.problem(("id",), f"The id {name} is taken: {first.file}:{first.line(('id',))}.")
        seen.setdefault(name, document)
