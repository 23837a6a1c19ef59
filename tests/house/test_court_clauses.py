"""docs/court-clauses.md: each sentence asked of the desk has a test that is there, or says why it does not hold."""

from __future__ import annotations

import re

from tests.house.named_tests import TEST, gone
from tests.house.the_house import ROOT

PAGE = (ROOT / "docs/court-clauses.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (?!sentence|---)(.+?) \| (.+) \|$", PAGE, re.M)


def test_every_test_named_is_there():
    assert not gone(PAGE), "Renamed or gone"


def test_each_sentence_has_its_test_or_says_why_not():
    assert len(ROWS) > 50
    for sentence, said in ROWS:
        assert TEST.search(said) or len(said) > 60, f"{sentence}: neither a test nor a reason"
