"""`monitor rules check`: validate scenario files, run them, and say in one line each what is not as expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rules.catalogue import CATALOGUE
from rules.evaluate import KINDS
from rules.pack_files import Packs
from rules.packs import load
from rules.scenarios.document import Document, documents
from rules.scenarios.matching import failures, scope
from rules.scenarios.running import Outcome, outcomes
from rules.scenarios.shape import Scenario
from rules.scenarios.validate import ids_are_unique, validated

Runner = Callable[[list[Scenario]], list[Outcome]]
Waits = Callable[[Scenario], list[str]]


@dataclass
class CheckResult:
    """What a check found. `lines` are ready to print; the last one counts the scenarios."""

    passed: int = 0
    failed: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not self.faults

    def lines(self) -> Iterator[str]:
        """One line per failing expectation, then the count."""
        yield from self.faults
        yield f"{self.passed} passed, {self.failed} failed"

    def add(self, faults: list[str]) -> None:
        """One more scenario, with what is wrong with it."""
        self.faults.extend(faults)
        self.passed += not faults
        self.failed += bool(faults)


def check(paths: Iterable[Path], packs_dir: Path | None = None) -> CheckResult:
    """Run scenario files against our packs, or ours with another folder's laid over them."""
    packs = load(packs_dir) if packs_dir else load()
    return check_with(paths, lambda scenarios: outcomes(scenarios, packs), lambda scenario: waits_for(scenario, packs))


def check_with(paths: Iterable[Path], run: Runner, waits: Waits = lambda scenario: []) -> CheckResult:
    """The same with any runner of scenarios (the tests give the naive reference)."""
    result = CheckResult()
    found = [document for path in paths for document in documents(path)]
    taken = [str(problem) for problem in ids_are_unique(found)]
    if taken:
        result.add(taken)
    ready = [pair for document in found if (pair := _ready(document, waits, result))]
    for (document, scenario), outcome in zip(ready, run([scenario for _, scenario in ready]), strict=True):
        result.add(list(_faults(document, scenario, outcome)))
    return result


def _ready(document: Document, waits: Waits, result: CheckResult) -> tuple[Document, Scenario] | None:
    """The scenario if it can be run; otherwise the result says why not."""
    scenario, problems = validated(document)
    if scenario is None:
        result.add([str(problem) for problem in problems])
        return None
    missing = waits(scenario)
    if missing:
        place = f"{document.file}:{document.line(())}"
        result.add([f"{place}: {scenario.id} needs {', '.join(missing)}, which is not here."])
        return None
    return document, scenario


def _faults(document: Document, scenario: Scenario, outcome: Outcome) -> Iterator[str]:
    if isinstance(outcome, str):
        yield f"{document.file}:{document.line(())}: {scenario.id} could not be run: {outcome}"
        return
    for number, (evaluation, reading) in enumerate(zip(scenario.evaluate, outcome, strict=True)):
        known = f" known at {evaluation.known_at}" if evaluation.known_at else ""
        for text in failures(scenario, evaluation, reading):
            line = document.line(("evaluate", number))
            yield f"{document.file}:{line}: {scenario.id} as of {evaluation.as_of}{known}: {text}"


def waits_for(scenario: Scenario, packs: Packs) -> list[str]:
    """Packs and kinds of duty that a scenario needs and that are not built."""
    named = [scenario.pack] if isinstance(scenario.pack, str) else scenario.pack
    kinds = {CATALOGUE[code].kind for code in scope(scenario) if code in CATALOGUE}
    return [f"pack {pack}" for pack in named if pack not in packs.packs] + [
        f"kind {kind}" for kind in sorted(kinds - set(KINDS))
    ]
