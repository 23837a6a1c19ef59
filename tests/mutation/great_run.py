"""Every situation, every scenario and some random cases with the naive reference's answer, in one run of the engine.

The same assertions as `tests/rules/kinds`, `test_scenarios` and `test_against_reference`, laid together because a run
costs the same for one person as for hundreds. What it asks is prepared before a fault is put in; only the engine runs
after.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

from hypothesis import given, seed, settings

from rules.pack_files import Packs
from rules.scenarios.matching import Reading, failures
from rules.scenarios.running import Plan, each_reading, plan
from rules.scenarios.shape import Evaluation
from tests.rules import cases
from tests.rules.agreement import at, differing, shaped, wanted
from tests.rules.kinds import situations
from tests.rules.scenario_files import scenarios
from tests.rules.test_against_reference import EACH, ONLY_GENERATE, THEMES, batches

Judge = Callable[[Reading], list[str]]
FIRST = {"base", "us_ca"}
KINDS = Path(__file__).parents[1] / "rules" / "kinds"


class GreatRun:
    """What is asked of the engine, and who judges each answer."""

    def __init__(self, packs: Packs, examples: int = 2, first: int = 1, *, short: bool = False) -> None:
        """`short`: the situations alone, which are ready at once."""
        self.packs = packs
        self.plans: list[Plan] = []
        self.judges: list[Judge] = []
        more = [] if short else [*of_scenarios(), *of_reference(examples, first)]
        told = list(of_situations())
        self.situations = len(told)
        for one, judge in [*told, *more]:
            self.plans.append(one(len(self.plans)))
            self.judges.append(judge)

    def faults(self) -> Iterator[str]:
        """What the engine says that it must not, or does not say.

        The situations are asked first, which takes a fifth of the time, then the rest of two packs, then all others.
        """
        first = [{row["pack"] for row in one.laid.rows["orders"]} <= FIRST for one in self.plans]
        turn = [0 if n < self.situations else 1 if one else 2 for n, one in enumerate(first)]
        for now in sorted(set(turn)):
            here = [n for n, one in enumerate(turn) if one == now]
            found = each_reading([self.plans[n] for n in here], self.packs)
            for n, reading in zip(here, found, strict=True):
                yield from self.judges[n](reading)


Ask = tuple[Callable[[int], Plan], Judge]


def of_situations() -> Iterator[Ask]:
    """The tables of `tests/rules/kinds`."""
    for file in sorted(KINDS.glob("test_*.py")):
        module = importlib.import_module(f"tests.rules.kinds.{file.stem}")
        for one in getattr(module, "TABLE", []):
            yield of_situation(one, module.CODES)


def of_situation(one: situations.Situation, codes: set[str]) -> Ask:
    """One situation, judged as its own test does."""

    def judge(reading: Reading) -> list[str]:
        try:
            situations.check(one, reading, codes)
        except AssertionError:
            return [f"situation: {one.says}"]
        return []

    moment = Evaluation(as_of=one.as_of, expect=[], known_at=one.known_at)
    scenario = situations.scenario_of(one)
    return (lambda number: plan(scenario, moment, number)), judge


def of_scenarios() -> Iterator[Ask]:
    """Every reading of every scenario file."""
    for _, scenario in scenarios():
        for moment in scenario.evaluate:
            yield (
                (lambda number, scenario=scenario, moment=moment: plan(scenario, moment, number)),
                (lambda reading, scenario=scenario, moment=moment: list(failures(scenario, moment, reading))),
            )


def of_reference(examples: int, first: int) -> Iterator[Ask]:
    """Random cases of every theme, the same for the same `first` seed."""
    for number in range(examples):
        for theme in THEMES:
            for case, moment in drawn(theme, first + number):
                scenario, said = shaped(case), wanted(case, moment)
                yield (
                    (lambda n, scenario=scenario, moment=moment: plan(scenario, at(moment), n)),
                    (lambda reading, said=said: differing(said, reading)),
                )


def drawn(theme: str, number: int) -> list[tuple[dict, tuple[str, str | None]]]:
    """The cases of one seed, each at one of its moments."""
    kept: list[tuple[dict, tuple[str, str | None]]] = []

    @seed(number)
    @settings(ONLY_GENERATE, max_examples=3, derandomize=False)
    @given(batches(theme, EACH), cases.readings())
    def look(batch: list[dict], moments: list[tuple[str, str | None]]) -> None:
        kept.extend((case, moments[n % len(moments)]) for n, case in enumerate(batch))

    look()
    return kept
