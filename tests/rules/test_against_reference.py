"""The engine says what the naive reference says, on random cases of every theme, at several moments."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rules.pack_files import Packs
from rules.packs import load
from tests.rules import cases, cases_people, cases_programs
from tests.rules.agreement import Disagreement, disagreements, smallest

THEMES = {
    "absences": (cases.absence_cases, ["base", "us_ca", "us_ga", "us_ok", "us_wa", "us_fl"]),
    "coverage": (cases_programs.coverage_cases, ["base", "us_ca", "us_wa", "us_nv"]),
    "enrollment": (
        cases_programs.enrollment_cases,
        ["base", "us_ca", "us_fl", "us_me", "us_tx", "us_nc", "us_or", "us_nm", "us_tn"],
    ),
    "completion": (
        cases_programs.completion_cases,
        ["base", "us_ca", "us_ga", "us_nc", "us_az", "us_il", "us_mn", "us_ri", "us_or", "us_wa"],
    ),
    "contacts": (cases_people.contact_cases, ["us_pa", "us_nd", "us_id", "us_mo", "us_ny", "us_tx"]),
    "check_ins": (cases_people.check_in_cases, ["base"]),
    "incidents": (cases_people.incident_cases, ["base", "us_ca"]),
    "firearms": (cases_people.firearm_cases, ["us_ca", "us_wa"]),
}
EACH = 3  # cases of each theme in one run of the engine, which takes many people as easily as one
# Shrinking is done by dropping facts (agreement.smallest), which finds smaller cases than shrinking a batch would.
ONLY_GENERATE = settings(
    deadline=None, database=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


@cache
def packs() -> Packs:
    return load()


def batches(theme: str, size: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    make, names = THEMES[theme]
    return st.lists(st.sampled_from(names).flatmap(make), min_size=size, max_size=size)


def assert_agree(made: st.SearchStrategy[list[dict[str, Any]]], examples: int, *, derandomize: bool) -> None:
    """Look for the first disagreement, and tell the smallest case that shows it."""
    found: list[Disagreement] = []

    @settings(ONLY_GENERATE, max_examples=examples, derandomize=derandomize)
    @given(made, cases.readings())
    def look(batch: list[dict[str, Any]], moments: list[tuple[str, str | None]]) -> None:
        if not found:
            found.extend(islice(disagreements(batch, moments, packs()), 1))

    look()
    assert not found, "engine and reference differ\n" + smallest(found[0], packs()).text()


def test_engine_and_reference_agree() -> None:
    mixed = st.tuples(*(batches(theme, EACH) for theme in THEMES)).map(
        lambda parts: [one for part in parts for one in part]
    )
    assert_agree(mixed, 5, derandomize=True)


@pytest.mark.slow
@pytest.mark.parametrize("theme", THEMES)
def test_engine_and_reference_agree_on_many_more_cases(theme: str) -> None:
    assert_agree(batches(theme, 20), 60, derandomize=False)
