"""Every scenario file passes through `check`, and on the naive reference too."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
import pytest

from rules.scenarios.check import CheckResult, check
from rules.scenarios.document import Document
from rules.scenarios.matching import Reading, failures
from rules.scenarios.shape import Evaluation, ExpectedFlag, Scenario
from tests.rules.scenario_files import BESIDE, OURS, by_reference, scenarios

FILES = [*OURS, *BESIDE]
# Scenarios that we believe wrong, with the reason and the provision. They stay failing and are not bent to pass.
DISPUTED: dict[str, str] = {}
CASES = [pytest.param(document, scenario, id=scenario.id) for document, scenario in scenarios()]


@cache
def checked() -> CheckResult:
    """All files in one run: the engine takes many people as easily as one."""
    return check(FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_the_engine_passes_every_scenario_of_the_kinds_that_are_built(file: Path) -> None:
    assert checked().passed > 0
    faults = [line for line in checked().faults if line.startswith(f"{file}:")]
    assert [line for line in faults if not any(f" {name} " in line for name in DISPUTED)] == []


@pytest.mark.parametrize(("document", "scenario"), CASES)
def test_the_reference_passes_every_scenario(document: Document, scenario: Scenario) -> None:
    readings = by_reference(document, scenario)
    found = [list(failures(scenario, *pair)) for pair in zip(scenario.evaluate, readings, strict=True)]
    assert found == [[] for _ in readings]


@pytest.mark.parametrize(("document", "scenario"), CASES)
def test_changing_any_written_field_makes_a_scenario_fail(document: Document, scenario: Scenario) -> None:
    for evaluation, reading in zip(scenario.evaluate, by_reference(document, scenario), strict=True):
        for number, flag in enumerate(evaluation.expect):
            for altered in alterations(flag):
                assert fails(scenario, with_flag(evaluation, number, altered), reading), altered


@pytest.mark.parametrize(("document", "scenario"), CASES)
def test_leaving_out_a_flag_or_adding_one_makes_a_scenario_fail(document: Document, scenario: Scenario) -> None:
    for evaluation, reading in zip(scenario.evaluate, by_reference(document, scenario), strict=True):
        for number in range(len(evaluation.expect)):
            fewer = [flag for other, flag in enumerate(evaluation.expect) if other != number]
            more = [*evaluation.expect, evaluation.expect[number]]
            assert fails(scenario, msgspec.structs.replace(evaluation, expect=fewer), reading)
            assert fails(scenario, msgspec.structs.replace(evaluation, expect=more), reading)


def fails(scenario: Scenario, evaluation: Evaluation, reading: Reading) -> bool:
    return bool(list(failures(scenario, evaluation, reading)))


def with_flag(evaluation: Evaluation, number: int, flag: ExpectedFlag) -> Evaluation:
    expect = [flag if other == number else one for other, one in enumerate(evaluation.expect)]
    return msgspec.structs.replace(evaluation, expect=expect)


def alterations(flag: ExpectedFlag) -> list[ExpectedFlag]:
    """The flag with one written field changed, once for each field."""
    changed = {
        "owner": "victim",
        "about": "somebody_else",
        "order": "another_order",
        "first_on": "1999-12-31",
        "due": "1999-12-31",
        "earliest": "1999-12-31",
        "window_from": "1999-12-31",
        "window_to": "1999-12-31",
        "unit": "fathoms",
        "severity": "none",
        "basis": "rumour",
        "of_code": "DATA_CONFLICT",
        "route_to": "nobody",
        "mitigation": ["none"],
        "remedy": ["none"],
        "evidence": ["another"],
        "counter": ["another"],
    }
    numbers = ("count", "limit", "have", "need", "days_late")
    written = {name for name in (*changed, *numbers) if getattr(flag, name) is not None}
    values = {name: changed.get(name, 9_999) for name in written}
    return [msgspec.structs.replace(flag, **{name: value}) for name, value in values.items()]
