"""A flag has the same key in every release: what somebody decided on it hangs on that key and would be lost with it.

`keys.yaml` holds, for every code, one reading of a worked case and the keys of the flags that are open there. A key
that must change needs a migration of what was decided, and then its line here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from rules.catalogue import CATALOGUE
from rules.evaluate import evaluate, read_spans
from rules.frames import FactFrames, build
from rules.packs import load
from rules.scenarios.running import Plan, plan
from tests.rules.scenario_files import scenarios

SLEEPING = {"WARRANT_OUT_TOO_LONG", "TERMS_NOT_ENTERED"}  # of ours, off in every pack
KEPT: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("keys.yaml").read_text(encoding="utf-8"))


def plans() -> Iterator[tuple[str, Plan]]:
    """The reading of each code (or "CODE in us_xx"), laid out as the person whose number stands beside it."""
    named = {scenario.id: scenario for _, scenario in scenarios()}
    for label, told in KEPT.items():
        scenario = named[told["case"]]
        yield label, plan(scenario, scenario.evaluate[told["reading"]], told["number"])


@cache
def found() -> dict[str, list[str]]:
    """label: the keys of its flags that are open at its reading, from one run of the engine."""
    asked = dict(plans())
    names = {name for one in asked.values() for name in one.laid.rows}
    rows = {name: [row for one in asked.values() for row in one.rows(name)] for name in names}
    facts = FactFrames.of({name: build(name, held) for name, held in rows.items()})
    spans = evaluate(facts, load(), max(one.known_at for one in asked.values()), signed=False)
    open_ones = {
        label: read_spans(spans.filter(of_code(label) & (pl.col("person") == one.laid.person)), one.at)
        for label, one in asked.items()
    }
    return {label: sorted(told.get_column("key").unique()) for label, told in open_ones.items()}


def of_code(label: str) -> pl.Expr:
    return pl.col("code") == label.partition(" ")[0]


def test_every_code_has_keys_to_keep() -> None:
    assert {label.partition(" ")[0] for label in KEPT} == set(CATALOGUE) - SLEEPING


@pytest.mark.parametrize("label", sorted(KEPT))
def test_the_keys_of_a_flag_are_those_of_the_last_release(label: str) -> None:
    assert KEPT[label]["keys"]
    assert found()[label] == KEPT[label]["keys"]
