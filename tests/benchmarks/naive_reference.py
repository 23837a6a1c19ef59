"""The engine against the naive row-by-row reference of `tests/rules/reference`: processor time a person.

The same random cases, about ten facts each, all packs' rules, read on one day. The reference takes each by itself; the
engine takes them in one run, once as they are and once many times over: a run costs nearly the same for a few as for
thousands. Laying the cases out as frames is left out on the engine's side; reading its records is part of a reference.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rules import packs
from rules.evaluate import evaluate, read_spans
from rules.frames import FactFrames, build
from tests.benchmarks.measure import in_child, tell
from tests.rules.agreement import plans
from tests.rules.reference.reading import read
from tests.rules.test_against_reference import THEMES, batches

EACH: Final = 1  # cases of each theme in one draw
DRAWS: Final = 25
COPIES: Final = 50
MOMENT: Final = ("2026-08-31", None)
Case = dict[str, Any]


def cases() -> list[Case]:
    """The same cases in every run."""
    drawn: list[Case] = []
    mixed = st.tuples(*(batches(theme, EACH) for theme in THEMES))
    few = settings(
        max_examples=DRAWS, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip

    @few
    @given(mixed)
    def draw(parts: tuple[list[Case], ...]) -> None:
        drawn.extend(case for part in parts for case in part)

    draw()
    return drawn


def by_reference() -> dict[str, Any]:
    """Each case by itself."""
    made = cases()
    spent, flags = _timed(lambda: sum(len(read(case, *MOMENT)["flags"]) for case in made))
    return {"people": len(made), "flags": flags, "cpu_s": spent}


def by_engine(copies: int) -> dict[str, Any]:
    """All cases, so many times over, in one run."""
    laid = plans(cases() * copies, MOMENT)
    names = {name for one in laid for name in one.laid.rows}
    facts = FactFrames.of({name: build(name, [row for one in laid for row in one.rows(name)]) for name in names})
    switched_on, at = packs.load(), laid[0].at
    spent, flags = _timed(
        lambda: sum(read_spans(evaluate(facts, switched_on, at, signed=False), at)["certainty"] == "CERTAIN")
    )
    return {"people": len(laid), "flags": flags, "cpu_s": spent}


def _timed(work: Callable[[], int]) -> tuple[float, int]:
    began = time.process_time()
    found = work()
    return round(time.process_time() - began, 3), found


def run() -> dict[str, Any]:
    """One line: processor milliseconds a person of each, and how many times faster the engine is."""
    reference = in_child(by_reference).result
    few, many = (in_child(by_engine, copies, threads=1).result for copies in (1, COPIES))
    told = {name: round(one["cpu_s"] / one["people"] * 1000, 3) for name, one in
            {"reference": reference, "few": few, "many": many}.items()}  # fmt: skip
    return tell(
        "naive_reference", people=reference["people"], people_of_many=many["people"], flags=reference["flags"],
        engine_flags=few["flags"], reference_ms=told["reference"], engine_ms=told["few"], engine_many_ms=told["many"],
        times_faster=round(told["reference"] / told["few"], 1),
        times_faster_many=round(told["reference"] / told["many"], 1),
    )  # fmt: skip


if __name__ == "__main__":
    run()
