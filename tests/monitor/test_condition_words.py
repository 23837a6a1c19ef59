"""The sheet of codes: every code in both languages, at grade 8 or lower, about nobody."""

from __future__ import annotations

import pytest

from monitor.condition_words import FOR, LANGUAGES, sheet
from monitor.models.order import CODED_CONDITIONS, LOCAL_CONDITIONS
from tests.rules.readability import fernandez_huerta, grade


def texts(language: str) -> list[str]:
    found = sheet(language)
    return [found.intro, found.change, found.end, *(f"{one.means} {one.broken}" for one in found.codes)]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_code_of_an_order_is_explained(language: str) -> None:
    found = sheet(language)
    assert [one.code for one in found.codes] == list(FOR)
    assert set(FOR) == {*CODED_CONDITIONS, *LOCAL_CONDITIONS}
    assert all(one.name and one.means and one.broken for one in found.codes)
    assert "911" in found.end


@pytest.mark.parametrize("text", texts("en"), ids=lambda text: text[:30])
def test_the_english_sheet_reads_at_grade_eight_or_lower(text: str) -> None:
    assert grade(text) <= 8


@pytest.mark.parametrize("text", texts("es"), ids=lambda text: text[:30])
def test_the_spanish_sheet_reads_at_grade_eight_or_lower(text: str) -> None:
    assert fernandez_huerta(text) >= 60
