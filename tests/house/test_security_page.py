"""docs/security.md names every requirement once, with tests that are there, or says why it is not met."""

from __future__ import annotations

import re

from tests.house.named_tests import TEST, gone
from tests.house.the_house import ROOT
from tests.monitor.planted_notes import MISSED

COUNTS = {"A": 18, "B": 10, "C": 15, "D": 13, "E": 13, "F": 12, "G": 10, "H": 7, "I": 9, "J": 12, "K": 6, "L": 9}
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([A-L]-\d\d) \| (\w[\w ]*) \| (.*) \|$", PAGE, re.M)


def test_every_requirement_stands_there_once():
    wanted = [f"{letter}-{number:02}" for letter, count in COUNTS.items() for number in range(1, count + 1)]
    assert len(wanted) == 134
    assert [name for name, _, _ in ROWS] == wanted


def test_every_test_named_is_there():
    assert not gone(PAGE), "Renamed or gone"


def test_what_is_held_has_its_test_and_what_is_not_its_reason():
    for name, state, said in ROWS:
        assert state in ("held", "in part", "open", "none"), name
        assert TEST.search(said) or state in ("open", "in part"), f"{name} names no test"
        if state != "held":
            assert len(TEST.sub("", said)) > 30, f"{name}: say what is missing"


def test_every_attack_class_of_the_standard_is_answered():
    assert [int(each) for each in re.findall(r"^\| V(\d+) ", PAGE, re.M)] == list(range(1, 18))


def test_the_misses_of_the_lint_are_told():
    assert all(note in PAGE for note in MISSED)
