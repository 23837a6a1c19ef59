"""Pages that name a test for each sentence asked of a desk, or say why it does not hold: officers', programs'."""

from __future__ import annotations

import re

import pytest

from tests.house.named_tests import TEST, gone
from tests.house.the_house import ROOT

OFFICER = (ROOT / "docs/officer.md").read_text(encoding="utf-8")
WALKS = {
    "officer": OFFICER[OFFICER.index("## For those who check it") :],
    "program": (ROOT / "docs/program-checked.md").read_text(encoding="utf-8"),
}


@pytest.mark.parametrize("desk", WALKS)
def test_every_test_named_is_there(desk):
    assert not gone(WALKS[desk]), "Renamed or gone"


@pytest.mark.parametrize("desk", WALKS)
def test_what_does_not_hold_says_why(desk):
    rows = [row for row in re.findall(r"^\| (.+?) \| (.+) \|$", WALKS[desk], re.M) if row[1] != "shown by"]
    assert len(rows) >= {"officer": 51, "program": 48}[desk]
    for sentence, said in rows:
        assert TEST.search(said) or "*not*" in said, f"{sentence} names no test"
        if "*not*" in said:
            assert len(TEST.sub("", said)) > 40, f"{sentence}: say why"
