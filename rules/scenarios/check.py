"""`monitor rules check`: validate scenario files, run them, and say in one line each what is not as expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rules.catalogue import CATALOGUE
from rules.kinds import BUILT
from rules.packs import Packs, load
from rules.scenarios.document import Document, documents
from rules.scenarios.matching import Reading, failures, scope
from rules.scenarios.running import readings
from rules.scenarios.shape import Scenario
from rules.scenarios.validate import ids_are_unique, validated

Runner = Callable[[Scenario], list[Reading]]


@dataclass
class CheckResult:
    """What a check found. `lines` are ready to print; the last one counts the scenarios."""

    passed: int = 0
    failed: int = 0
    waiting: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not self.faults

    def lines(self) -> Iterator[str]:
        """One line per failing expectation, one per waiting scenario, then the count."""
        yield from self.faults
        yield from self.waiting
        yield f"{self.passed} passed, {self.failed} failed"


def check(paths: Iterable[Path], packs_dir: Path | None = None) -> CheckResult:
    """Run scenario files against our packs, or ours with another folder's laid over them."""
    packs = load(packs_dir) if packs_dir else load()
    return check_with(paths, lambda scenario: readings(scenario, packs), lambda scenario: waits_for(scenario, packs))


def check_with(
    paths: Iterable[Path], run: Runner, waits: Callable[[Scenario], list[str]] = lambda scenario: []
) -> CheckResult:
    """The same with any runner of one scenario (the tests give the naive reference)."""
    result = CheckResult()
    found = [document for path in paths for document in documents(path)]
    result.faults.extend(str(problem) for problem in ids_are_unique(found))
    result.failed += bool(result.faults)
    for document in found:
        _check_one(document, run, waits, result)
    return result


def _check_one(document: Document, run: Runner, waits: Callable[[Scenario], list[str]], result: CheckResult) -> None:
    scenario, problems = validated(document)
    if scenario is None:
        result.faults.extend(str(problem) for problem in problems)
        result.failed += 1
        return
    missing = waits(scenario)
    if missing:
        result.waiting.append(f"{document.file}:{document.line(())}: {scenario.id} waits for {', '.join(missing)}")
        return
    faults = list(_run(document, scenario, run))
    result.faults.extend(faults)
    result.passed += not faults
    result.failed += bool(faults)


def _run(document: Document, scenario: Scenario, run: Runner) -> Iterator[str]:
    try:
        yield from _faults(document, scenario, run(scenario))
    except Exception as error:  # whatever breaks on one scenario must not hide the others
        where = f"{document.file}:{document.line(())}: {scenario.id}"
        yield f"{where} could not be run: {type(error).__name__}: {error}"


def _faults(document: Document, scenario: Scenario, read: list[Reading]) -> Iterator[str]:
    for number, (evaluation, reading) in enumerate(zip(scenario.evaluate, read, strict=True)):
        known = f" known at {evaluation.known_at}" if evaluation.known_at else ""
        for text in failures(scenario, evaluation, reading):
            line = document.line(("evaluate", number))
            yield f"{document.file}:{line}: {scenario.id} as of {evaluation.as_of}{known}: {text}"


def waits_for(scenario: Scenario, packs: Packs) -> list[str]:
    """Packs and kinds of duty that a scenario needs and that are not built."""
    named = [scenario.pack] if isinstance(scenario.pack, str) else scenario.pack
    kinds = {CATALOGUE[code].kind for code in scope(scenario) if code in CATALOGUE}
    return [f"pack {pack}" for pack in named if pack not in packs.packs] + [
        f"kind {kind}" for kind in sorted(kinds - BUILT)
    ]
