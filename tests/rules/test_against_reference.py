"""The engine says what the naive reference says, on random cases of every theme, at several moments."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rules.packs import Packs, load
from tests.rules import cases, cases_people, cases_programs
from tests.rules.agreement import assert_agreement

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
BATCH = 12  # one run of the engine takes many people as easily as one
# Shrinking is done by dropping facts (agreement.smallest), which finds smaller cases than shrinking a batch would.
ONLY_GENERATE = settings(
    deadline=None, database=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


@cache
def packs() -> Packs:
    return load()


def batches(theme: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    make, names = THEMES[theme]
    return st.lists(st.sampled_from(names).flatmap(make), min_size=BATCH, max_size=BATCH)


@pytest.mark.parametrize("theme", THEMES)
def test_engine_and_reference_agree(theme: str) -> None:
    @settings(ONLY_GENERATE, max_examples=5)
    @given(batches(theme), cases.readings())
    def agree(made: list[dict[str, Any]], moments: list[tuple[str, str | None]]) -> None:
        assert_agreement(made, moments, packs())

    agree()


@pytest.mark.slow
@pytest.mark.parametrize("theme", THEMES)
def test_engine_and_reference_agree_on_many_more_cases(theme: str) -> None:
    @settings(ONLY_GENERATE, max_examples=100, derandomize=False)
    @given(batches(theme), cases.readings())
    def agree(made: list[dict[str, Any]], moments: list[tuple[str, str | None]]) -> None:
        assert_agreement(made, moments, packs())

    agree()
