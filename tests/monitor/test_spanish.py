"""The flag's page in Spanish lacks no word, and reads no harder than the English one."""

from __future__ import annotations

import re

import pytest

from monitor.flag_review import spanish
from monitor.flag_review.rows import NAMES, OF_A_DAY, OF_AN_INSTANT
from monitor.flag_review.words import CLASSES, CONFIDENCE, OWNERS, WRONG
from tests.rules.readability import fernandez_huerta

SAID = ("outcome", "decision", "why", "event", "kind", "result", "state", "method")


def vocabulary() -> set[str]:
    """Every word that a row behind a flag may say."""
    found = set()
    for entity, _name, _when, *columns in (*OF_A_DAY, *OF_AN_INSTANT):
        names = {getattr(column, "key", "") for column in columns}
        for constraint in entity.__table__.constraints:
            for column, words in re.findall(r"(\w+) in \(([^)]*)\)", str(getattr(constraint, "sqltext", ""))):
                found |= set(re.findall(r"'(\w+)'", words)) if column in names & set(SAID) else set()
    return found


def test_every_word_of_a_row_has_its_spanish_one() -> None:
    assert len(vocabulary()) > 60
    assert vocabulary() - spanish.WORDS.keys() == set()
    assert NAMES.keys() == spanish.NAMES.keys()


def test_owners_classes_and_grounds_are_all_there() -> None:
    assert (spanish.OF_OWNER.keys(), spanish.OF_CLASS.keys()) == (OWNERS.keys(), CLASSES.keys())
    assert spanish.SURE.keys() == CONFIDENCE.keys()
    assert [len(lines) for lines in spanish.WRONG_ES] == [len(lines) for _, lines in WRONG]


@pytest.mark.parametrize("lines", [*spanish.WRONG_ES, spanish.OTHERWISE], ids=lambda lines: lines[0])
def test_what_would_make_it_wrong_reads_at_grade_eight_or_lower(lines: tuple[str, ...]) -> None:
    assert fernandez_huerta(" ".join(lines)) >= 60
