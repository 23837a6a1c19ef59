"""docs/desks.md says which test shows each sentence of what the desks were asked to be, and each test is there."""

from __future__ import annotations

import re

from tests.house.named_tests import TEST, gone
from tests.house.the_house import ROOT

PAGE = (ROOT / "docs/desks.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([1-9P])(\w) \| (.+?) \| (.+) \|$", PAGE, re.M)


def test_all_nine_points_and_the_proof_stand_there_and_each_names_a_test_or_says_why_none():
    assert list(dict.fromkeys(point for point, _, _, _ in ROWS)) == [*"123456789P"]
    for point, letter, asked, shown in ROWS:
        assert TEST.search(shown) or len(shown) > 60, f"{point}{letter} {asked}"


def test_every_test_named_is_there():
    assert TEST.search(PAGE) and not gone(PAGE), "Renamed or gone"
